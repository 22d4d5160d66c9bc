"""What a lawful step does to the rows of this member, at either end.

The step table says where the referral goes and whether responsibility moves;
here it becomes rows. The giver ends its period and the receiver begins one with
the same event, each at its own leaf: belief may overlap, it never gaps
(protocol.md §4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.both_sign import HandoverWord
from services.node.domain.handoff import Step
from services.node.domain.referrals import ReferralType
from services.node.domain.responsibility import (
    Answerability,
    AnswerabilityEvent,
    after,
)
from services.node.domain.steps import Side, Transition
from services.node.flows.case_standing import Followed
from services.node.store.handover_words import insert_handover_word
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.writes import (
    Write,
    begin_answerability,
    destroy_part_keys,
    end_answerability,
    update_case,
    update_referral,
)

_KEYS_END = {
    Step.DECLINE,
    Step.EXPIRY,
    Step.MISROUTED,
    Step.RECALL,
    Step.RELEASE,
    Step.REVOCATION,
    Step.VOID,
    Step.WITHDRAWAL,
}

_GIVING = {
    Step.RELEASE: AnswerabilityEvent.RELEASE_SENT,
    Step.COUNTERSIGNATURE: AnswerabilityEvent.COUNTERSIGNATURE_RECEIVED,
}
_TAKING = {
    Step.RELEASE: AnswerabilityEvent.RELEASE_RECEIVED,
    Step.COUNTERSIGNATURE: AnswerabilityEvent.COUNTERSIGNATURE_SENT,
}

PHASE_OF_TYPE = {
    **{each.value: "reception" for each in ReferralType},
    **{
        each.value: "return"
        for each in (
            ReferralType.VOLUNTARY_RETURN,
            ReferralType.BORDER_HANDOVER,
            ReferralType.FAMILY_TRACING,
            ReferralType.TRAVEL_DOCUMENT,
        )
    },
    **{
        each.value: "reintegration"
        for each in (
            ReferralType.REINTEGRATION,
            ReferralType.EDUCATION,
            ReferralType.LIVELIHOOD,
        )
    },
}
"""The phase of a case that begins with a referral of this type."""


@dataclass(frozen=True, slots=True)
class Happened:
    """The step as it happened; ``here`` is true where this member took it.

    ``found`` is true for the word that nobody is missed any more; ``word`` is what a
    receiving step says in codes. ``answer_by`` is by when an offer asks to be
    answered; None for the policy's own limit.
    """

    event_id: bytes
    step: Step
    at: datetime
    recorded_at: datetime
    here: bool
    found: bool = False
    word: HandoverWord | None = None
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The rows after a step, and the case_seq that guards it (or None)."""

    referral: ReferralRow
    case: CaseRow | None
    case_seq: int | None
    writes: tuple[Write, ...]


def effect_of(
    referral: ReferralRow,
    case: CaseRow | None,
    transition: Transition,
    what: Happened,
    followed: Followed | None = None,
) -> Effect:
    """The referral and case after ``what``, with the rows that say so.

    ``followed`` is what the case becomes by itself; whoever moves a case competes
    for its next number.
    """
    moved = advanced(referral, transition.to_state.value, what)
    writes: list[Write] = [update_referral(moved)]
    if what.word is not None:
        writes.append(
            insert_handover_word(
                what.event_id, referral.referral_id, what.at, what.word
            )
        )
    if referral.side == Side.GIVER and what.step in _KEYS_END:
        writes.append(destroy_part_keys(referral.referral_id))
    competes = transition.moves_responsibility or (
        transition.needs_case_seq and what.here
    )
    if case is None or not (competes or followed is not None):
        return Effect(moved, case, None, tuple(writes))
    case = replace(case, case_seq=case.case_seq + 1)
    if transition.moves_responsibility:
        case, period = _move(referral, case, what)
        writes.append(period)
    if followed is not None:
        case = replace(case, phase=followed.phase.value)
        writes += [followed.write, *followed.clocks]
    writes.append(update_case(case))
    return Effect(moved, case, case.case_seq, tuple(writes))


def competing(effect: Effect, case: CaseRow | None) -> Effect:
    """The same effect, which takes the case's next number if it took none.

    For an arrival that ends a basis: a release that was decided before it, and is
    not written yet, decides afresh.
    """
    if case is None or effect.case_seq is not None:
        return effect
    case = replace(case, case_seq=case.case_seq + 1)
    return replace(
        effect,
        case=case,
        case_seq=case.case_seq,
        writes=(*effect.writes, update_case(case)),
    )


def advanced(referral: ReferralRow, state: str, what: Happened) -> ReferralRow:
    """The referral after one more event of this member or of its peer."""
    return replace(
        referral,
        state=state,
        referral_no=referral.referral_no + 1,
        sent_seq=referral.sent_seq + what.here,
        received_seq=referral.received_seq + (not what.here),
        last_event=what.event_id,
        updated_at=what.recorded_at,
    )


def _move(
    referral: ReferralRow, case: CaseRow, what: Happened
) -> tuple[CaseRow, Write]:
    step, state = what.step.value, Answerability(case.answerable)
    if referral.side == Side.GIVER:
        ended = end_answerability(
            case.case_id,
            what.event_id,
            what.at,
            step,
            referral.peer,
            referral.referral_id,
        )
        event = _GIVING[what.step]
        return replace(case, answerable=after(state, event).value), ended
    begun = begin_answerability(
        case.case_id, what.event_id, what.at, step, referral.peer
    )
    phase = PHASE_OF_TYPE[referral.referral_type]
    answerable = after(state, _TAKING[what.step]).value
    return replace(case, answerable=answerable, phase=phase), begun
