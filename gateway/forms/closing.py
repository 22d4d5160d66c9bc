"""The form by which a member says that it receives nobody new: why, till when, what.

Promises that every problem is told beside its field before anything is said to the
others. Leaves to the node what others may send here at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
)
from services.node.domain.closed_to_new import LONGEST, ClosedReason, ClosedToNew
from services.node.domain.tables import VIETNAM


def closing_fields(may_be_asked: Sequence[str]) -> tuple[Field, ...]:
    """What is asked; ``may_be_asked`` are the types that others may send here."""
    return (
        Field("closed_reason", Widget.CHOICE, tuple(ClosedReason), "closed_reason"),
        Field("closed_until", Widget.INSTANT),
        Field(
            "closed_types",
            Widget.CHOICES,
            tuple(may_be_asked),
            "referral_type",
            optional=True,
        ),
    )


def said_before(closed: ClosedToNew | None) -> dict[str, Any]:
    """What was said, to be changed; the instant as a form of Viet Nam has it."""
    if closed is None:
        return {}
    until = closed.until.astimezone(VIETNAM)
    return {
        "closed_reason": closed.reason,
        "closed_until": f"{until:%Y-%m-%dT%H:%M}",
        "closed_types": list(closed.referral_types),
    }


def read_closing(
    form: Typed, may_be_asked: Sequence[str], now: datetime
) -> ClosedToNew:
    """What is said from ``now`` (wire clock) on; raises FormError."""
    values: Mapping[str, Any] = read_fields(closing_fields(may_be_asked), form)
    until: datetime = values["closed_until"]
    if until <= now:
        raise FormError([FieldProblem("closed_until", "hour_passed")])
    if until > now + LONGEST:
        raise FormError([FieldProblem("closed_until", "closed_too_long")])
    return ClosedToNew(now, until, values["closed_types"], values["closed_reason"])
