"""What a second officer approves, and her answer, between values and bytes."""

from __future__ import annotations

from dataclasses import dataclass

from relais.casefile.v1 import approval_pb2
from services.node.domain.approvals import ApprovedAct
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_details import CaseDetails
from services.node.domain.override import OverrideAsked
from services.node.domain.second_person import Sending
from services.node.wire.mapping import decode, encode


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """What the event of asking holds."""

    act: CaseDetails | OverrideAsked | Sending | ArrivalAsked


@dataclass(frozen=True, slots=True)
class ApprovalAnswered:
    """What the event of an answer holds; ``digest`` is of what was approved."""

    approval_id: bytes
    digest: bytes
    answer: str
    reason: str


def encode_asked(act: ApprovedAct) -> bytes:
    """The bytes that are sealed, and hashed with a salt: one text for one act."""
    return encode(ApprovalAsked(act), approval_pb2.ApprovalAsked)


def decode_asked(raw: bytes) -> ApprovedAct:
    """An act to approve; raises InvalidInputError for bytes that are none."""
    return decode(raw, approval_pb2.ApprovalAsked, ApprovalAsked).act


def encode_answered(answered: ApprovalAnswered) -> bytes:
    """What was answered, as its event keeps it."""
    return encode(answered, approval_pb2.ApprovalAnswered)
