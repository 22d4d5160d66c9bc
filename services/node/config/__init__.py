"""TOML into frozen values: what a node is told, and what a network declares."""
