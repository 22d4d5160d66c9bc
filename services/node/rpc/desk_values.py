"""What a node answers its own people, as frozen values.

Promises: every value mirrors one message of relais.desk.v1 by its field names: who
stands on the desk client needs no generated code. Instants are on the case clock; what
the contract calls 0 or empty while something lasts is the epoch or empty here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.node.domain.bodies import Offer
from services.node.domain.handoff import Body
from services.node.domain.records import CategoryRecord
from services.node.rpc.clock_values import LimitRead
from services.node.rpc.sign_in_values import LooksAskedRead

_NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A new case and its leaf."""

    case_pseudonym: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class RecordsRead:
    """The newest version of every category, and the number of each."""

    records: tuple[CategoryRecord, ...] = field(repr=False)
    versions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerabilityRead:
    """A time for which this member answered; ``until_step`` is empty while it lasts."""

    since_event: bytes
    since_at: datetime
    since_step: str
    from_member: str
    until_event: bytes
    until_at: datetime
    until_step: str
    to_member: str
    confirmed: bool
    since_called: str = ""
    """open where nothing but a call confirmed the handover, confirmed where the code
    or a second signature followed; else empty."""
    until_called: str = ""


@dataclass(frozen=True, slots=True)
class ReferralRead:
    """A referral as this member sees it."""

    referral_id: bytes
    case_pseudonym: str
    alias: str
    side: str
    peer: str
    referral_type: str
    priority: str
    moves_on: str
    state: str
    offered_at: datetime
    updated_at: datetime
    open_steps: tuple[str, ...]
    delivered: bool
    opened: bool
    peer_steps: tuple[str, ...]
    must_act: str
    still_open: tuple[bytes, ...]
    reach: str
    late: bool
    waiting: int
    waits_since: datetime
    problem: str
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class TimelineRead:
    """One event with its place in the ledgers."""

    event_id: bytes
    referral_id: bytes
    author: str
    peer: str
    step: str
    actor: str
    actor_role: str
    actor_unit: str
    happened_at: datetime
    policy_version: str
    own_index: int
    receipt_index: int
    receipted: bool
    delivery: str
    refusal_code: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case without anything sealed."""

    case_pseudonym: str
    door: str
    phase: str
    answerable: str
    opened_at: datetime
    periods: tuple[AnswerabilityRead, ...]
    referrals: tuple[ReferralRead, ...]
    timeline: tuple[TimelineRead, ...]
    last_index: int
    assignments: tuple[AssignmentRead, ...]


@dataclass(frozen=True, slots=True)
class AssignmentRead:
    """Who of this member works on it; ``officer`` is empty where it was taken back."""

    officer: str
    assigned_by: str
    assigned_unit: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    case_pseudonym: str
    phase: str
    answerable: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OfferMade:
    """A new referral and its leaf."""

    referral_id: bytes
    ledger_index: int


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step, the state after it, its leaf, and its envelope's digest.

    ``still_open`` names referrals that served a return which is stopped now.
    """

    event_id: bytes
    state: str
    ledger_index: int
    digest: bytes
    still_open: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SaidRead:
    """One step with what it says."""

    event_id: bytes
    author: str
    step: str
    happened_at: datetime
    body: Body
    digest: bytes
    files: tuple[str, ...]
    """The data category of each file that it encloses."""


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """A referral, all that was said in it, its limits, and hints (``conflicts``).

    ``escalates_to`` is the member that an escalation by hand would tell of the other
    one's silence, ``escalation_id`` the open escalation that tells it already.
    """

    referral: ReferralRead
    steps: tuple[SaidRead, ...]
    last_index: int
    limits: tuple[LimitRead, ...] = ()
    now: datetime = _NO_INSTANT
    escalates_to: str = ""
    escalation_id: bytes = b""
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalated:
    """The escalation that tells a silence, and which member is told."""

    referral_id: bytes
    told: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class FindingRead:
    """Something to tell about a sheet; ``refused`` if the row was refused."""

    row: int
    column: str
    field: str
    code: str
    message: str
    allowed: tuple[str, ...]
    refused: bool


@dataclass(frozen=True, slots=True)
class ImportedRead:
    """A row that was understood; ``draft_id`` is empty in a dry run of a new one."""

    row: int
    status: str
    draft_id: bytes
    known: bool
    of_another: bool = False


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What a case sheet holds."""

    rows: tuple[ImportedRead, ...]
    findings: tuple[FindingRead, ...]


@dataclass(frozen=True, slots=True)
class DraftRead:
    """One draft, without what it holds."""

    draft_id: bytes
    status: str
    imported_at: datetime
    age_band: str
    sex: str
    categories: tuple[str, ...]
    interview_consent: bool
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class DraftOpened:
    """One draft with what it holds."""

    draft: DraftRead
    records: tuple[CategoryRecord, ...]


@dataclass(frozen=True, slots=True)
class OfferChecked:
    """An offer that would stand, and what would open once it is accepted.

    ``second_person_for`` leaves only by two officers. ``best_interests_for`` (child or
    unable, else empty) is for whom it is decided what is best, by one of the
    ``best_interests_deciders``. Limits of an answer are the epoch where there are none.
    """

    offer: Offer
    second_person_for: tuple[str, ...] = ()
    leaving: tuple[CategoryRecord, ...] = field(default=(), repr=False)
    best_interests_for: str = ""
    best_interests_deciders: tuple[str, ...] = ()
    answer_due: datetime = _NO_INSTANT
    answer_latest: datetime = _NO_INSTANT


@dataclass(frozen=True, slots=True)
class DraftConfirmed:
    """The case that a draft became, and an offer to be completed."""

    case_pseudonym: str
    ledger_index: int
    offer: Offer


@dataclass(frozen=True, slots=True)
class OfficerRead:
    """A member of staff by pseudonym."""

    pseudonym: str
    role: str
    unit: str
    active: bool


@dataclass(frozen=True, slots=True)
class AdmissionRead:
    """What one asked for and a second person has yet to confirm; wire clock.

    The epoch stands for no end of what is let in.
    """

    admission_id: bytes
    kind: str
    officer: str
    role: str
    unit: str
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime
    asked_by: str
    asked_at: datetime
    ends_at: datetime
    looks: LooksAskedRead


@dataclass(frozen=True, slots=True)
class DisclosureReportRead:
    """An envelope that was refused for what it would have shown this member."""

    sender: str
    referral_id: bytes
    step: str
    code: str
    categories: tuple[str, ...]
    reported_at: datetime
    digest: bytes


@dataclass(frozen=True, slots=True)
class RulingRead:
    """What one row decided; ``table`` is empty and ``row`` 0 where none does.

    ``valid_from`` and ``valid_to`` are days, YYYY-MM-DD; the last may be empty.
    """

    table: str
    row: int
    law: str
    valid_from: str
    valid_to: str
    verified: bool
    decided: str


@dataclass(frozen=True, slots=True)
class EventExplained:
    """A handoff, or an act that started a clock, with the rows that decided."""

    event_id: bytes
    referral_id: bytes
    author: str
    recipient: str
    step: str
    happened_at: datetime
    policy_version: str
    ruled_by: str
    rulings: tuple[RulingRead, ...]
