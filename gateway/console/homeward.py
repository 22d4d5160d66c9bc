"""S9: the way home of one case: its stages, the plan, and what may be done now.

The person's own will leads: to stop, to wait or to stay stands on the page at
every stage, apart from what moves the return on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.return_stages import way_home
from gateway.console.today import member_names
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.handoff import Step
from services.node.domain.referrals import ReferralType
from services.node.domain.turns import NEVER_OWED, SERVES_A_RETURN
from services.node.rpc.clock_values import ClockRead
from services.node.rpc.desk_values import (
    CaseRead,
    ConversationRead,
    ReferralRead,
    SaidRead,
)

router = APIRouter(prefix="/cases")

_NEVER = 1970
"""The year of the instant that stands for none."""

_ONWARD_ACTS = (
    CaseAct.MOVE_TO_RETURN,
    CaseAct.RECORD_WISH,
    CaseAct.INFORM,
    CaseAct.CONSENT_TO_RETURN,
    CaseAct.REQUEST_IDENTITY,
    CaseAct.VERIFY_IDENTITY,
    CaseAct.FIND_NO_IDENTITY,
    CaseAct.FIND_NOT_NATIONAL,
    CaseAct.APPLY_PASSPORT,
    CaseAct.APPLY_PASSPORT_NO_STAY,
    CaseAct.ASK_MINISTRY,
    CaseAct.NOTE_MINISTRY_ANSWER,
    CaseAct.ISSUE_PASSPORT,
    CaseAct.REFUSE_PASSPORT,
    CaseAct.REQUEST_TRACING,
    CaseAct.FINISH_TRACING,
    CaseAct.REFUSE_TRACING,
    CaseAct.ISSUE_CERTIFICATE,
    CaseAct.CLOSE_RETURN,
    CaseAct.PLACE,
    CaseAct.MOVE_TO_REINTEGRATION,
)
_STOPPING_ACTS = (
    CaseAct.WITHDRAW_FROM_RETURN,
    CaseAct.SUSPEND_RETURN,
    CaseAct.DECIDE_NO_RETURN,
    CaseAct.STAY,
)
_STOPPING_STEPS = frozenset(
    {Step.WITHDRAWAL, Step.SUSPENSION, Step.NO_RETURN, Step.RETURN_TO_SENDER}
)
_NOT_HERE = frozenset(
    {
        Step.RECALL,
        Step.RECALL_ACKNOWLEDGEMENT,
        Step.REVOCATION,
        Step.EXPIRY,
        Step.VOID,
        Step.RELEASE,
        Step.DECLINE,
        Step.MISROUTED,
    }
)
"""Steps of the handshake itself; they stand on the page of the referral."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that may be done: the act or step, and where its form is."""

    code: str
    path: str
    step: bool


@dataclass(frozen=True, slots=True)
class Deeds:
    """What moves the return on, and what stops it or puts it off."""

    onward: tuple[Link, ...]
    stopping: tuple[Link, ...]


@router.get("/{code}/return")
async def show(officer: SignedIn, code: str) -> Response:
    """The way home; nothing of it is sealed, and no name stands here."""
    desk, name = officer.desk, officer.name
    case = await desk.get_case(name, code)
    state = await desk.get_case_state(name, code)
    clocks = await desk.list_clocks(name, code)
    newest = newest_return(case)
    said = None if newest is None else await desk.get_referral(name, newest.referral_id)
    own = officer.visitor.site.config.member
    names = await member_names(officer)
    running = _running(clocks.clocks, newest)
    return page(
        officer.visitor,
        "return.html",
        here="/cases",
        code=case.case_pseudonym,
        home=newest,
        state=state,
        way=way_home(state, said, own),
        plan=said_last(said),
        assessing=assessing(said),
        ends={each.referral_id: each for each in state.notes if each.outcome},
        whose=_whose(newest, own, names),
        first=_due_first(running, newest),
        deeds=deeds_of(case, state.open_acts, newest),
        clocks=running,
        now=clocks.now,
        serving=[each for each in case.referrals if _serves(each)],
        names=names,
    )


def newest_return(case: CaseRead) -> ReferralRead | None:
    """The return of a case that was offered last."""
    found = [
        each
        for each in case.referrals
        if each.referral_type == ReferralType.VOLUNTARY_RETURN
    ]
    return max(found, key=lambda each: each.offered_at, default=None)


def said_last(said: ConversationRead | None) -> dict[str, Any]:
    """The newest body of every step, by the step's code."""
    return {} if said is None else {each.step: each.body for each in said.steps}


def assessing(said: ConversationRead | None) -> tuple[SaidRead, ...]:
    """Who signed the risk assessment that counts: the newest, and what answers it."""
    found: list[SaidRead] = []
    for each in () if said is None else said.steps:
        if each.step == Step.RISK_ASSESSMENT:
            found = [each]
        elif each.step == Step.RISK_COUNTERSIGNATURE:
            found.append(each)
    return tuple(found)


def _due_first(running: list[ClockRead], home: ReferralRead | None) -> ClockRead | None:
    """Of the limits of the return itself, the one that runs out first."""
    wanted = b"" if home is None else home.referral_id
    found = (
        each
        for each in running
        if each.referral_id == wanted and each.due_at > each.started_at
    )
    return min(found, key=lambda each: each.due_at, default=None)


def _whose(home: ReferralRead | None, own: str, names: Mapping[str, str]) -> str:
    """Who has to do what comes now; empty where nobody has to."""
    if home is None or not home.must_act:
        return ""
    member = own if home.must_act == home.side else home.peer
    return names.get(member, member)


def deeds_of(
    case: CaseRead, open_acts: tuple[str, ...], home: ReferralRead | None
) -> Deeds:
    """What this officer may do now, for and against going on."""
    acts = {
        each: Link(each, f"/cases/{case.case_pseudonym}/acts/{each}", step=False)
        for each in open_acts
    }
    steps = [] if home is None else [Step(each) for each in home.open_steps]
    at = "" if home is None else f"/referrals/{home.referral_id.hex()}"
    links = {
        step: Link(step, f"{at}/{step}", step=True)
        for step in steps
        if step not in _NOT_HERE
    }
    stopping = {step for step in links if step in _STOPPING_STEPS}
    return Deeds(
        onward=(
            *(links[each] for each in links if each not in {*NEVER_OWED, *stopping}),
            *(
                links[each]
                for each in links
                if each in NEVER_OWED and each not in stopping
            ),
            *(acts[each] for each in _ONWARD_ACTS if each in acts),
        ),
        stopping=(
            *(links[each] for each in links if each in stopping),
            *(acts[each] for each in _STOPPING_ACTS if each in acts),
        ),
    )


def _serves(referral: ReferralRead) -> bool:
    return referral.referral_type in SERVES_A_RETURN


def _running(
    clocks: tuple[ClockRead, ...], home: ReferralRead | None
) -> list[ClockRead]:
    """The clocks of the return and of the case itself that run towards a limit now."""
    wanted = {b""} if home is None else {b"", home.referral_id}
    return [
        each
        for each in clocks
        if each.referral_id in wanted
        and each.stopped_at.year == _NEVER
        and not each.deadline.startswith("follow_up_")
        # Without a limit of the law a clock only tells since when something runs.
        and each.due_at > each.started_at
    ]
