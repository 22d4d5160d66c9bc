"""Why an act of a case is refused, in words that a case worker understands.

Promises one plain sentence (what cannot be recorded, when it could, how the case
stands), the rule at its end in parentheses, and what to do instead: the first thing
on the shortest way there, and all that is open now.

Leaves to others: deciding that it is refused (``case_steps``). What goes on beside
the course is about the person, so no sentence tells how that stands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from datetime import date

from services.node.domain.case_states import (
    COURSE_OF,
    CaseState,
    Phase,
    Standing,
    Track,
)
from services.node.domain.case_step_rows import (
    FOLLOW_UP,
    CaseAct,
    CaseStepRow,
    Trigger,
)
from services.node.domain.case_words import ACT_WORDS, PHASE_WORDS, STATE_WORDS
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.handoff import Step
from services.node.domain.plain_words import (
    day_words,
    either,
    members,
    opening,
    plain,
    resting_on,
)
from services.node.domain.step_words import STEP_WORDS

_MOST_STATES = 4
"""More than these are not listed: the sentence would hide its point."""

_OPEN = frozenset(each for course in COURSE_OF.values() for each in course) - {
    CaseState.CLOSED
}

_NO_WAY_FORWARD = frozenset(
    {
        CaseAct.ACCEPT_OFFER,
        CaseAct.HAND_ON,
        CaseAct.REPORT_LEFT,
        CaseAct.DECLINE_SUPPORT,
        CaseAct.ASSESS_RISK,
        CaseAct.DISPUTE,
        CaseAct.WITHDRAW_FROM_RETURN,
        CaseAct.SUSPEND_RETURN,
        CaseAct.DECIDE_NO_RETURN,
        CaseAct.NOTE_SETBACK,
        CaseAct.MOVE_PROVINCE,
        CaseAct.SUSPEND_BY_PERSON,
        CaseAct.LOSE_CONTACT,
        CaseAct.ALERT_RETRAFFICKING,
        CaseAct.CLOSE,
    }
)
"""Acts that nobody is told to take only because another would follow on them."""

_TAKES_OVER = frozenset({Step.ACCEPT, Step.RELEASE})
"""Steps by which a case comes from another member, from wherever it was."""


def wrong_function(
    fitting: Sequence[CaseStepRow],
    functions: Collection[Function],
    open_now: Sequence[CaseStepRow],
) -> NotLawfulError:
    """The act follows now, but others take it; ``fitting`` are the rows for it."""
    act = fitting[0].act
    allowed = frozenset[Function]().union(*(row.functions for row in fitting))
    sentence = (
        f"{opening(ACT_WORDS[act])} is for {members(allowed)} to record;"
        f" this member is {members(functions, 'and')}."
    )
    return NotLawfulError(
        "case.wrong_function",
        resting_on(sentence, *(row.rule for row in fitting)),
        where=f"the act {act}",
        remedy=f"Refer the case to one of them. {_open(open_now)}",
    )


def not_lawful(
    rows: Sequence[CaseStepRow],
    standing: Standing,
    act: CaseAct,
    functions: Collection[Function],
    on: date,
    open_now: Sequence[CaseStepRow],
) -> NotLawfulError:
    """The act does not follow on how the case stands; ``rows`` are the table's."""
    own = [row for row in rows if row.act is act and row.rule.in_force(on)]
    by_officers = [row for row in own if not row.triggers]
    if not own:
        sentence, basis = _without_law(act, on), _rules_of_other_days(rows, act)
        first = ""
    elif by_officers:
        sentence, basis = _only_when(by_officers, standing), _rules(by_officers)
        first = _first(_first_way(rows, by_officers, standing, on), functions)
    else:
        sentence, basis = _by_itself(own), _rules(own)
        first = "Take that step in the referral."
    return NotLawfulError(
        "case.step_not_lawful",
        resting_on(sentence, *basis),
        where=f"the act {act}",
        remedy=" ".join(filter(None, (first, _open(open_now)))),
    )


def _rules(rows: Sequence[CaseStepRow]) -> list[str]:
    return [str(row.rule) for row in rows]


def _rules_of_other_days(rows: Sequence[CaseStepRow], act: CaseAct) -> list[str]:
    of_act = [row.rule for row in rows if row.act is act]
    return [f"{each} from {each.valid_from.isoformat()}" for each in of_act] or [
        "the table case_steps has no row for it"
    ]


def _without_law(act: CaseAct, on: date) -> str:
    return (
        f"{opening(ACT_WORDS[act])} cannot be recorded for {day_words(on)}: the law"
        " of that day does not provide for it."
    )


def _only_when(rows: Sequence[CaseStepRow], standing: Standing) -> str:
    act = rows[0].act
    thing = opening(ACT_WORDS[act])
    on_course = rows[0].track is Track.COURSE
    if standing.state is CaseState.CLOSED and not on_course:
        return f"{thing} can be recorded only in an open case; here the case is closed."
    if on_course and standing.state is CaseState.NONE:
        here = "here there is no case yet"
    elif not any(standing.phase in row.phases for row in rows):
        phase, state = PHASE_WORDS[standing.phase], STATE_WORDS[standing.state]
        here = f"this case is in {phase}: {state}"
    elif on_course:
        here = f"here {STATE_WORDS[standing.state]}"
    else:
        here = "that is not so here"
    return f"{thing} can be recorded only {_when(rows, standing)}; {here}."


def _when(rows: Sequence[CaseStepRow], standing: Standing) -> str:
    """On what the act follows: in this part of the case if it does there."""
    here = [row for row in rows if standing.phase in row.phases]
    phases = {phase for row in rows for phase in row.phases}
    during = [f"during {PHASE_WORDS[each]}" for each in Phase if each in phases]
    told = frozenset[CaseState]().union(*(_states(row) for row in here or rows))
    states = [each for each in CaseState if each in told]
    on_course = rows[0].track is Track.COURSE
    if CaseState.NONE in told and on_course:
        return "when there is no case yet"
    if on_course and told >= _OPEN:
        return "in an open case"
    clauses = [STATE_WORDS[each] for each in states[:_MOST_STATES]]
    if len(states) > _MOST_STATES:
        clauses.append("in some later states")
    when = f"when {either(clauses)}"
    return when if here else f"{either(during)}, {when}"


def _states(row: CaseStepRow) -> frozenset[CaseState]:
    """The states in which a case of the row's phases can be."""
    if row.track is not Track.COURSE:
        return row.from_states
    possible = {each for phase in row.phases for each in COURSE_OF[phase]}
    return row.from_states & (possible | {CaseState.NONE}) or row.from_states


def _by_itself(rows: Sequence[CaseStepRow]) -> str:
    triggers = sorted({each for row in rows for each in row.triggers}, key=str)
    events = list(dict.fromkeys(_event(each) for each in triggers))
    return (
        f"{opening(ACT_WORDS[rows[0].act])} is not recorded in the case by hand: it"
        f" follows by itself on {either(events[:_MOST_STATES])}."
    )


def _event(trigger: Trigger) -> str:
    if trigger.what == FOLLOW_UP:
        return "a follow-up"
    return f"{STEP_WORDS[trigger.step]} in a referral for {plain(trigger.what)}"


def _first_way(
    rows: Sequence[CaseStepRow],
    wanted: Sequence[CaseStepRow],
    standing: Standing,
    on: date,
) -> CaseStepRow | None:
    """The first row on the shortest way to where a wanted row fits; None for none."""
    ways: deque[tuple[Standing, CaseStepRow | None]] = deque([(standing, None)])
    seen = {standing}
    # What an officer can do goes before what waits for others.
    steps = [
        row
        for row in sorted(rows, key=lambda each: bool(each.triggers))
        if row.track is Track.COURSE
        and row.to_state is not None
        and row.act not in _NO_WAY_FORWARD
        and not any(each.step in _TAKES_OVER for each in row.triggers)
        and row.rule.in_force(on)
    ]
    while ways:
        here, first = ways.popleft()
        if first is not None and any(row.fits(here) for row in wanted):
            return first
        for row in steps:
            after = row.moved(here) if row.fits(here) else here
            if after not in seen:
                seen.add(after)
                ways.append((after, first or row))
    return None


def _first(row: CaseStepRow | None, functions: Collection[Function]) -> str:
    if row is None:
        return ""
    thing = ACT_WORDS[row.act]
    if row.triggers:
        return f"First comes {thing}, by a referral."
    if row.functions & frozenset(functions):
        return f"First record {thing}."
    return f"First {thing} is for {members(row.functions)} to record."


def _open(rows: Sequence[CaseStepRow]) -> str:
    """The way of the case in words; what goes on beside it by its codes, at the end."""
    onward = {
        row.act
        for row in rows
        if row.track is Track.COURSE and row.to_state is not None
    }
    beside = {row.act for row in rows} - onward
    told = "; ".join(
        f"{ACT_WORDS[each]} ({each})" for each in CaseAct if each in onward
    )
    codes = ", ".join(each for each in CaseAct if each in beside)
    also = f" (Beside the way of the case also: {codes}.)" if codes else ""
    return f"What can be recorded now: {told or 'nothing'}.{also}"
