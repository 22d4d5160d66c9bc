"""Languages in which a free text is written."""

LANGUAGES = ("vi", "en", "fr", "zh", "km", "lo", "th", "ms")
"""BCP 47."""
