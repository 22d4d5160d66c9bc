"""Run one: ``python -m services.province --config FILE``."""

from __future__ import annotations

import services.node.lean  # noqa: F401 - before anything that would import rich
from services.node.serve import main
from services.province.profile import PROFILE

if __name__ == "__main__":
    main(PROFILE)
