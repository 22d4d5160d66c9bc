"""A foreign liaison's node: it looks for persons and returns those who wish."""
