"""What a shelter node is."""

from __future__ import annotations

from services.node.domain.functions import Kind
from services.node.profile import (
    ADMINISTRATION,
    CASEWORK,
    EXCHANGE,
    Profile,
)

PROFILE = Profile(
    kind=Kind.SHELTER,
    peers=EXCHANGE,
    local=ADMINISTRATION + CASEWORK,
)
"""Its services, by listener."""
