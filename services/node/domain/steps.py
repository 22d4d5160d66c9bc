"""Step tables: who may take which step of a referral, from which state.

Promises one table for both ends. Each end keeps the state of a referral as far
as it knows it: its own steps count when it logs them, the other's when they
arrive. Messages can cross; rows marked *arrival only* say what a step means that
was lawful where it was taken and meets a changed state here. Their principle:
the giver decides about an acceptance (whatever it recalled stays recalled, and
its node answers void), the receiver about its own decline, completion or
witness (they stand against a recall, a void or a withdrawal that crosses them),
and about its countersignature: who withdrew under signed minutes may have been
received already, and then the receiver answers, whatever the giver's state.
Once nothing is under way, both ends hold the same state.

Leaves to others: bodies (``handoff``), between whom (``may_send``), by when
(``deadlines``), and the guard that lets one of two racing acts win (the store).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.plain_words import (
    day_words,
    either,
    opening,
    plain,
    resting_on,
)
from services.node.domain.referrals import SHARES, TRANSFERS, ReferralType
from services.node.domain.step_words import SIDE_WORDS, STATE_WORDS, STEP_WORDS
from services.node.domain.tables import Rule

GROUPS = {"shares": SHARES, "transfers": TRANSFERS}
"""What a row may say instead of many types."""

_MOST_STATES = 4
"""A refusal lists no more: its sentence would hide its point."""


class Side(StrEnum):
    """Which end of a referral a member is."""

    GIVER = "giver"
    """Made the offer."""
    RECEIVER = "receiver"
    """Got the offer."""


class State(StrEnum):
    """What a referral is in, as one end knows it."""

    NONE = "none"
    """No offer yet."""
    OFFERED = "offered"
    """The receiver has to answer."""
    OPENED = "opened"
    """A person of the receiver has it; the receiver has to answer."""
    ASKED = "asked"
    """The giver has to answer a question first."""
    ACCEPTED = "accepted"
    """Accepted provisionally; the giver's node answers release or void."""
    DECLINED = "declined"
    """The receiver declined."""
    EXPIRED = "expired"
    """It found no answer in time; the giver stays answerable."""
    REVOKED = "revoked"
    """The giver took the offer back, for reasons of its own."""
    MISROUTED = "misrouted"
    """The receiver says that it was meant for somebody else."""
    REROUTED = "rerouted"
    """The giver sent the request on to another member."""
    RECALLED = "recalled"
    """The person withdrew the consent before anything was opened."""
    VOID = "void"
    """The acceptance does not hold."""
    IN_SERVICE = "in_service"
    """Released: the receiver works on it."""
    ENDED_BY_RECALL = "ended_by_recall"
    """The consent on which the task rested was withdrawn; the task ended."""
    RETURNED = "returned"
    """The receiver gave the task back: it cannot be done here."""
    CANNOT_KEEP = "cannot_keep"
    """The receiver has to be relieved; it is answerable until somebody else is."""
    RISK_PROPOSED = "risk_proposed"
    """The giver signed the joint risk assessment."""
    RISK_ASSESSED = "risk_assessed"
    """Both signed it."""
    NO_RETURN = "no_return"
    """Both signed that the person should not return; it ends."""
    DOCUMENT_READY = "document_ready"
    """The travel document is ready."""
    PLAN_PROPOSED = "plan_proposed"
    """The giver proposed how the return will be."""
    PLANNED = "planned"
    """The receiver confirmed the plan and the place that waits."""
    RECONSENTED = "reconsented"
    """The person confirmed the wish to return."""
    APPOINTMENT_PROPOSED = "appointment_proposed"
    """The giver named gate and time."""
    APPOINTED = "appointed"
    """The receiver confirmed gate and time."""
    IN_TRANSIT = "in_transit"
    """The person and the escort are on their way."""
    AT_GATE = "at_gate"
    """They are at the gate."""
    MINUTED = "minuted"
    """The giver signed the minutes; the giver is still answerable."""
    DISPUTED = "disputed"
    """The receiver found something else; the giver is still answerable."""
    RECEIVED = "received"
    """The receiver countersigned: it is answerable."""
    ARRIVED = "arrived"
    """The person arrived."""
    WITNESSED = "witnessed"
    """The witness attested what it saw."""
    WITHDRAWN = "withdrawn"
    """The person withdrew before crossing."""
    SUSPENDED = "suspended"
    """The return is put off; it goes on by a new offer."""
    DONE = "done"
    """The service is done."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row; ``to_state`` None leaves the state as it is (``=``)."""

    rule: Rule
    referral_types: frozenset[ReferralType]
    step: Step
    author: Side
    from_states: frozenset[State]
    to_state: State | None
    arrival_only: bool
    moves_responsibility: bool
    opens_identity: bool
    needs_case_seq: bool


@dataclass(frozen=True, slots=True)
class Transition:
    """What a lawful step does.

    ``moves_responsibility``: the receiver's leaf for it makes the receiver
    answerable. ``opens_identity``: it carries the keys of sealed parts.
    ``needs_case_seq``: where it is taken it competes for the case's next number,
    because it moves responsibility, opens identity, changes consent or ends what
    could.
    """

    to_state: State
    moves_responsibility: bool
    opens_identity: bool
    needs_case_seq: bool
    row: StepRow


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that was taken, by which side and on which day of the case clock."""

    step: Step
    author: Side
    on: date


_Key = tuple[ReferralType, Step, Side, State]


class StepTable:
    """The step table of one policy version."""

    def __init__(self, rows: tuple[StepRow, ...]) -> None:
        self.rows = rows
        self._found: dict[_Key, list[StepRow]] = {}
        for row in rows:
            for key in _keys(row):
                self._found.setdefault(key, []).append(row)

    def next(
        self,
        referral_type: ReferralType,
        step: Step,
        author: Side,
        state: State,
        on: date,
        *,
        arrived: bool,
    ) -> Transition:
        """What ``step``, taken by ``author`` on the day ``on``, does here.

        ``state`` is what this end holds; ``arrived`` is true if the step came
        from the other end, false if this end is about to take it. Raises
        ``NotLawfulError("step.not_lawful")``, which says in words when the step can
        be taken and what is open instead, and names the rows at its end.
        """
        row = self._row((referral_type, step, author, state), on, arrived=arrived)
        if row is not None:
            return _transition(row, state)
        raise NotLawfulError(
            "step.not_lawful",
            resting_on(
                self._why_not(referral_type, step, author, state, on),
                f"{referral_type}: {step} by the {author} in {state} on"
                f" {on.isoformat()}",
                *self._rules(referral_type, step, author, on),
            ),
            where=f"the step {step}",
            remedy=self._instead(referral_type, state, author, on),
        )

    def _taken_from(
        self, referral_type: ReferralType, step: Step, author: Side, on: date
    ) -> list[State]:
        """The states in which a side takes a step, in the order of State."""
        return [
            state
            for state in State
            if self._row((referral_type, step, author, state), on, arrived=False)
        ]

    def _why_not(
        self,
        referral_type: ReferralType,
        step: Step,
        author: Side,
        state: State,
        on: date,
    ) -> str:
        thing, kind = opening(STEP_WORDS[step]), plain(referral_type)
        states = self._taken_from(referral_type, step, author, on)
        other = Side.RECEIVER if author is Side.GIVER else Side.GIVER
        if states:
            when = either(STATE_WORDS[each] for each in states[:_MOST_STATES])
            later = " or in some later states" if len(states) > _MOST_STATES else ""
            return (
                f"{thing} can be recorded in a referral for {kind} only when"
                f" {when}{later}; here {STATE_WORDS[state]}."
            )
        if self._taken_from(referral_type, step, other, on):
            return (
                f"{thing} is for {SIDE_WORDS[other]} to record in a referral for"
                f" {kind}, not for {SIDE_WORDS[author]}."
            )
        return f"{thing} has no place in a referral for {kind} on {day_words(on)}."

    def _rules(
        self, referral_type: ReferralType, step: Step, author: Side, on: date
    ) -> list[str]:
        """The rows that let this side take the step in other states."""
        return [
            str(row.rule)
            for row in self.rows
            if referral_type in row.referral_types
            and (row.step, row.author) == (step, author)
            and row.rule.in_force(on)
            and not row.arrival_only
        ] or ["the table steps has no row for it"]

    def _instead(
        self, referral_type: ReferralType, state: State, author: Side, on: date
    ) -> str:
        steps = self.open_steps(referral_type, state, author, on)
        told = "; ".join(f"{STEP_WORDS[each]} ({each})" for each in steps)
        return f"What {SIDE_WORDS[author]} can record now: {told or 'nothing'}."

    def replay(self, referral_type: ReferralType, taken: Iterable[TakenStep]) -> State:
        """The state after these steps in the order in which one end applied them.

        A step that no row allows where it comes moves nothing: it rested on one
        that is left out.
        """
        state = State.NONE
        for each in taken:
            key = (referral_type, each.step, each.author, state)
            row = self._row(key, each.on, arrived=True)
            if row is not None:
                state = _transition(row, state).to_state
        return state

    def open_steps(
        self, referral_type: ReferralType, state: State, author: Side, on: date
    ) -> tuple[Step, ...]:
        """The steps that ``author`` may take in ``state``, in the order of Step."""
        return tuple(
            step
            for step in Step
            if self._row((referral_type, step, author, state), on, arrived=False)
        )

    def _row(self, key: _Key, on: date, *, arrived: bool) -> StepRow | None:
        for row in self._found.get(key, ()):
            if row.rule.in_force(on) and (arrived or not row.arrival_only):
                return row
        return None


def _transition(row: StepRow, state: State) -> Transition:
    return Transition(
        state if row.to_state is None else row.to_state,
        row.moves_responsibility,
        row.opens_identity,
        row.needs_case_seq,
        row,
    )


def _to_state(cell: str) -> State | None:
    return None if cell == "=" else tables.one_of(State)(cell)


def read_types(cell: str) -> frozenset[ReferralType]:
    """Types by name; ``shares`` and ``transfers`` stand for all of their kind."""
    words = cell.split(" ")
    named = [word for word in words if word not in GROUPS]
    found = tables.some_of(ReferralType, star=True)(" ".join(named)) if named else ()
    grouped = (GROUPS[word] for word in words if word in GROUPS)
    return frozenset(found).union(*grouped)


_COLUMNS = {
    "referral_types": read_types,
    "step": tables.one_of(Step),
    "author": tables.one_of(Side),
    "from_states": tables.some_of(State),
    "to_state": _to_state,
    "arrival_only": tables.flag,
    "moves_responsibility": tables.flag,
    "opens_identity": tables.flag,
    "needs_case_seq": tables.flag,
}


def _keys(row: StepRow) -> list[_Key]:
    return [
        (referral_type, row.step, row.author, state)
        for referral_type in row.referral_types
        for state in row.from_states
    ]


def read_steps(raw: bytes, problems: list[str]) -> StepTable:
    """The table ``steps``; what is wrong is added to ``problems``."""
    rows = tables.read_table("steps", raw, StepRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, _keys, problems)
    return StepTable(rows)
