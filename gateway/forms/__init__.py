"""Forms: which fields an act has, and what somebody typed into them as values."""
