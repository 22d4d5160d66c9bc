"""What a ministry node is."""

from __future__ import annotations

from services.node.domain.functions import Kind
from services.node.profile import (
    ADMINISTRATION,
    COORDINATION,
    EXCHANGE,
    LETTERS,
    Profile,
)

PROFILE = Profile(
    kind=Kind.MINISTRY,
    peers=EXCHANGE + LETTERS,
    local=ADMINISTRATION + COORDINATION,
)
"""Its services, by listener."""
