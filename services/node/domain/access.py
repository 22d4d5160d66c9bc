"""Who needs a reason to look at a case, and what is kept of a look.

Promises one pure rule: a unit that acted in a case works on it; anybody else says
why before opening what is known about the person. The reason is kept with the
look and judged by people, never by the node.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from services.node.domain.errors import InvalidInputError, NotPermittedError

SHORTEST_REASON = 3
LONGEST_REASON = 500
"""Characters."""


class Looked(StrEnum):
    """Looks that only a gateway sees, because no method of the node is called."""

    PRINT = "print"
    EXPORT = "export"
    SHOW_NAMES = "show_names"


class LookReason(StrEnum):
    """Why somebody looks at what another unit works on, as a console offers it."""

    COVER = "cover"
    """In the place of a colleague."""
    SUPERVISION = "supervision"
    """To supervise the work."""
    EMERGENCY = "emergency"
    """Somebody is in danger."""
    PERSON_ASKED = "person_asked"
    """The person asked for it."""
    CORRECTION = "correction"
    """Something has to be put right."""


def needs_reason(unit: str, units_of_case: Collection[str]) -> bool:
    """Whether an officer of ``unit`` looks beyond what the unit works on.

    A case in which no unit acted yet, such as one that only came in, is everybody's.
    """
    return bool(units_of_case) and unit not in units_of_case


def check_reason(reason: str, unit: str, units_of_case: Collection[str]) -> None:
    """Raise ``access.reason_needed`` if a reason is missing."""
    if needs_reason(unit, units_of_case) and len(reason) < SHORTEST_REASON:
        raise NotPermittedError(
            "access.reason_needed",
            "Another unit works on this case; opening it asks for a reason.",
            remedy="Say in a few words why; the reason is kept with the look.",
        )


def parse_reason(raw: bytes) -> str:
    """A reason as it came; raises ``access.bad_reason``."""
    try:
        reason = raw.decode().strip()
    except UnicodeDecodeError:
        reason = "\0"
    if len(reason) > LONGEST_REASON or "\0" in reason:
        raise InvalidInputError(
            "access.bad_reason",
            f"A reason is a text of at most {LONGEST_REASON} characters.",
            where="reason",
        )
    return reason
