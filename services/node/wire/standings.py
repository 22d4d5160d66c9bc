"""What a case is in, as it is sealed at rest (relais.casefile.v1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relais.casefile.v1 import standing_pb2
from services.node.domain.case_details import CaseDetails
from services.node.domain.minors import Minor
from services.node.domain.notes import Note
from services.node.domain.plans import ReintegrationPlan
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


def encode_minor(minor: Minor) -> bytes:
    """What is known of a minor, as it is sealed."""
    return encode(minor, standing_pb2.AccompanyingMinor)


def decode_minor(raw: bytes) -> Minor:
    """A minor; raises InvalidInputError for bytes that are none."""
    return decode(raw, standing_pb2.AccompanyingMinor, Minor)


def encode_plan(plan: ReintegrationPlan) -> bytes:
    """A plan as it is sealed."""
    return encode(plan, standing_pb2.ReintegrationPlan)


def decode_plan(raw: bytes) -> ReintegrationPlan:
    """A plan; raises InvalidInputError for bytes that are none."""
    return decode(raw, standing_pb2.ReintegrationPlan, ReintegrationPlan)


def encode_note(note: Note) -> bytes:
    """An internal note as it is sealed."""
    return encode(note, standing_pb2.Note)


def decode_note(raw: bytes) -> Note:
    """A note; raises InvalidInputError for bytes that are none."""
    return decode(raw, standing_pb2.Note, Note)
