"""The screens, one module each; they ask the node and render what it answers."""
