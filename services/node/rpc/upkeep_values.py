"""What a node tells of its upkeep; the epoch stands for no instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.node.rpc.work_values import AgreementRead, MemberNameRead


@dataclass(frozen=True, slots=True)
class RoomRead:
    """What is free where something of the node lies, in MiB."""

    what: str
    number: int
    free_mebibytes: int
    total_mebibytes: int
    low: bool


@dataclass(frozen=True, slots=True)
class DoneRead:
    """When something was done for the node last, and whether that is too long ago."""

    what: str
    at: datetime
    by: str
    late: bool
    every_days: int


@dataclass(frozen=True, slots=True)
class WorryRead:
    """Something to see to; ``member`` is empty if it is about this node."""

    code: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DifferenceRead:
    """A UTC day, ISO 8601, of which a member stated other envelopes than are here."""

    member: str
    day: str
    stated: int
    here: int
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class DayEnvelopeRead:
    """An envelope of a day: its digest, and its place in both ledgers."""

    digest: bytes
    sent: bool
    state: str
    statement: bool
    index: int
    answered: bool
    answer_index: int


@dataclass(frozen=True, slots=True)
class UpkeepRead:
    """How a node is looked after."""

    now: datetime
    database_mebibytes: int
    files_mebibytes: int
    rooms: tuple[RoomRead, ...]
    done: tuple[DoneRead, ...]
    protocol_version: int
    fingerprint: str
    worries: tuple[WorryRead, ...]
    differences: tuple[DifferenceRead, ...]


@dataclass(frozen=True, slots=True)
class OwnKeyRead:
    """One key of the member, without its private half."""

    use: str
    algorithm: str
    key_id: bytes
    begins_at: datetime
    ends_at: datetime
    days_left: int
    state: str
    held: bool


@dataclass(frozen=True, slots=True)
class KeySuccessorRead:
    """A certificate that the node made; ``entry`` is what the identity keys sign."""

    fingerprint: bytes
    begins_at: datetime
    ends_at: datetime
    made_at: datetime
    entry: bytes
    name: str


@dataclass(frozen=True, slots=True)
class SealingBatchRead:
    """Sealing keys made together; ``entry`` is what the identity keys sign."""

    begins_at: datetime
    ends_at: datetime
    weeks: int
    made_at: datetime
    entry: bytes
    digest: bytes
    """SHA-256 of the entry."""
    name: str


@dataclass(frozen=True, slots=True)
class SealingCeremonyRead:
    """When the next sealing keys are due, who asked for them, and what was made."""

    due_at: datetime
    asked_by: str
    waits_until: datetime
    made: SealingBatchRead | None
    weeks_missing: int
    """For how many keys would be made now; 0 if 21 weeks are listed."""


@dataclass(frozen=True, slots=True)
class KeyWaits:
    """Until when a second person may confirm it; the epoch if it was made at once."""

    waits_until: datetime


@dataclass(frozen=True, slots=True)
class OwnKeysRead:
    """The member's keys, and until when others can seal to it."""

    keys: tuple[OwnKeyRead, ...]
    sealing_until: datetime
    now: datetime
    asked_by: str
    """Who asked for a successor that a second person has yet to confirm, if anybody."""
    waits_until: datetime
    successor: KeySuccessorRead | None
    """What was made and the directory does not list yet."""
    sealing: SealingCeremonyRead


@dataclass(frozen=True, slots=True)
class PeerRead:
    """Another member and its node; ``skew`` in milliseconds, ``ahead`` says whose."""

    member: str
    standing: str
    dials_out: bool
    joined_at: datetime
    joined_entry: int
    fingerprint: str
    certificate_until: datetime
    sealing_until: datetime
    heard_at: datetime
    skew: int
    measured_at: datetime
    skewed: bool
    protocol_version: int
    failures: int
    problem: str
    ahead: bool
    names: tuple[MemberNameRead, ...]
    waiting: int
    waiting_kibibytes: int
    files: int
    files_kibibytes: int
    room_low: bool
    agreements: tuple[AgreementRead, ...]


@dataclass(frozen=True, slots=True)
class PeerRoomRead:
    """How much each other member may take of a node."""

    waiting: int
    waiting_kibibytes: int
    files: int
    files_kibibytes: int


@dataclass(frozen=True, slots=True)
class MeasuredRead:
    """How many members were asked for their clocks, and how many answered."""

    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class KeptForRead:
    """Something that the node deletes by itself after days or years."""

    what: str
    days: int
    years: int


@dataclass(frozen=True, slots=True)
class KeptRowRead:
    """A row of the policy by which something is kept."""

    function: str
    purposes: tuple[str, ...]
    category: str
    ground: str
    law: str
    valid_from: str
    valid_to: str
    ours: bool


@dataclass(frozen=True, slots=True)
class RungRuleRead:
    """By whom a clock is heard once ``share`` hundredths of its limit are gone.

    No ``deadlines`` stand for every one that no other row names.
    """

    deadlines: tuple[str, ...]
    priorities: tuple[str, ...]
    ends: tuple[str, ...]
    level: str
    share: int
    channel: str
    to: str
    valid_from: str


@dataclass(frozen=True, slots=True)
class CodeListVersionRead:
    """A list of codes in force: how many, and the day of the newest (ISO 8601)."""

    list: str
    codes: int
    since: str
    origins: tuple[str, ...]

    @property
    def first_day(self) -> date:
        """The day of the newest code."""
        return date.fromisoformat(self.since)


@dataclass(frozen=True, slots=True)
class RetentionRead:
    """What is kept for how long, who hears of deadlines, and the lists of codes."""

    kept: tuple[KeptForRead, ...]
    rows: tuple[KeptRowRead, ...]
    policy_version: str
    rungs: tuple[RungRuleRead, ...]
    lists: tuple[CodeListVersionRead, ...]


@dataclass(frozen=True, slots=True)
class ConfigurationRead:
    """The configuration in force, as TOML; no secret stands in it."""

    toml: str
