"""Runs the command line: ``python -m services.cli``."""

import os

# Read once, when gRPC is imported. We start programs and never fork ourselves; with
# its support for forking, gRPC reports each start while a channel is open.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from services.cli.main import main

if __name__ == "__main__":
    main()
