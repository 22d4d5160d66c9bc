"""One person's way through the network, played through the nodes' own RPCs."""
