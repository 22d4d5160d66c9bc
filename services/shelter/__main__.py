"""Run one: ``python -m services.shelter --config FILE``."""

from __future__ import annotations

import services.node.lean  # noqa: F401 - before anything that would import rich
from services.node.serve import main
from services.shelter.profile import PROFILE

if __name__ == "__main__":
    main(PROFILE)
