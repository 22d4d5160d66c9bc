"""A hotline centre's node: it takes calls and refers."""
