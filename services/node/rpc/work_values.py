"""What a node answers about the work of the day, as frozen values.

They mirror messages of relais.desk.v1 by their field names, as ``desk_values`` do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from services.node.domain.closed_to_new import ClosedToNew
from services.node.domain.offices import Office, Opening, answers_now
from services.node.rpc.desk_values import ReferralRead


@dataclass(frozen=True, slots=True)
class AskedForRead:
    """What a list shows of an offer."""

    services: tuple[str, ...]
    age_band: str
    sex: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkItemRead:
    """A referral, or a limit of a case (no referral), with what is due first.

    The epoch stands for no instant.
    """

    case_pseudonym: str
    referral: ReferralRead | None
    deadline: str
    started_at: datetime
    due_at: datetime
    asked_for: AskedForRead | None
    claimed_by: str
    claimed_until: datetime
    assigned_to: str
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class ArrivalRead:
    """Somebody whom this member expects today, on the clock of its own zone."""

    referral: ReferralRead
    expected_at: datetime
    expected_zone: str


@dataclass(frozen=True, slots=True)
class WorklistRead:
    """A page of one group of work, how much there is, and the case clock.

    ``arrivals`` are whoever is expected today, on the first page of what waits here.
    """

    items: tuple[WorkItemRead, ...]
    needs_me: int
    waiting_on_others: int
    now: datetime
    notices: int
    approvals: int
    forms: int
    arrivals: tuple[ArrivalRead, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedViewRead:
    """A view of the worklist under a name; ``peer`` is empty for every member."""

    view_id: bytes
    name: str = field(repr=False)
    group: str
    whose: str
    peer: str


@dataclass(frozen=True, slots=True)
class ShownNameRead:
    """The name of the person of a case; empty where none can be read."""

    case_pseudonym: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CorridorRead:
    """What is open with one member in one direction; the epoch stands for no clock."""

    peer: str
    side: str
    for_us: int
    for_us_due: datetime
    for_them: int
    for_them_due: datetime
    overdue: int
    one_sided: int


@dataclass(frozen=True, slots=True)
class CorridorsRead:
    """Every corridor, this member's own country, and the case clock."""

    corridors: tuple[CorridorRead, ...]
    own_country: str
    now: datetime


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """Something that needs attention and has no clock of its own."""

    kind: str
    referral: ReferralRead | None
    peer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClaimRead:
    """Who works on a referral, and until when; wire clock."""

    claimed_by: str
    claimed_until: datetime


@dataclass(frozen=True, slots=True)
class ClaimHeld:
    """Who works on a referral, since and until when; empty if nobody. Wire clock."""

    claimed_by: str
    claimed_at: datetime
    claimed_until: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class MemberNameRead:
    """An organisation's name in one language."""

    language: str
    name: str


@dataclass(frozen=True, slots=True)
class AgreementRead:
    """What two countries agreed, as the policy names it; ``since`` is ISO 8601."""

    law: str
    since: str

    @property
    def first_day(self) -> date:
        """The day from which it is in force."""
        return date.fromisoformat(self.since)


@dataclass(frozen=True, slots=True)
class MemberDetailsRead:
    """What this node knows of another member from its own experience.

    ``said_at`` and ``heard_at`` are on the wire clock, the latter 1970 for never;
    ``median_seconds`` is 0 where there are too few answers to say.
    """

    said_at: datetime
    stale: bool
    heard_at: datetime
    circuit: str
    """closed (reached), open or trying."""
    asked: int
    answered: int
    median_seconds: int


@dataclass(frozen=True, slots=True)
class MemberWordRead:
    """What a member said of whether it receives anybody new; wire clock.

    ``heard_at`` is 1970 if it never said anything; ``untold`` if no way leads such a
    word here; ``closed`` is None if it receives, or said nothing.
    """

    heard_at: datetime
    stale: bool
    untold: bool
    closed: ClosedToNew | None


@dataclass(frozen=True, slots=True)
class OwnWordRead:
    """What this member says of itself; ``closed`` is None while it receives."""

    closed: ClosedToNew | None
    said_by: str
    may_be_asked: tuple[str, ...]
    """Types of referrals that others may send here today."""


@dataclass(frozen=True, slots=True)
class MemberCardRead:
    """What the directory says of a member, and what may be offered to it."""

    name: str
    kind: str
    functions: tuple[str, ...]
    country: str
    province: str
    names: tuple[MemberNameRead, ...]
    active: bool
    may_offer: tuple[str, ...]
    waiting: int
    office: Office | None
    """When and how people reach it; None if it tells nothing of it."""
    second_person_for: tuple[str, ...] = ()
    agreements: tuple[AgreementRead, ...] = ()
    distance: int = 2
    """0 in this member's province, 1 in its country, 2 abroad."""
    opening: str = "not_told"
    """open, closed, holiday or not_told: its door, on its own clock."""
    details: MemberDetailsRead | None = None
    """Only where it was asked for."""
    opens_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """When a door that is shut opens next; the epoch if it is open or not known."""
    word: MemberWordRead | None = None
    """Whether it says that it receives nobody new; None from an older node."""

    def closed_to(self, referral_type: str) -> ClosedToNew | None:
        """Its word that it receives nobody new by such a referral, if it says so."""
        closed = None if self.word is None else self.word.closed
        return closed if closed is not None and closed.is_about(referral_type) else None

    @property
    def answers_now(self) -> bool | None:
        """Whether somebody answers there now; None where it tells no hours."""
        return answers_now(self.office, Opening(self.opening))


@dataclass(frozen=True, slots=True)
class ServiceResultRead:
    """How a service may end, or what may be told of it meanwhile."""

    outcome: str
    result: str


@dataclass(frozen=True, slots=True)
class CategoryNeedRead:
    """Whether a member may be told one data category, and how much of it."""

    category: str
    necessity: str
    limit: str


@dataclass(frozen=True, slots=True)
class FoundRead:
    """What a code names; empty if nothing."""

    case_pseudonym: str
    referral_ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CopyKept:
    """The number of a copy; ``printed_at`` on the case clock."""

    copy: int
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class PrintedCopyRead:
    """One copy of a document that was printed."""

    kind: str
    alias: str
    digest: bytes
    copy: int
    given_to: str
    printed_by: str
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a paper in hand: never anything about the person."""

    issued: bool
    kind: str
    issued_at: datetime
    copies: int


@dataclass(frozen=True, slots=True)
class AssigneeRead:
    """An officer who may be assigned work."""

    pseudonym: str
    role: str
    unit: str
