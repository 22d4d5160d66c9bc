"""The ministry's node: it accounts for the mechanism and sees no case."""
