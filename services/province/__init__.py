"""A province's node: it answers for persons, hands over and receives."""
