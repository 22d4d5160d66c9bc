"""What a case is in, as it is sealed at rest (relais.casefile.v1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relais.casefile.v1 import standing_pb2
from services.node.domain.case_details import CaseDetails
from services.node.wire.mapping import decode, encode


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """What one event made of a case, with the row that decided it."""

    phase: str
    state: str
    beside: tuple[str, ...]
    act: str
    rule: str
    details: CaseDetails
    placement: str
    since: datetime


def encode_standing(record: StandingRecord) -> bytes:
    """The bytes that are sealed."""
    return encode(record, standing_pb2.CaseStanding)


def decode_standing(raw: bytes) -> StandingRecord:
    """A standing; raises InvalidInputError for bytes that are none."""
    return decode(raw, standing_pb2.CaseStanding, StandingRecord)


def encode_details(details: CaseDetails) -> bytes:
    """What was said with an act, as its event keeps it."""
    return encode(details, standing_pb2.CaseDetails)
