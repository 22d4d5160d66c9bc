"""What a step or an act does to clocks: which it starts, which it meets.

The same rows at both ends: the policy's ``deadlines`` say what starts and meets a
clock, ``escalations`` how it rings at this end. A clock runs from when the step
happened, on the case clock alone. The rows are written with the step, so that a
met clock never rings afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.node.domain.arrivals import NOBODY_AWAITED
from services.node.domain.deadlines import act_triggers, step_triggers
from services.node.domain.errors import NotFoundError
from services.node.domain.escalations import End
from services.node.domain.functions import Function
from services.node.domain.handoff import Step
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.domain.terms import ANSWERED
from services.node.domain.turns import STOPPED
from services.node.flows.clocks import Subject, moved, new_timer, timer_id_of
from services.node.flows.effects import Happened
from services.node.flows.own import OwnMember
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.timers import (
    insert_timer,
    insert_timer_after_refusals,
    insert_timer_of_first_transfer,
    stop_case_timers,
    stop_timers,
)
from services.node.store.writes import Write

UNREACHABLE = "unreachable"
"""The deadline that any answer of the other member's node meets."""

RECEIPT = "act:receipt"
"""What meets it, as a trigger."""

THIRD_DECLINE = "third_decline"
"""The deadline of a need that three members did not take up."""

FIRST_TRANSFER = "transfer_impact_dossier"
"""The deadline of the dossier on what goes to an organisation abroad (§4.6)."""

_REFUSALS = 3
_FOUND_NOBODY = {Step.DECLINE, Step.EXPIRY, Step.MISROUTED}
_TELLS_OF_THE_PERSON = {Step.OFFER, Step.FEEDBACK}


def step_clocks(
    own: OwnMember, referral: ReferralRow, what: Happened
) -> tuple[Write, ...]:
    """The clocks of a referral after a step, at this end."""
    deadlines = own.adopted.policy.deadlines
    triggers = step_triggers(what.step, ReferralType(referral.referral_type))
    subject = _of_referral(own, referral)
    writes: list[Write] = []
    begun = deadlines.started_by(triggers, subject.priority, what.at)
    met = deadlines.met_by(triggers)
    if what.found:
        # Found again: the word ends the very clock that it would begin.
        met |= {row.deadline for row in begun}
        begun = ()
    if met:
        writes.append(
            stop_timers(referral.referral_id, sorted(met), what.at, what.event_id)
        )
    for row in begun:
        if RECEIPT in (row.met_by or ()) and not what.here:
            continue
        if _came_too_late(referral, what):
            continue
        timer = new_timer(own, subject, row, what.event_id, what.at)
        if timer is not None:
            if what.answer_by is not None and row.deadline == ANSWERED:
                timer = moved(timer, what.answer_by)
            writes.append(insert_timer(timer))
    if referral.side == Side.GIVER and what.step in _FOUND_NOBODY:
        writes.extend(_refusals(own, referral, what))
    if what.here and what.step in _TELLS_OF_THE_PERSON:
        writes.extend(_first_transfer(own, referral, what))
    return tuple(writes)


def _came_too_late(referral: ReferralRow, what: Happened) -> bool:
    """Whether the step crossed an end: nothing can meet its clock now.

    A recall still asks for its acknowledgement; a person is missed only while
    somebody waits for her.
    """
    if what.here or what.step is Step.RECALL:
        return False
    ends = NOBODY_AWAITED if what.step is Step.NOT_ARRIVED else STOPPED
    return State(referral.state) in ends


def act_clocks(
    own: OwnMember, case: CaseRow, act: str, event_id: bytes, at: datetime
) -> tuple[Write, ...]:
    """The clocks of a case after an act inside the member."""
    deadlines = own.adopted.policy.deadlines
    triggers = act_triggers(act)
    functions = own.functions_of(own.name)
    subject = Subject(case.case_id, None, Priority.NORMAL, End.OWN, functions)
    writes: list[Write] = []
    met = deadlines.met_by(triggers)
    if met:
        writes.append(stop_case_timers(case.case_id, sorted(met), at, event_id))
    for row in deadlines.started_by(triggers, subject.priority, at):
        timer = new_timer(own, subject, row, event_id, at)
        if timer is not None:
            writes.append(insert_timer(timer))
    return tuple(writes)


def _of_referral(own: OwnMember, referral: ReferralRow) -> Subject:
    side = Side(referral.side)
    # Where a clock counts working days, the receiver is the one who must answer.
    answering = own.name if side is Side.RECEIVER else referral.peer
    return Subject(
        referral.case_id,
        referral.referral_id,
        Priority(referral.priority),
        End(side.value),
        own.functions_of(answering),
    )


def _refusals(
    own: OwnMember, referral: ReferralRow, what: Happened
) -> tuple[Write, ...]:
    """Each third member that does not take a need up escalates it."""
    if referral.case_id is None:
        return ()
    priority = Priority(referral.priority)
    try:
        row = own.adopted.policy.deadlines.row(THIRD_DECLINE, day_of(what.at), priority)
    except NotFoundError:
        # A policy without this deadline escalates no third decline.
        return ()
    subject = Subject(
        referral.case_id, None, priority, End.OWN, own.functions_of(own.name)
    )
    timer = new_timer(own, subject, row, what.event_id, what.at)
    if timer is None:
        return ()
    timer_id = timer_id_of(
        own.name, what.event_id, THIRD_DECLINE, referral.referral_type
    )
    named = replace(timer, timer_id=timer_id)
    return (insert_timer_after_refusals(named, referral.referral_type, _REFUSALS),)


def _first_transfer(
    own: OwnMember, referral: ReferralRow, what: Happened
) -> tuple[Write, ...]:
    """What is told an organisation abroad for the first time needs a dossier.

    One clock for each such member, in the case with which it began.
    """
    there = Function.FOREIGN_LIAISON in own.functions_of(referral.peer)
    here = Function.FOREIGN_LIAISON not in own.functions_of(own.name)
    if referral.case_id is None or not (there and here):
        return ()
    try:
        row = own.adopted.policy.deadlines.row(FIRST_TRANSFER, day_of(what.at))
    except NotFoundError:
        # Before the law on personal data there was no such dossier.
        return ()
    functions = own.functions_of(own.name)
    subject = Subject(referral.case_id, None, Priority.NORMAL, End.OWN, functions)
    timer = new_timer(own, subject, row, what.event_id, what.at)
    if timer is None:
        return ()
    return (insert_timer_of_first_transfer(timer, referral.peer),)
