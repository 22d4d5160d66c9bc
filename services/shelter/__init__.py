"""A shelter's node: it receives persons and accompanies them."""
