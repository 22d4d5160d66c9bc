"""An escalation in codes: what a desk is told, and why an officer told it by hand.

Promises that a need written here says nothing about a person: names of codes and
members and instants, parted by blanks, and nothing that an officer typed. What rang by
itself says which clock it was; what an officer told says why, since when, and how the
referral stands. A desk may be told both ways, and reads both with ``read_codes``.

Leaves to others: when a clock rings (``escalations``) and whom it is told
(``flows.escalate``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from services.node.domain.errors import InvalidInputError
from services.node.domain.tables import VIETNAM

KEYS = (
    "level",
    "reason",
    "deadline",
    "due",
    "state",
    "since",
    "priority",
    "referral_type",
    "member",
)
"""What a need may say, in the order in which a desk reads it."""


class EscalationReason(StrEnum):
    """Why an officer does not wait for the clock."""

    NOT_REACHED = "not_reached"
    """Nobody was reached by telephone either."""
    CANNOT_WAIT = "cannot_wait"
    """The person cannot wait for the limit."""
    NO_RESULT = "no_result"
    """They were reached, and nothing followed."""
    LIMIT_PASSED = "limit_passed"
    """A limit ran out."""


def parse_reason(text: str) -> EscalationReason:
    """Raises InvalidInputError ``escalation.unknown_reason``."""
    try:
        return EscalationReason(text)
    except ValueError:
        raise InvalidInputError(
            "escalation.unknown_reason",
            "An escalation by hand names one of the reasons of the list.",
            where="reason",
            remedy="Choose not_reached, cannot_wait, no_result or limit_passed.",
        ) from None


def write_codes(said: Mapping[str, str]) -> str:
    """A need in codes, in the order of ``KEYS``; what is empty is left out."""
    return " ".join(f"{key}={said[key]}" for key in KEYS if said.get(key))


def written(instant: datetime) -> str:
    """An instant as it stands in a need: to the minute, with its offset."""
    return f"{instant.astimezone(VIETNAM):%Y-%m-%dT%H:%M%z}"


def read_codes(need: str) -> dict[str, str]:
    """What a need in codes says, in order; empty if it is not one.

    A need that holds a single word beside its codes is somebody's own text.
    """
    found: dict[str, str] = {}
    for word in need.split(" "):
        key, sign, value = word.partition("=")
        if not sign or not value or key not in KEYS or key in found:
            return {}
        found[key] = value
    return {key: found[key] for key in KEYS if key in found}
