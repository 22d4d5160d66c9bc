"""Approvals: a second officer says yes herself before an act that needs two.

Promises who may be the second (another officer, active, of a role that may), and
what a yes is good for: one act with exactly the content that she read, taken by
whoever asked, once, and before it ran out (deadline ``approval_answered``).

Both people act before anything is done, in an emergency too (domain.md §5.c: an
override is authorised by two persons); what comes after is its review
(``override``). Leaves to others: whether the act itself may be (``closure``,
``override``), and that no two acts use one approval (the store).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_details import CaseDetails
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    NotPermittedError,
    RelaisError,
)
from services.node.domain.override import OverrideAsked
from services.node.domain.people import MAY, Act, Officer, Role, check_may
from services.node.domain.second_person import Sending

ANSWERED = "approval_answered"
"""The deadline after which an approval is good for nothing, used or not."""


class ApprovalKind(StrEnum):
    """What needs a second officer."""

    CLOSURE = "closure"
    """Closing a case."""
    OVERRIDE = "override"
    """Opening a data category without consent, in an emergency."""
    SENDING = "sending"
    """Sending what the table ``second_person`` names, such as an identity abroad."""
    ARRIVAL = "arrival"
    """Signing as second that a person arrived."""


class ApprovalAnswer(StrEnum):
    """What the second officer says."""

    APPROVED = "approved"
    """Exactly this may be done."""
    REFUSED = "refused"
    """It may not; she says why."""


class ApprovalState(StrEnum):
    """Where an approval stands now."""

    WAITING = "waiting"
    """Nobody answered yet."""
    APPROVED = "approved"
    """It may be used."""
    REFUSED = "refused"
    """The answer was no."""
    USED = "used"
    """The act is done."""
    EXPIRED = "expired"
    """Its time is over."""


ApprovedAct = CaseDetails | OverrideAsked | Sending | ArrivalAsked
"""What exactly is approved: said with a closure, an override, sent, or signed."""

_KINDS: dict[type, ApprovalKind] = {
    CaseDetails: ApprovalKind.CLOSURE,
    OverrideAsked: ApprovalKind.OVERRIDE,
    Sending: ApprovalKind.SENDING,
    ArrivalAsked: ApprovalKind.ARRIVAL,
}

SECOND_MAY: dict[ApprovalKind, Act] = {
    ApprovalKind.CLOSURE: Act.CLOSURE_APPROVAL,
    ApprovalKind.OVERRIDE: Act.OVERRIDE_APPROVAL,
    ApprovalKind.SENDING: Act.APPROVAL,
    ApprovalKind.ARRIVAL: Act.APPROVAL,
}
"""What the role of the second officer has to allow."""

_NEAR = frozenset({ApprovalKind.SENDING, ApprovalKind.ARRIVAL})
"""Answered in the unit that asks: who knows the case, and can have seen who came."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval, without what is sealed; instants on the case clock.

    Who asked and who answered are pseudonyms; ``answer`` and ``answered_*`` are
    None until somebody answers, ``used_at`` until the act is done.
    """

    approval_id: bytes
    kind: ApprovalKind
    case_id: bytes
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    answer: ApprovalAnswer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    used_at: datetime | None = None
    asked_unit: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """An act that rests on an approval: of which kind, in which case, by whom.

    ``happened_at`` is when it happened as the officer says, ``now`` the present.
    """

    kind: ApprovalKind
    case_id: bytes
    officer: str
    happened_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Answerable:
    """Which kinds an officer may answer: wherever asked, and in the own unit only."""

    anywhere: tuple[ApprovalKind, ...]
    in_unit: tuple[ApprovalKind, ...]


def answerable_by(officer: Officer, acts: Collection[Act]) -> Answerable:
    """What the role of this officer lets be answered; ``acts`` are what it allows."""
    kinds = [each for each in ApprovalKind if SECOND_MAY[each] in acts]
    near = [each for each in kinds if _is_near(each, officer)]
    return Answerable(tuple(each for each in kinds if each not in near), tuple(near))


def kind_of(act: ApprovedAct) -> ApprovalKind:
    """Which kind of approval an act needs."""
    return _KINDS[type(act)]


def expiry(deadlines: DeadlineTable, asked_at: datetime) -> datetime:
    """Until when an approval that is asked for now can be answered and used."""
    return deadlines.due(ANSWERED, asked_at)


def state_of(approval: Approval, now: datetime) -> ApprovalState:
    """Where it stands."""
    if approval.used_at is not None:
        return ApprovalState.USED
    if approval.answer is ApprovalAnswer.REFUSED:
        return ApprovalState.REFUSED
    if now > approval.expires_at:
        return ApprovalState.EXPIRED
    if approval.answer is None:
        return ApprovalState.WAITING
    return ApprovalState.APPROVED


def check_answer(
    approval: Approval,
    second: Officer,
    answer: ApprovalAnswer,
    reason: str,
    now: datetime,
) -> None:
    """Raise unless this officer may give this answer now.

    ``NotLawfulError``: ``approval.own`` for whoever asked, ``approval.answered``,
    ``approval.expired``; ``NotPermittedError`` for an officer who may not, and
    ``approval.other_unit`` for one who is too far from it;
    ``InvalidInputError`` ``approval.no_reason`` for a no without one.
    """
    if second.pseudonym == approval.asked_by:
        raise NotLawfulError(
            "approval.own",
            "Whoever asks for an approval cannot give it.",
            remedy="Another officer of this member has to read it and answer.",
        )
    check_may(second, SECOND_MAY[approval.kind])
    if not _of_the_unit(approval, second):
        raise NotPermittedError(
            "approval.other_unit",
            "What leaves this member, and who has arrived, is approved in the unit"
            " that asks, or by a supervisor.",
            remedy="Let a colleague of that unit or a supervisor answer.",
        )
    if approval.answer is not None:
        raise NotLawfulError(
            "approval.answered",
            f"This was answered already: {approval.answer}.",
            remedy="Ask for a new approval to have it looked at again.",
        )
    if now > approval.expires_at:
        raise _expired()
    if answer is ApprovalAnswer.REFUSED and not reason.strip():
        raise InvalidInputError(
            "approval.no_reason",
            "A no says why, so that the colleague who asked can do better.",
            where="reason",
        )


def check_use(approval: Approval, second: Officer | None, use: Use) -> Officer:
    """Who approved this act, if it may rest on this approval, its content apart.

    ``second`` is who answered, as they are now. ``NotLawfulError``:
    ``approval.other_case``, ``approval.other_act``, ``approval.other_asker``,
    ``approval.waiting``, ``approval.refused``, ``approval.used``,
    ``approval.expired``, ``approval.later_than_act``; ``NotPermittedError``
    ``approval.second_left``.
    """
    _check_meant_for(approval, use)
    if second is None or approval.answered_at is None:
        raise NotLawfulError(
            "approval.waiting",
            "No second officer has answered yet.",
            remedy="Ask a colleague to read it: relais case approvals.",
        )
    if approval.answer is ApprovalAnswer.REFUSED:
        raise NotLawfulError(
            "approval.refused",
            "The second officer refused it.",
            remedy="Read the reason, and ask anew for what can be approved.",
        )
    if approval.used_at is not None:
        raise NotLawfulError(
            "approval.used",
            "This approval was used; it is good for one act.",
            remedy="Ask for a new approval.",
        )
    if use.now > approval.expires_at:
        raise _expired()
    may = SECOND_MAY[approval.kind] in MAY[second.role]
    if not (second.active and may and _of_the_unit(approval, second)):
        raise NotPermittedError(
            "approval.second_left",
            "The officer who approved it may no longer approve.",
            remedy="Ask for a new approval from an officer who may.",
        )
    if use.happened_at < approval.answered_at:
        raise NotLawfulError(
            "approval.later_than_act",
            "An act that needs two cannot have happened before the second agreed.",
            where="happened_at",
            remedy="Leave the instant out, or name one after the approval.",
        )
    return second


def may_see_leaving(approval: Approval, officer: Officer) -> bool:
    """Whether she is shown what would leave: who asked, and who may answer."""
    return officer.pseudonym == approval.asked_by or (
        SECOND_MAY[approval.kind] in MAY[officer.role]
        and _of_the_unit(approval, officer)
    )


def _of_the_unit(approval: Approval, second: Officer) -> bool:
    """Whether the second is near enough: it takes who knows the case or leads."""
    return not _is_near(approval.kind, second) or second.unit == approval.asked_unit


def _is_near(kind: ApprovalKind, second: Officer) -> bool:
    """Whether only the unit that asked answers this, or a supervisor."""
    return kind in _NEAR and second.role is not Role.SUPERVISOR


def _check_meant_for(approval: Approval, use: Use) -> None:
    if approval.case_id != use.case_id:
        raise NotLawfulError(
            "approval.other_case",
            "This approval is for another case.",
            where="approval_id",
            remedy="Take its number from the approvals of this case.",
        )
    if approval.kind is not use.kind:
        raise NotLawfulError(
            "approval.other_act",
            f"This approval is for another act: {approval.kind}, not {use.kind}.",
            where="approval_id",
            remedy="Take its number from the approvals of this case.",
        )
    if approval.asked_by != use.officer:
        raise NotLawfulError(
            "approval.other_asker",
            "Only the officer who asked for an approval acts on it.",
            remedy="Ask for an approval of your own.",
        )


def missing(kind: ApprovalKind) -> RelaisError:
    """The error for an act that needs two and has the word of one."""
    if kind is ApprovalKind.SENDING:
        return NotLawfulError(
            "approval.missing",
            "What is to be sent holds what leaves only by two officers.",
            where="approval_id",
            remedy="Ask a second officer to read exactly this and to approve it, then"
            " send it; or leave those categories out.",
        )
    if kind is ApprovalKind.ARRIVAL:
        return NotLawfulError(
            "approval.missing",
            "An arrival that a second officer signs waits for that officer.",
            where="approval_id",
            remedy="Ask a colleague to read and approve it, choose the scan of a"
            " thumbprint, or say why neither is possible now.",
        )
    if kind is ApprovalKind.CLOSURE:
        return NotLawfulError(
            "approval.missing",
            "Closing a case needs the approval of a second officer who leads here.",
            where="approval_id",
            remedy="Ask for it: relais case ask-approval closure; a supervisor, or"
            " whoever runs the house, reads and answers it: relais case approve.",
        )
    return NotLawfulError(
        "approval.missing",
        f"This needs the approval of a second officer: {kind}.",
        where="approval_id",
        remedy=f"Ask for it: relais case ask-approval {kind}; a colleague reads and"
        " answers it: relais case approve.",
    )


def unknown() -> RelaisError:
    """The error for an approval that nobody asked for."""
    return NotFoundError(
        "approval.unknown",
        "This member knows no such approval.",
        where="approval_id",
        remedy="Take its number from the list of approvals.",
    )


def content_changed() -> RelaisError:
    """The error for an act that says something else than what was approved."""
    return NotLawfulError(
        "approval.content_changed",
        "This is not exactly what the second officer approved.",
        remedy="Do what was approved, or ask for an approval of what is to be done.",
    )


def check_names_nobody(details: CaseDetails) -> None:
    """Raise InvalidInputError ``approval.second_named`` if an officer names one."""
    if details.second_officer:
        raise InvalidInputError(
            "approval.second_named",
            "Nobody names the second officer: who approved is who answered.",
            where="second_officer",
            remedy="Leave it empty, and give the number of the approval.",
        )


def _expired() -> RelaisError:
    return NotLawfulError(
        "approval.expired",
        "The time of this approval is over.",
        remedy="Ask for a new approval.",
    )
