"""How widely the fault tests go: a sample in every run, everything when asked.

``make test-fault-long`` sets ``RELAIS_ALL_FAULTS``; its figures stand in
docs/delivery.md.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

ALL = "RELAIS_ALL_FAULTS" in os.environ
_SEED = int(os.environ.get("RELAIS_FAULT_SEED", "1"))


def some(of: Sequence[T], number: int) -> list[T]:
    """All of them, or so many by chance (``RELAIS_FAULT_SEED``), in their order."""
    if ALL or number >= len(of):
        return list(of)
    # The sample is to be the same again, not hard to guess.
    chosen = random.Random(_SEED).sample(range(len(of)), number)
    return [of[at] for at in sorted(chosen)]
