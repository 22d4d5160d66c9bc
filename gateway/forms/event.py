"""The identifiers that make a form sent twice one act."""

from __future__ import annotations

from gateway.forms.fields import Typed, text_of
from services.node.domain.errors import InvalidInputError


def answer_id(event: bytes) -> bytes:
    """The id of the answer that an act records: one for each act, and not its own."""
    return bytes(each ^ 0xFF for each in event)


def rerouting_id(event: bytes) -> bytes:
    """The id of the step that closes what an offer is made instead of."""
    return bytes(each ^ 0x55 for each in event)


def event_of(form: Typed) -> bytes:
    """The 16 bytes that the form was shown with.

    Raises:
        InvalidInputError: ``console.bad_form``.
    """
    try:
        found = bytes.fromhex(text_of(form, "event"))
    except ValueError:
        found = b""
    if len(found) != 16:  # noqa: PLR2004 - the length of an event id
        raise InvalidInputError(
            "console.bad_form",
            "The form was changed on its way.",
            remedy="Open the page again and send the form once more.",
        )
    return found
