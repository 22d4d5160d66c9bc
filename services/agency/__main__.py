"""Run one: ``python -m services.agency --config FILE``."""

from __future__ import annotations

from services.agency.profile import PROFILE
from services.node.serve import main

if __name__ == "__main__":
    main(PROFILE)
