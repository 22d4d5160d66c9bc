"""What a province node is."""

from __future__ import annotations

from services.node.domain.functions import Kind
from services.node.profile import (
    ADMINISTRATION,
    CASEWORK,
    EXCHANGE,
    INTAKE,
    Profile,
)

PROFILE = Profile(
    kind=Kind.PROVINCE,
    peers=EXCHANGE,
    local=ADMINISTRATION + CASEWORK + INTAKE,
)
"""Its services, by listener."""
