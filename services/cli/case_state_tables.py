"""What a case is in, as tables on a terminal of the member's own officer."""

from __future__ import annotations

from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.table import Table

from services.node.domain.follow_ups import NextStep
from services.node.domain.tables import VIETNAM
from services.node.rpc.case_values import (
    CaseStateRead,
    CaseStepTaken,
    FollowUpRecorded,
    PlanRead,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEANT: dict[str, str] = {
    NextStep.NONE: "the schedule goes on",
    NextStep.REVIEW: "look at the plan again with the person",
    NextStep.EMERGENCY_REFERRAL: "refer at once and ask for protective measures",
    NextStep.SUPERVISOR: "a supervisor decides how to look for the person",
}


def print_state(console: Console, case: str, read: CaseStateRead) -> None:
    """Where the case is, how it came there, what may follow, what is granted."""
    say = console.print
    beside = "".join(f", {each}" for each in read.beside)
    say(f"{case}: {read.phase}, {read.state}{beside}", highlight=False)
    facts = (
        ("status", read.person_status),
        ("minor", read.is_minor),
        ("law", read.legal_regime),
        ("placed", read.placement),
        ("risk", read.risk_level),
        ("essential needs until", _when(read.essential_needs_until)),
        ("recovery pause until", _when(read.recovery_pause_until)),
    )
    told = ", ".join(f"{name} {value}" for name, value in facts if value)
    say(told, highlight=False, soft_wrap=True)
    history = _table("since", "phase", "state", "beside", "by", "rule")
    for each in read.history:
        history.add_row(
            _when(each.since),
            each.phase,
            each.state,
            " ".join(each.beside),
            each.act,
            each.rule,
        )
    say(history)
    granted = _table("for", "regime", "granted", "rule")
    people = [
        ("the person", read.entitlements),
        *((each.minor.alias, each.entitlements) for each in read.minors),
    ]
    for whom, entitlements in people:
        for one in entitlements:
            granted.add_row(whom, one.regime, one.granted, one.rule)
    say(granted)
    say(f"May do now: {', '.join(read.open_acts)}", highlight=False, soft_wrap=True)


def print_taken(console: Console, case: str, taken: CaseStepTaken) -> None:
    """What an act made of a case, and by when what has to follow."""
    console.print(
        f"{case}: {taken.phase}, {taken.state} (leaf {taken.ledger_index})",
        highlight=False,
    )
    for clock in taken.clocks:
        console.print(f"  {clock.deadline}: {_when(clock.due)}", highlight=False)


def print_next(console: Console, case: str, done: FollowUpRecorded) -> None:
    """That a follow-up is noted, and what its result asks for."""
    noted = f"{case}: the follow-up is noted (leaf {done.ledger_index})."
    console.print(noted, highlight=False)
    meant = _MEANT.get(done.next_step, "")
    told = f"Next step: {done.next_step}{meant and f' ({meant})'}."
    console.print(told, highlight=False, soft_wrap=True)


def print_plan(console: Console, read: PlanRead) -> None:
    """The plan with its follow-ups."""
    if read.plan.goals:
        goals = _table("about", "goal", "law", "form", "decided by", "outcome")
        for goal in read.plan.goals:
            goals.add_row(
                goal.domain,
                goal.objective,
                goal.entitlement,
                goal.application_form,
                _when(goal.decision_due),
                goal.outcome,
            )
        console.print(f"Stage: {read.plan.stage}", highlight=False)
        console.print(goals)
    else:
        console.print("No plan yet.")
    follow_ups = _table("follow-up", "when", "result")
    for planned in read.planned:
        follow_ups.add_row(planned.deadline, _when(planned.due), "planned")
    for done in read.done:
        follow_ups.add_row("", _when(done.at), done.result)
    console.print(follow_ups)


def _table(*headings: str) -> Table:
    return Table(*headings, box=box.SIMPLE, pad_edge=False)


def _when(instant: datetime) -> str:
    if instant == _EPOCH:
        return ""
    return f"{instant.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
