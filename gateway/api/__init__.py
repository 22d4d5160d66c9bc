"""The JSON API: what the console does, for a ministry's or a shelter's own programs."""
