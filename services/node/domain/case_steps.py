"""The course of a case within one member: who may do what, in which state.

Promises the table ``case_steps`` (domain.md §6.1 to §6.3, §6.5). A row is taken
by an officer's act, or it follows by itself on a step of a referral or on a
follow-up (its trigger), so that a case is never in another state than its
referrals say. Where several acts may be, the person's wish decides; nothing here
depends on whether the law calls the person a victim.

Leaves to others: what an officer says with an act (``case_details``), who is
answerable (``responsibility``), firing the clocks that a row ``starts`` and
stopping those that it ``meets``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.case_states import (
    COURSE_OF,
    CaseState,
    Phase,
    Standing,
    Track,
    track_of,
)
from services.node.domain.errors import NotLawfulError
from services.node.domain.function_groups import FUNCTION_GROUPS
from services.node.domain.functions import Function
from services.node.domain.handoff import Step
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import Rule


class CaseAct(StrEnum):
    """What is done in a case; some follow on a referral only."""

    OPEN = "open"
    ACCEPT_OFFER = "accept_offer"
    TRIAGE = "triage"
    TAKE_TIP = "take_tip"
    FORWARD_TIP = "forward_tip"
    BRING_TO_COMMUNE = "bring_to_commune"
    INFORM_SOCIAL_AGENCY = "inform_social_agency"
    RECEIVE = "receive"
    ASSESS_NEEDS = "assess_needs"
    PLACE = "place"
    HAND_ON = "hand_on"
    EXTEND_ESSENTIAL_NEEDS = "extend_essential_needs"
    START_VERIFICATION = "start_verification"
    REQUEST_IDENTIFICATION = "request_identification"
    FIND_COMPLEX = "find_complex"
    DECIDE_VICTIM = "decide_victim"
    DECIDE_NOT_VICTIM = "decide_not_victim"
    PRESENT_PAPER = "present_paper"
    REPORT_LEFT = "report_left"
    DECLINE_SUPPORT = "decline_support"
    REPORT_NO_GUARDIAN = "report_no_guardian"
    NAME_GUARDIAN = "name_guardian"
    DOUBT_AGE = "doubt_age"
    CONFIRM_MINOR = "confirm_minor"
    CONFIRM_ADULT = "confirm_adult"
    SET_RISK_LEVEL = "set_risk_level"
    BEGIN_RECOVERY_PAUSE = "begin_recovery_pause"
    END_RECOVERY_PAUSE = "end_recovery_pause"
    MOVE_TO_RETURN = "move_to_return"
    MOVE_TO_REINTEGRATION = "move_to_reintegration"
    RECORD_WISH = "record_wish"
    INFORM = "inform"
    CONSENT_TO_RETURN = "consent_to_return"
    REQUEST_IDENTITY = "request_identity"
    VERIFY_IDENTITY = "verify_identity"
    FIND_NO_IDENTITY = "find_no_identity"
    FIND_NOT_NATIONAL = "find_not_national"
    APPLY_PASSPORT = "apply_passport"
    APPLY_PASSPORT_NO_STAY = "apply_passport_no_stay"
    ASK_MINISTRY = "ask_ministry"
    NOTE_MINISTRY_ANSWER = "note_ministry_answer"
    ISSUE_PASSPORT = "issue_passport"
    REFUSE_PASSPORT = "refuse_passport"
    REQUEST_TRACING = "request_tracing"
    FINISH_TRACING = "finish_tracing"
    REFUSE_TRACING = "refuse_tracing"
    ASSESS_RISK = "assess_risk"
    DECIDE_GO = "decide_go"
    READY_DOCUMENT = "ready_document"
    CONFIRM_PLAN = "confirm_plan"
    CONFIRM_DEPARTURE = "confirm_departure"
    DEPART = "depart"
    REACH_GATE = "reach_gate"
    DISPUTE = "dispute"
    HAND_OVER = "hand_over"
    ISSUE_CERTIFICATE = "issue_certificate"
    CONFIRM_ARRIVAL = "confirm_arrival"
    CLOSE_RETURN = "close_return"
    WITHDRAW_FROM_RETURN = "withdraw_from_return"
    SUSPEND_RETURN = "suspend_return"
    DECIDE_NO_RETURN = "decide_no_return"
    STAY = "stay"
    PLAN_REINTEGRATION = "plan_reintegration"
    BEGIN_CRISIS = "begin_crisis"
    BEGIN_TRANSITION = "begin_transition"
    BEGIN_INCLUSION = "begin_inclusion"
    NOTE_SETBACK = "note_setback"
    REVIEW_PLAN = "review_plan"
    COMPLETE_PLAN = "complete_plan"
    BEGIN_FOLLOW_UP = "begin_follow_up"
    MOVE_PROVINCE = "move_province"
    SUSPEND_BY_PERSON = "suspend_by_person"
    RESUME = "resume"
    LOSE_CONTACT = "lose_contact"
    ALERT_RETRAFFICKING = "alert_retrafficking"
    FILE_IMPACT_DOSSIER = "file_impact_dossier"
    CLOSE = "close"
    DISPOSE_DATA = "dispose_data"
    REOPEN = "reopen"


class End(StrEnum):
    """Which end of what triggered a row this member is."""

    GIVER = "giver"
    """It made the offer."""
    RECEIVER = "receiver"
    """It got the offer."""
    OWN = "own"
    """It happened within the member."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a row follows on: ``voluntary_return:giver:departure:in_transit``.

    ``code`` is the state that the step made, a code that the step said (a result,
    a decision), or ``*`` for any.
    """

    what: str
    end: End
    step: str
    code: str


PERIODS = frozenset({"door_open", "recovery_pause", "reopen_allowed"})
"""Deadlines that say how long something holds: nobody has to act before."""

TAKES_LONGER = {"police_verification_complex": "police_verification"}
"""A longer limit that counts from the day on which the shorter one began."""

AT_DOORS = {"bring_to_commune_pc": frozenset({"self_report", "self_returned"})}
"""Clocks that only run for who came by one of these doors (domain.md §1.3)."""

FOLLOW_UP = "follow_up"
RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class CaseStepRow:
    """One row; ``to_state`` None leaves the state as it is (``=``).

    ``starts`` and ``meets`` name deadlines of the table ``deadlines``.
    """

    rule: Rule
    phases: frozenset[Phase]
    act: CaseAct
    triggers: frozenset[Trigger]
    functions: frozenset[Function]
    from_states: frozenset[CaseState]
    to_state: CaseState | None
    to_phase: Phase | None
    starts: frozenset[str]
    meets: frozenset[str]

    @property
    def track(self) -> Track:
        """The track that the row moves."""
        told = [each for each in self.from_states if each is not CaseState.NONE]
        return track_of(self.to_state or told[0])


@dataclass(frozen=True, slots=True)
class CaseTransition:
    """What a lawful act, or what followed on a referral, makes of a case."""

    standing: Standing
    row: CaseStepRow


@dataclass(frozen=True, slots=True)
class CaseStepTable:
    """The table ``case_steps`` of one policy version."""

    rows: tuple[CaseStepRow, ...]

    def next(
        self,
        standing: Standing,
        act: CaseAct,
        functions: frozenset[Function],
        on: date,
    ) -> CaseTransition:
        """What an officer's act does, in a member with these functions.

        Raises ``NotLawfulError``: ``case.step_not_lawful`` if the act does not
        follow on this state, ``case.wrong_function`` if it is others' to do; both
        name the rule and what is open instead.
        """
        rows = [row for row in self.rows if _by_officer(row, act, on)]
        fitting = [row for row in rows if _fits(row, standing)]
        for row in fitting:
            if row.functions & functions:
                return _moved(row, standing)
        open_now = ", ".join(self.open_acts(standing, functions, on)) or "nothing"
        if fitting:
            allowed = sorted({f for row in fitting for f in row.functions})
            raise NotLawfulError(
                "case.wrong_function",
                f"{fitting[0].rule} leaves the act {act} to {', '.join(allowed)};"
                f" this member is {', '.join(sorted(functions))}.",
                where="case_steps",
                remedy=f"Refer the case, or take what is open here: {open_now}.",
            )
        raise NotLawfulError(
            "case.step_not_lawful",
            f"The act {act} does not follow on {_told(standing)} on {on.isoformat()};"
            f" {_follows_on(rows)}.",
            where="case_steps",
            remedy=f"Open now: {open_now}.",
        )

    def open_acts(
        self, standing: Standing, functions: frozenset[Function], on: date
    ) -> tuple[CaseAct, ...]:
        """What an officer of a member with these functions may do now."""
        found = {
            row.act
            for row in self.rows
            if row.functions & functions
            and _by_officer(row, row.act, on)
            and _fits(row, standing)
        }
        return tuple(act for act in CaseAct if act in found)

    def follow(
        self,
        standing: Standing,
        triggers: Iterable[Trigger],
        functions: frozenset[Function],
        on: date,
    ) -> CaseTransition | None:
        """What the case does by itself when this happened; None for nothing."""
        happened = frozenset(triggers)
        for row in self.rows:
            if (
                row.triggers & happened
                and row.rule.in_force(on)
                and row.functions & functions
                and _fits(row, standing)
            ):
                return _moved(row, standing)
        return None


def triggers_of(what: str, end: End, step: str, codes: Iterable[str]) -> set[Trigger]:
    """What a row may name for something that happened with these codes."""
    return {Trigger(what, end, step, code) for code in (*codes, "*")}


def _by_officer(row: CaseStepRow, act: CaseAct, on: date) -> bool:
    return row.act is act and not row.triggers and row.rule.in_force(on)


def _fits(row: CaseStepRow, standing: Standing) -> bool:
    if standing.phase not in row.phases:
        return False
    closed = standing.state is CaseState.CLOSED and row.track is not Track.COURSE
    return not closed and standing.on(row.track) in row.from_states


def _moved(row: CaseStepRow, standing: Standing) -> CaseTransition:
    state = standing.on(row.track) if row.to_state is None else row.to_state
    phase = row.to_phase or standing.phase
    return CaseTransition(standing.moved(row.track, state, phase), row)


def _told(standing: Standing) -> str:
    # What goes on beside the course is about the person: no error tells it.
    return f"{standing.phase}: {standing.state}"


def _follows_on(rows: list[CaseStepRow]) -> str:
    if not rows:
        return (
            "it follows on a step of a referral by itself, or on nothing on that"
            " day, and is no officer's to take"
        )
    return "; ".join(
        f"{row.rule} lets it follow on {', '.join(sorted(row.from_states))}"
        f" in {', '.join(sorted(row.phases))}"
        for row in rows
    )


def _functions(cell: str) -> frozenset[Function]:
    words = cell.split(" ")
    named = [word for word in words if word not in FUNCTION_GROUPS]
    found = tables.some_of(Function, star=True)(" ".join(named)) if named else ()
    grouped = (FUNCTION_GROUPS[word] for word in words if word in FUNCTION_GROUPS)
    return frozenset(found).union(*grouped)


def _trigger(word: str) -> Trigger:
    parts = word.split(":")
    if len(parts) != len(("what", "end", "step", "code")) or not all(parts):
        raise ValueError("a trigger is what:end:step:code")
    what, end, step, code = parts
    referral = what in set(ReferralType) and end != End.OWN and step in set(Step)
    within = (what, end, step) == (FOLLOW_UP, End.OWN, RECORDED)
    if end not in set(End) or not (referral or within):
        raise ValueError(f"nothing that happens is called {what}:{end}:{step}")
    return Trigger(what, End(end), step, code)


def _triggers(cell: str) -> frozenset[Trigger]:
    return (
        frozenset(_trigger(word) for word in cell.split(" ")) if cell else frozenset()
    )


def _names(cell: str) -> frozenset[str]:
    return frozenset(cell.split(" ")) if cell else frozenset()


def _from_states(cell: str) -> frozenset[CaseState]:
    """States by name; ``*`` is every state of the course of a case that there is."""
    if cell == "*":
        return frozenset(each for course in COURSE_OF.values() for each in course)
    return tables.some_of(CaseState)(cell)


def _to_state(cell: str) -> CaseState | None:
    return None if cell == "=" else tables.one_of(CaseState)(cell)


_COLUMNS = {
    "phases": tables.some_of(Phase, star=True),
    "act": tables.one_of(CaseAct),
    "triggers": _triggers,
    "functions": _functions,
    "from_states": _from_states,
    "to_state": _to_state,
    "to_phase": tables.optional(tables.one_of(Phase)),
    "starts": _names,
    "meets": _names,
}

_Key = tuple[Phase, object, Function, CaseState]


def _keys(row: CaseStepRow) -> Iterator[_Key]:
    what: list[object] = sorted(row.triggers, key=str) or [row.act]
    for phase in row.phases:
        for each in what:
            for function in row.functions:
                for state in row.from_states:
                    yield phase, each, function, state


def read_case_steps(raw: bytes, problems: list[str]) -> CaseStepTable:
    """The table ``case_steps``; what is wrong is added to ``problems``."""
    rows = tables.read_table("case_steps", raw, CaseStepRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, _keys, problems)
    for row in rows:
        problems.extend(_row_problems(row))
    return CaseStepTable(rows)


def _row_problems(row: CaseStepRow) -> Iterator[str]:
    place = f"case_steps row {row.rule.row}"
    told = {each for each in row.from_states if each is not CaseState.NONE}
    states = told | ({row.to_state} if row.to_state is not None else set())
    if len({track_of(each) for each in states}) != 1 or row.to_state is CaseState.NONE:
        yield f"{place}: its states must be of one track"
        return
    lands = {row.to_phase} if row.to_phase is not None else row.phases
    if row.track is Track.COURSE and row.to_state is not None:
        yield from (
            f"{place} column to_state: no case in {phase} is {row.to_state}"
            for phase in sorted(lands)
            if row.to_state not in COURSE_OF[phase]
        )
