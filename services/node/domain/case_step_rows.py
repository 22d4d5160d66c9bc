"""The rows of the course of a case, and how a policy file says them.

Promises the row class of the table ``case_steps`` with the acts, ends and triggers
that it speaks of, and a strict reading: the states of a row are of one track, and
no row leads where a case of its phase cannot be. What the rows decide is asked of
``case_steps``.
"""

from __future__ import annotations

from collections.abc import Iterator
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

    def is_officers(self, act: CaseAct, on: date) -> bool:
        """Whether an officer takes this act by the row on that day."""
        return self.act is act and not self.triggers and self.rule.in_force(on)

    def fits(self, standing: Standing) -> bool:
        """Whether the row follows on how a case stands."""
        if standing.phase not in self.phases:
            return False
        closed = standing.state is CaseState.CLOSED and self.track is not Track.COURSE
        return not closed and standing.on(self.track) in self.from_states

    def moved(self, standing: Standing) -> Standing:
        """How a case stands after the row."""
        kept = standing.on(self.track)
        state = kept if self.to_state is None else self.to_state
        return standing.moved(self.track, state, self.to_phase or standing.phase)


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


def read_rows(raw: bytes, problems: list[str]) -> tuple[CaseStepRow, ...]:
    """The rows of ``case_steps``; what is wrong is added to ``problems``."""
    rows = tables.read_table("case_steps", raw, CaseStepRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, _keys, problems)
    for row in rows:
        problems.extend(_row_problems(row))
    return rows


def _row_problems(row: CaseStepRow) -> Iterator[str]:
    place = f"case_steps row {row.rule.row}"
    told = {each for each in row.from_states if each is not CaseState.NONE}
    states = told | ({row.to_state} if row.to_state is not None else set())
    if len({track_of(each) for each in states}) != 1 or row.to_state is CaseState.NONE:
        yield f"{place}: its states must be of one track"
        return
    if row.phases == {row.to_phase}:
        yield f"{place} column to_phase: the case is in it already; leave it empty"
    lands = {row.to_phase} if row.to_phase is not None else row.phases
    if row.track is Track.COURSE and row.to_state is not None:
        yield from (
            f"{place} column to_state: no case in {phase} is {row.to_state}"
            for phase in sorted(lands)
            if row.to_state not in COURSE_OF[phase]
        )
