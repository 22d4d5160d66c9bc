"""Closing a case, and opening it again (domain.md §5.g).

Promises that a case closes with a reason that fits what it is in, with a word
about the data, and never while somebody else is still to answer for the person.
Nobody is answerable for a closed case; opened again within its time, this member
is. Leaves to ``approvals``: that two people close it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.case_details import NO_INSTANT, CaseDetails
from services.node.domain.case_states import CaseState, PersonStatus, Standing
from services.node.domain.case_words import STATE_WORDS
from services.node.domain.entitlements import Regime
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.plain_words import either, not_listed, plain
from services.node.domain.referrals import TRANSFERS, ReferralType
from services.node.domain.responsibility import Answerability
from services.node.domain.steps import Side, State

DISPOSITION = "data_disposition"
"""The deadline that says how long the data of a closed case are kept at most."""


class ClosureReason(StrEnum):
    """Why a case is closed."""

    GOALS_ACHIEVED = "goals_achieved"
    PERSON_REQUESTS_CLOSURE = "person_requests_closure"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    TRANSFERRED = "transferred_to_other_mechanism"
    NOT_A_VICTIM = "not_a_victim_referred_elsewhere"
    RETURNED = "returned_to_host_or_third_country"
    LOST_CONTACT = "lost_contact"
    DECEASED = "deceased"
    DUPLICATE = "duplicate"
    RETRAFFICKED = "retrafficked_new_case"


_STATES_FOR: dict[ClosureReason, frozenset[CaseState]] = {
    ClosureReason.GOALS_ACHIEVED: frozenset({CaseState.COMPLETED, CaseState.FOLLOW_UP}),
    ClosureReason.LOST_CONTACT: frozenset({CaseState.LOST_CONTACT}),
    ClosureReason.RETRAFFICKED: frozenset({CaseState.RETRAFFICKING_ALERT}),
    ClosureReason.RETURNED: frozenset(
        {
            CaseState.HANDED_OVER,
            CaseState.ARRIVED_CONFIRMED,
            CaseState.RETURN_CLOSED,
        }
    ),
}
"""Reasons that only fit some states of the course."""

_TO_ANSWER = {State.OFFERED, State.OPENED, State.ASKED, State.ACCEPTED}
_RETURN_UNDER_WAY = {
    State.IN_SERVICE,
    State.RISK_PROPOSED,
    State.RISK_ASSESSED,
    State.DOCUMENT_READY,
    State.PLAN_PROPOSED,
    State.PLANNED,
    State.RECONSENTED,
    State.APPOINTMENT_PROPOSED,
    State.APPOINTED,
    State.IN_TRANSIT,
    State.AT_GATE,
    State.MINUTED,
    State.DISPUTED,
}


@dataclass(frozen=True, slots=True)
class ReferralNow:
    """A referral of the case, as far as closing looks at it."""

    referral_type: ReferralType
    side: Side
    state: State


def is_open_transfer(referral: ReferralNow) -> bool:
    """Whether it may still decide who is answerable."""
    if referral.referral_type is ReferralType.VOLUNTARY_RETURN:
        return referral.state in _TO_ANSWER | _RETURN_UNDER_WAY
    if referral.referral_type not in TRANSFERS:
        return False
    return referral.state in _TO_ANSWER or (
        # The receiver asked to be relieved, and nobody relieved it yet.
        referral.state is State.CANNOT_KEEP and referral.side is Side.RECEIVER
    )


def check_closing(
    details: CaseDetails,
    standing: Standing,
    answerable: Answerability,
    referrals: Iterable[ReferralNow],
    now: datetime,
    longest: datetime,
) -> None:
    """Raise unless the case may be closed like this.

    ``longest`` is by when the data are deleted at the latest (``DISPOSITION``).

    ``case.open_transfer`` and ``case.handed_unconfirmed`` while it is not settled
    who answers; ``case.unknown_code``, ``case.reason_does_not_fit``,
    ``case.bad_disposition`` and ``case.kept_too_long`` for what is said.
    """
    given = tuple(referrals)
    if any(is_open_transfer(each) for each in given):
        raise NotLawfulError(
            "case.open_transfer",
            "A transfer or a return of this case is not settled, so it is open who"
            " answers for the person.",
            remedy="Revoke the offer, answer it, or finish the return first.",
        )
    if answerable is Answerability.HANDED_UNCONFIRMED:
        raise NotLawfulError(
            "case.handed_unconfirmed",
            "The receipt of the member that takes over is not here yet.",
            remedy="Wait for the receipt.",
        )
    _check_reason(details, standing, given)
    _check_disposition(details, now, longest)


def _check_reason(
    details: CaseDetails, standing: Standing, referrals: tuple[ReferralNow, ...]
) -> None:
    if details.reason not in set(ClosureReason):
        raise InvalidInputError(
            "case.unknown_code",
            not_listed("reason", ClosureReason),
            where="reason",
            remedy="Choose one of them.",
        )
    reason = ClosureReason(details.reason)
    fitting = _STATES_FOR.get(reason)
    if fitting is not None and standing.state not in fitting:
        raise _unfitting(
            reason, f"when {either(STATE_WORDS[each] for each in sorted(fitting))}"
        )
    if reason is ClosureReason.NOT_A_VICTIM:
        onward = any(
            each.side is Side.GIVER and each.state in {State.IN_SERVICE, State.DONE}
            for each in referrals
        )
        if standing.person_status is not PersonStatus.NOT_VICTIM or not onward:
            raise _unfitting(
                reason, "after that decision, once another member helps the person"
            )
    unknown = [each for each in details.outstanding if each not in set(Regime)]
    if unknown:
        raise InvalidInputError(
            "case.unknown_code",
            f"What is outstanding is named by letters of the law: {', '.join(Regime)}.",
            where="outstanding",
            remedy="Choose one of them.",
        )


def _unfitting(reason: ClosureReason, when: str) -> NotLawfulError:
    return NotLawfulError(
        "case.reason_does_not_fit",
        f"A case is closed as {plain(reason)} only {when}.",
        where="reason",
        remedy="Choose the reason that is true, or go on with the case.",
    )


def _check_disposition(details: CaseDetails, now: datetime, longest: datetime) -> None:
    kept, blurred, deleted = (
        details.retain_until,
        details.anonymise_at,
        details.delete_at,
    )
    if NO_INSTANT in {kept, blurred, deleted} or not now < kept <= blurred <= deleted:
        raise InvalidInputError(
            "case.bad_disposition",
            "Closing says until when the data are kept, when they are made anonymous"
            " and when they are deleted, in this order, all later than now.",
            where="retain_until, anonymise_at, delete_at",
            remedy="Give three days in this order, the first of them later than now.",
        )
    if deleted > longest:
        raise NotLawfulError(
            "case.kept_too_long",
            f"The data of a case are deleted by {longest:%Y-%m-%d} at the latest when"
            " it is closed today.",
            where="delete_at",
            remedy="Choose an earlier day; a case that is opened again is kept.",
        )


def check_reopening(closed_at: datetime, until: datetime, now: datetime) -> None:
    """Raise NotLawfulError ``case.reopening_too_late`` after its time."""
    if not closed_at <= now <= until:
        raise NotLawfulError(
            "case.reopening_too_late",
            "The time in which this case could be opened again is over.",
            remedy="Open a new case.",
        )
