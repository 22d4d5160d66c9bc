"""S8: how a handover was confirmed, and who else signs that a person arrived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.forms.fields import Field, FieldProblem, FormError, Typed, Widget, text_of
from services.node.domain.arrivals import ContactFunction
from services.node.domain.both_sign import PersonKnownBy, SignedBy, UnsignedReason
from services.node.domain.return_codes import KnownBy

CALL_FIELDS = (
    Field(
        "call_function",
        Widget.CHOICE,
        tuple(ContactFunction),
        "contact_function",
        optional=True,
    ),
    Field("called_at", Widget.INSTANT, optional=True),
    Field(
        "person_known_by",
        Widget.CHOICE,
        tuple(PersonKnownBy),
        "person_known_by",
        optional=True,
    ),
)
"""With whom it was confirmed by telephone, when, and how the person was known."""

SCAN = "scan"
"""Which file of the case is the scan of the thumbprint."""

SIGNED_FIELDS = (
    Field("signed_by", Widget.CHOICE, tuple(SignedBy), "signed_by"),
    Field(
        "unsigned_reason",
        Widget.CHOICE,
        tuple(UnsignedReason),
        "unsigned_reason",
        optional=True,
    ),
    Field(SCAN, Widget.CHOICE, (), "file", optional=True),
    Field("handover_code", Widget.TEXT, optional=True),
)
"""Who signs beside whoever records the arrival."""


def read_call(values: Mapping[str, Any], form: Typed) -> dict[str, Any]:
    """What is told of a call; raises FormError for one that is told by half."""
    if values["giver_known_by"] != KnownBy.TELEPHONE:
        return {"call_function": "", "called_at": None, "person_known_by": ""}
    problems = [
        FieldProblem(each.name, "missing")
        for each in CALL_FIELDS
        if not text_of(form, each.name)
    ]
    if problems:
        raise FormError(problems)
    return {each.name: values[each.name] for each in CALL_FIELDS}


def read_signed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Who else signed; raises FormError for a reason or a scan that is missing."""
    by, reason = values["signed_by"], values["unsigned_reason"]
    if by == SignedBy.NOBODY and not reason:
        raise FormError([FieldProblem("unsigned_reason", "missing")])
    if by == SignedBy.THUMBPRINT and not values[SCAN]:
        raise FormError([FieldProblem(SCAN, "missing")])
    return {
        "signed_by": by,
        "unsigned_reason": reason if by == SignedBy.NOBODY else "",
        "handover_code": values["handover_code"],
    }
