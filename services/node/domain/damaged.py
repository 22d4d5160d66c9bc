"""The one refusal of a file that is not what its beginning says."""

from __future__ import annotations

from services.node.domain.errors import InvalidInputError


def damaged() -> InvalidInputError:
    """The error for a picture or PDF that is broken or stops early."""
    return InvalidInputError(
        "attachment.damaged",
        "This file is damaged, or it stops early.",
        remedy="Open it, save it again, and attach that.",
    )
