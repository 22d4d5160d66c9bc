"""The gateway of one member: screens and an interface over its own node."""
