"""Rulings: which row of which table decided what about one step.

Promises the rows that a node went by, asked again from the same tables by the
day of the event: the step table, for an offer who may send it and how much each
category may tell, for a result that it may be reported, and the limits by which it
is judged; for a clock its limit and whom it rings for. Nothing is decided here.

Leaves to others: replaying a referral to the state in which a step met it, and
which policy version stood in its handoff (``flows``).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from services.node.domain.bodies import Completion, Feedback
from services.node.domain.bodies_return import TravelDocument
from services.node.domain.categories import Category
from services.node.domain.deadlines import DeadlineRow, step_triggers
from services.node.domain.errors import NotFoundError, NotLawfulError, RelaisError
from services.node.domain.escalations import End
from services.node.domain.functions import Function
from services.node.domain.handoff import Body, Step
from services.node.domain.outcomes import OutcomeRow
from services.node.domain.policy import Policy
from services.node.domain.referrals import PURPOSE_OF, Priority, ReferralType
from services.node.domain.return_codes import LONGEST_VALID
from services.node.domain.steps import Side, State
from services.node.domain.tables import VIETNAM, Rule, day_of

JUDGED_BY = {
    Step.RISK_ASSESSMENT: ("risk_valid",),
    Step.PLAN_CONFIRMATION: ("placement_confirmed_before",),
    Step.MINUTES: ("reconsent_fresh", "appointment_tolerance"),
}
"""Limits by which the content of a step is judged, or what follows from it."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one row decided, in words; ``rule`` is None where no row does."""

    rule: Rule | None
    decided: str


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step as it met a referral at one end.

    ``state`` is what that end held before; ``arrived`` is true where it did not
    take the step itself. ``categories`` are those that an offer brings sealed,
    ``due`` the deadlines whose clocks the step started here.
    """

    referral_type: ReferralType
    priority: Priority
    step: Step
    author: Side
    state: State
    at: datetime
    arrived: bool
    giver: AbstractSet[Function]
    receiver: AbstractSet[Function]
    categories: tuple[str, ...]
    body: Body
    due: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClockAsked:
    """A clock as it runs at one end of a referral, or for a case of the member."""

    deadline: str
    priority: Priority
    end: End
    due_at: datetime


def rulings_on(policy: Policy, asked: StepAsked) -> tuple[Ruling, ...]:
    """Every row that decided something about the step, table by table."""
    return (
        _step(policy, asked),
        *(_offer(policy, asked) if asked.step is Step.OFFER else ()),
        *_result(policy, asked),
        *_clocks(policy, asked),
    )


def _step(policy: Policy, asked: StepAsked) -> Ruling:
    try:
        found = policy.steps.next(
            asked.referral_type,
            asked.step,
            asked.author,
            asked.state,
            day_of(asked.at),
            arrived=asked.arrived,
        )
    except NotLawfulError as refused:
        return Ruling(None, refused.message)
    told = f"the {asked.author} may take it: {asked.state} -> {found.to_state}"
    if found.moves_responsibility:
        told += "; responsibility moves"
    if found.opens_identity:
        told += "; what travelled sealed may be opened"
    return Ruling(found.row.rule, told)


def _offer(policy: Policy, asked: StepAsked) -> Iterator[Ruling]:
    on = day_of(asked.at)
    try:
        competence = policy.may_send.competence(
            asked.referral_type, asked.giver, asked.receiver, on
        )
    except NotLawfulError as refused:
        yield Ruling(None, refused.message)
        return
    for row in competence.rows:
        yield Ruling(
            row.rule,
            f"{row.giver} may offer a {row.referral_type} to {row.receiver};"
            f" responsibility moves on {row.moves_on}",
        )
    purpose = PURPOSE_OF[asked.referral_type]
    parts = policy.offer_parts.of(asked.referral_type, on)
    for code in asked.categories:
        part = parts.get(Category(code))
        riding = f"{part.need}, {part.basis}" if part else "no row lets it"
        yield Ruling(
            part.rule if part else None,
            f"{code} on a {asked.referral_type}: {riding}",
        )
        need = policy.need_to_know.allowed(
            competence.receiver_functions, Category(code), purpose, on
        )
        within = f", {need.limit}" if need.limit else ""
        yield Ruling(
            need.row.rule if need.row else None,
            f"{code} for {purpose}: {need.necessity}{within}",
        )


def _result(policy: Policy, asked: StepAsked) -> Iterator[Ruling]:
    body, on = asked.body, day_of(asked.at)
    found: OutcomeRow
    try:
        if isinstance(body, Completion):
            found = policy.outcomes.check(
                asked.referral_type, body.outcome, body.result, on
            )
        elif isinstance(body, Feedback):
            found = policy.outcomes.check_feedback(asked.referral_type, body.result, on)
        else:
            return
    except RelaisError as refused:
        yield Ruling(None, refused.message)
        return
    told = f"a {asked.referral_type} that is {found.outcome} may report {found.result}"
    yield Ruling(found.rule, told)


def _clocks(policy: Policy, asked: StepAsked) -> Iterator[Ruling]:
    triggers = step_triggers(asked.step, asked.referral_type)
    for row in policy.deadlines.started_by(triggers, asked.priority, asked.at):
        if row.deadline not in asked.due:
            told = f"clock {limit_of(row)} starts, and rings at the other end only"
            yield Ruling(row.rule, told)
    for name in (*JUDGED_BY.get(asked.step, ()), *_paper(asked.body)):
        try:
            row = policy.deadlines.row(name, day_of(asked.at), asked.priority)
        except NotFoundError:
            continue
        yield Ruling(row.rule, f"limit {limit_of(row)} applies")


def _paper(body: Body) -> Iterator[str]:
    """The limit of the kind of paper that a step names, if it has one."""
    if isinstance(body, TravelDocument):
        yield from (
            name for kind, name in LONGEST_VALID.items() if kind == body.document_type
        )


def rulings_on_clock(policy: Policy, clock: ClockAsked, on: date) -> tuple[Ruling, ...]:
    """The row that set a clock's limit, and the rows by which it rings here."""
    try:
        row = policy.deadlines.row(clock.deadline, on, clock.priority)
    except NotFoundError as missing:
        return (Ruling(None, missing.message),)
    met_by = f"; {' or '.join(sorted(row.met_by))} meets it" if row.met_by else ""
    due = f"{clock.due_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
    rings = policy.escalations.rings(clock.deadline, clock.priority, clock.end, on)
    return (
        Ruling(row.rule, f"clock {limit_of(row)} is due {due}{met_by}"),
        *(
            Ruling(
                ring.rule,
                f"clock {clock.deadline} rings {ring.level} at {ring.share} %"
                + (f" for {ring.to}" if ring.to else ""),
            )
            for ring in rings
        ),
    )


def limit_of(row: DeadlineRow) -> str:
    """A deadline with its limit, such as *answered (24 hours)*."""
    return f"{row.deadline} ({row.value} {row.unit})"
