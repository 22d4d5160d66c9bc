"""Does a case go the way of the mechanism, and no other: who, when, what is due?

Every check asks the table as a flow does: is the act lawful for this function in
this state on this day, where does it lead, which clocks does it start and stop, and
what follows by itself. What cannot be asked for one by one (that nothing else is
lawful) is asked by what is open, state by state and function by function.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from services.node.domain.case_states import (
    CaseState,
    Phase,
    Standing,
    Track,
    track_of,
)
from services.node.domain.case_step_rows import CaseAct, CaseStepRow, End, Trigger
from services.node.domain.case_steps import CaseTransition
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, FAR
from tests.expect import case_steps as expected
from tests.expect.case_step_words import FIRST_DAY, FIRST_OF_2024, Dated, Line

Asked = tuple[Standing, CaseAct, frozenset[Trigger], frozenset[Function]]
"""How a case stands, the act, or what happened instead, and the member's function."""

BOTH_LAWS = (FIRST_DAY, FIRST_OF_2024)
OPEN_STATE = CaseState.RECEIVED
"""A state of the course for what goes on beside it and waits for none."""


def check_a_row_starts_and_meets_its_clocks(policy: Policy) -> None:
    for line, dated in _rows():
        for asked in _once(line):
            row = _asked(policy, asked, dated[0]).row
            assert row.starts == set(line.starts.split()), line
            assert row.meets == set(line.meets.split()), line


def check_a_row_is_its_laws_from_the_first_day_to_the_last(policy: Policy) -> None:
    for line, (first, last, verified) in _rows():
        for asked in _once(line):
            assert _asked(policy, asked, first).row.rule.verified is verified, line
            own = _asked(policy, asked, first).row
            assert _row_on(policy, asked, last or FAR) is own, line
            before = _row_on(policy, asked, first - DAY)
            assert before is not own, line
            assert (before is None) == (not _reaches(_laws()[asked], first - DAY)), line
            if last is not None:
                after = _row_on(policy, asked, last + DAY)
                assert after is not own, line
                assert (after is None) == (not _reaches(_laws()[asked], last + DAY)), (
                    line
                )


def check_an_act_is_lawful_for_whose_it_is_and_leads_where_it_should(
    policy: Policy,
) -> None:
    for line, dated in _rows():
        for asked, after in _every(line):
            assert _asked(policy, asked, dated[0]).standing == after, line


def check_nothing_else_is_open_to_anybody(policy: Policy) -> None:
    for on in BOTH_LAWS:
        for (standing, function), acts in _open(on).items():
            found = policy.case_steps.open_acts(standing, frozenset({function}), on)
            assert set(found) == acts, (standing, function, on)


def check_nothing_else_follows_by_itself(policy: Policy) -> None:
    """Each row that follows does so for what its line names, wherever it could be."""
    told = _follows()
    for row in policy.case_steps.rows:
        for trigger in row.triggers:
            for phase in row.phases:
                for function in row.functions:
                    assert row.from_states == told.get((phase, trigger, function)), (
                        row.rule.row,
                        trigger,
                    )


def _rows() -> Iterator[tuple[Line, Dated]]:
    return ((line, dated) for line in expected.LINES for dated in line.laws)


def _asked(policy: Policy, asked: Asked, on: date) -> CaseTransition:
    standing, act, triggers, functions = asked
    if not triggers:
        return policy.case_steps.next(standing, act, functions, on)
    found = policy.case_steps.follow(standing, triggers, functions, on)
    assert found is not None, asked
    assert found.row.act is act, asked
    return found


def _row_on(policy: Policy, asked: Asked, on: date) -> CaseStepRow | None:
    try:
        return _asked(policy, asked, on).row
    except (NotLawfulError, AssertionError):
        return None


def _reaches(laws: set[Dated], on: date) -> bool:
    return any(first <= on <= (last or FAR) for first, last, _ in laws)


@cache
def _laws() -> dict[Asked, set[Dated]]:
    """The laws under which a question is answered, by whichever line."""
    found: dict[Asked, set[Dated]] = {}
    for line in expected.LINES:
        for asked, _ in _every(line):
            found.setdefault(asked, set()).update(line.laws)
    return found


def _once(line: Line) -> list[Asked]:
    """One question that only this line answers."""
    return [asked for asked, _ in _every(line)[:1]]


_EVERY: dict[int, list[tuple[Asked, Standing]]] = {}


def _every(line: Line) -> list[tuple[Asked, Standing]]:
    """Every question that the line answers, with how the case stands afterwards."""
    found = _EVERY.get(id(line))
    if found is None:
        found = _EVERY[id(line)] = [*_questions(line)]
    return found


def _questions(line: Line) -> Iterator[tuple[Asked, Standing]]:
    track = _track(line)
    happened = [frozenset({each}) for each in _triggers(line)] or [frozenset[Trigger]()]
    for phase in map(Phase, line.phases.split()):
        for state in map(CaseState, line.before.split()):
            standing = _standing(track, phase, state)
            after = state if line.after == "=" else CaseState(line.after)
            moved = standing.moved(track, after, Phase(line.phase or phase))
            for function in sorted(line.who):
                functions = frozenset({Function(function)})
                for triggers in happened:
                    yield (
                        (standing, CaseAct(line.act), triggers, functions),
                        moved,
                    )


def _track(line: Line) -> Track:
    states = [*line.before.split(), line.after]
    told = [each for each in states if each not in {"none", "="}]
    return track_of(CaseState(told[0]))


def _triggers(line: Line) -> list[Trigger]:
    parts = [each.split(":") for each in line.on.split()]
    return [Trigger(what, End(end), step, code) for what, end, step, code in parts]


def _standing(track: Track, phase: Phase, state: CaseState) -> Standing:
    if track is Track.COURSE:
        return Standing(phase, state)
    beside = frozenset() if state is CaseState.NONE else frozenset({state})
    return Standing(phase, OPEN_STATE, beside)


@cache
def _open(on: date) -> dict[tuple[Standing, Function], set[CaseAct]]:
    """What is open by hand to each function, however a case stands."""
    lines = [
        (line, _track(line), set(line.before.split()), set(line.phases.split()))
        for line in expected.LINES
        if not line.on and _reaches(set(line.laws), on)
    ]
    found: dict[tuple[Standing, Function], set[CaseAct]] = {}
    for standing in _standings():
        fitting = [
            line
            for line, track, states, phases in lines
            if standing.phase.value in phases
            and standing.on(track).value in states
            and (track is Track.COURSE or standing.state is not CaseState.CLOSED)
        ]
        for function in Function:
            found[standing, function] = {
                CaseAct(line.act) for line in fitting if function.value in line.who
            }
    return found


def _standings() -> Iterator[Standing]:
    """Every state of the course, and every one beside it."""
    for phase in Phase:
        for state in CaseState:
            track = track_of(state)
            yield _standing(track, phase, state)


@cache
def _follows() -> dict[tuple[Phase, Trigger, Function], frozenset[CaseState]]:
    found: dict[tuple[Phase, Trigger, Function], frozenset[CaseState]] = {}
    for line in expected.LINES:
        states = frozenset(map(CaseState, line.before.split()))
        for trigger in _triggers(line):
            for phase in line.phases.split():
                for function in line.who:
                    key = (Phase(phase), trigger, Function(function))
                    found[key] = found.get(key, frozenset()) | states
    return found
