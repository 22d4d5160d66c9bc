"""The engine that every node runs, whatever its kind."""
