"""Who a member believes is answerable, as its auditor gets it.

Promises: every value mirrors one message of relais.audit.v1 by its field names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import DecodeError

from relais.audit.v1 import answerability_pb2
from services.node.domain.errors import InvalidInputError
from services.node.wire.mapping import encode, from_message, to_message


@dataclass(frozen=True, slots=True)
class NodeNow:
    """Whose answer it is, and what time it is there, on both clocks."""

    member: str
    case_now: datetime
    wire_now: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A time in which the member was answerable.

    ``since_called`` and ``until_called`` say whether a call was all that confirmed the
    handover that began or ended it: open, confirmed or empty.
    """

    since_event: bytes
    since_at: datetime
    since_step: str
    given_by: str
    until_event: bytes | None
    until_at: datetime | None
    until_step: str
    to_member: str
    taker_has_it: bool
    giver_has_it: bool
    since_called: str = ""
    until_called: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that has to happen by ``due`` and did not yet; case clock."""

    deadline: str
    step: str
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class ReferralEnd:
    """One end of a referral."""

    offer_event: bytes
    side: str
    peer: str
    state: str
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class CaseAnswerability:
    """One case at the member, by the member's own pseudonym."""

    case_pseudonym: str
    answerable: str
    periods: tuple[Period, ...]
    referrals: tuple[ReferralEnd, ...]


Item = NodeNow | CaseAnswerability
_ARM_OF = {NodeNow: "now", CaseAnswerability: "case"}
_CLASS_OF: dict[str, type[NodeNow | CaseAnswerability]] = {
    arm: value_class for value_class, arm in _ARM_OF.items()
}


@dataclass(frozen=True, slots=True)
class _Request:
    officer: str


def encode_request(officer: str) -> bytes:
    """The request of the auditor with this pseudonym."""
    return encode(_Request(officer), answerability_pb2.ListAnswerabilityRequest)


def to_response(item: Item) -> answerability_pb2.ListAnswerabilityResponse:
    """An item as it is streamed."""
    message = answerability_pb2.ListAnswerabilityResponse()
    arm: Any = getattr(message, _ARM_OF[type(item)])
    arm.CopyFrom(to_message(item, type(arm)))
    arm.SetInParent()
    return message


def decode_response(raw: bytes) -> Item:
    """The item that ``raw`` carries.

    Raises ``InvalidInputError``: ``wire.malformed``, ``wire.unknown_content``.
    """
    message = answerability_pb2.ListAnswerabilityResponse()
    try:
        message.ParseFromString(raw)
    except DecodeError as error:
        raise InvalidInputError(
            "wire.malformed", "These bytes are no item of an answerability list."
        ) from error
    arm = message.WhichOneof("item")
    if arm is None:
        raise InvalidInputError(
            "wire.unknown_content", "An item holds nothing that this version knows."
        )
    found: Item = from_message(getattr(message, arm), _CLASS_OF[arm])
    return found
