"""Run one: ``python -m services.agency --config FILE``."""

from __future__ import annotations

import services.node.lean  # noqa: F401 - before anything that would import rich
from services.agency.profile import PROFILE
from services.node.serve import main

if __name__ == "__main__":
    main(PROFILE)
