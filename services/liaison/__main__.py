"""Run one: ``python -m services.liaison --config FILE``."""

from __future__ import annotations

from services.liaison.profile import PROFILE
from services.node.serve import main

if __name__ == "__main__":
    main(PROFILE)
