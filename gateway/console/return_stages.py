"""Where somebody is on the way home: the stages in order, and what stands for each.

Promises one answer at both ends: as long as a return is under way between two
members, its own state decides; before and after, what the case is in. Identity and
relatives are looked into beside it and hold nothing up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.case_states import CaseState, Track, track_of
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.handoff import Step
from services.node.domain.steps import State
from services.node.domain.turns import STOPPED
from services.node.rpc.case_values import CaseStateRead
from services.node.rpc.desk_values import ConversationRead


class ReturnStage(StrEnum):
    """One stage; the words of each stand in the list ``return_stage``."""

    WISH = "wish"
    INFORMED = "informed"
    CONSENTED = "consented"
    BESIDE = "beside"
    RISK = "risk"
    DECISION = "decision"
    DOCUMENT = "document"
    PLAN = "plan"
    RECONSENT = "reconsent"
    TRANSIT = "transit"
    HANDOVER = "handover"
    RECEPTION = "reception"
    ARRIVAL = "arrival"


class Mark(StrEnum):
    """How far a stage is."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    STOPPED = "stopped"


_SHOWN_BY: dict[ReturnStage, frozenset[str]] = {
    ReturnStage.WISH: frozenset({CaseAct.RECORD_WISH}),
    ReturnStage.INFORMED: frozenset({CaseAct.INFORM}),
    ReturnStage.CONSENTED: frozenset({CaseAct.CONSENT_TO_RETURN, CaseAct.ACCEPT_OFFER}),
    ReturnStage.RISK: frozenset({Step.RISK_COUNTERSIGNATURE}),
    ReturnStage.DECISION: frozenset({CaseAct.DECIDE_GO, CaseAct.DECIDE_NO_RETURN}),
    ReturnStage.DOCUMENT: frozenset({Step.TRAVEL_DOCUMENT}),
    ReturnStage.PLAN: frozenset({Step.PLAN_CONFIRMATION}),
    ReturnStage.RECONSENT: frozenset({Step.RECONSENT}),
    ReturnStage.TRANSIT: frozenset({Step.GATE_ARRIVAL}),
    ReturnStage.HANDOVER: frozenset({Step.MINUTES}),
    ReturnStage.RECEPTION: frozenset({Step.COUNTERSIGNATURE}),
    ReturnStage.ARRIVAL: frozenset({Step.ARRIVAL}),
}
"""The act of a case or the step of a return that ends a stage."""

_STAGES = tuple(each for each in ReturnStage if each is not ReturnStage.BESIDE)

_OF_CASE: dict[str, ReturnStage | None] = {
    CaseState.MOVED_TO_RETURN: ReturnStage.WISH,
    CaseState.WISH_EXPRESSED: ReturnStage.INFORMED,
    CaseState.INFORMED: ReturnStage.CONSENTED,
    CaseState.CONSENTED: ReturnStage.RISK,
    CaseState.RISK_ASSESSED: ReturnStage.DECISION,
    CaseState.DECIDED_GO: ReturnStage.DOCUMENT,
    CaseState.DOCUMENT_READY: ReturnStage.PLAN,
    CaseState.PLANNED: ReturnStage.RECONSENT,
    CaseState.PRE_DEPARTURE_OK: ReturnStage.TRANSIT,
    CaseState.IN_TRANSIT: ReturnStage.TRANSIT,
    CaseState.AT_GATE: ReturnStage.HANDOVER,
    CaseState.DISPUTED: ReturnStage.HANDOVER,
    CaseState.HANDED_OVER: ReturnStage.ARRIVAL,
    CaseState.ARRIVED_CONFIRMED: None,
    CaseState.RETURN_CLOSED: None,
}
"""What comes next by the state of a case; None where nothing does."""

_OF_RETURN: dict[str, ReturnStage | None] = {
    State.IN_SERVICE: ReturnStage.RISK,
    State.RISK_PROPOSED: ReturnStage.RISK,
    State.DOCUMENT_READY: ReturnStage.PLAN,
    State.PLAN_PROPOSED: ReturnStage.PLAN,
    State.PLANNED: ReturnStage.RECONSENT,
    State.RECONSENTED: ReturnStage.TRANSIT,
    State.APPOINTMENT_PROPOSED: ReturnStage.TRANSIT,
    State.APPOINTED: ReturnStage.TRANSIT,
    State.IN_TRANSIT: ReturnStage.TRANSIT,
    State.AT_GATE: ReturnStage.HANDOVER,
    State.DISPUTED: ReturnStage.HANDOVER,
    State.MINUTED: ReturnStage.RECEPTION,
    State.RECEIVED: ReturnStage.ARRIVAL,
    State.ARRIVED: None,
    State.DONE: None,
}
"""The same by the state of the return between the members."""

_STOPPED_CASE = {CaseState.WITHDRAWN, CaseState.SUSPENDED, CaseState.NO_RETURN}
_TRACKS = (Track.IDENTITY, Track.TRACING, Track.GUARDIAN, Track.PAPER)
"""What goes on beside the way home."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as it stands; ``author`` and ``at`` where something shows it."""

    code: ReturnStage
    mark: Mark
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WayHome:
    """The stages in order; none where no return was ever begun.

    ``beside`` are the states of what goes on beside it.
    """

    stages: tuple[Stage, ...]
    beside: tuple[str, ...]
    stopped: str = ""
    """The state in which it stopped; empty while it goes on."""

    def waits_for(self, code: str) -> bool:
        """Whether that stage comes next, and nothing stopped the way."""
        return any(each.code == code and each.mark is Mark.NOW for each in self.stages)


def way_home(state: CaseStateRead, said: ConversationRead | None, own: str) -> WayHome:
    """Where the person of a case is; ``said`` is the newest return, if there is one."""
    beside = tuple(
        each for each in state.beside if track_of(CaseState(each)) in _TRACKS
    )
    coming, begun = _coming(state, said)
    if not begun:
        return WayHome((), beside)
    stopped = _stopped(state, said)
    shown = _shown(state, said, own)
    stages = [_stage(each, coming, shown, stopped=bool(stopped)) for each in _STAGES]
    place = list(ReturnStage).index(ReturnStage.BESIDE)
    mark = _mark_beside(beside, coming)
    stages.insert(place, Stage(ReturnStage.BESIDE, mark))
    return WayHome(tuple(stages), beside, stopped)


def _coming(
    state: CaseStateRead, said: ConversationRead | None
) -> tuple[ReturnStage | None, bool]:
    """The stage that is not done yet, and whether a return was begun at all."""
    of_return = "" if said is None else said.referral.state
    if of_return in _OF_RETURN:
        return _OF_RETURN[of_return], True
    states = [state.state, *(each.state for each in reversed(state.history))]
    found = next((each for each in states if each in _OF_CASE), None)
    if found is None:
        return ReturnStage.WISH, said is not None
    coming = _OF_CASE[found]
    if of_return == State.RISK_ASSESSED and found == CaseState.CONSENTED:
        return ReturnStage.DECISION, True
    return coming, True


def _stopped(state: CaseStateRead, said: ConversationRead | None) -> str:
    if said is not None and said.referral.state in STOPPED:
        return said.referral.state
    return state.state if state.state in _STOPPED_CASE else ""


def _shown(
    state: CaseStateRead, said: ConversationRead | None, own: str
) -> Mapping[ReturnStage, tuple[str, datetime]]:
    """Who showed a stage to be done, and when; what was said last counts."""
    told: list[tuple[str, str, datetime]] = [
        (each.act, own, each.since) for each in state.history
    ]
    if said is not None:
        told += [(each.step, each.author, each.happened_at) for each in said.steps]
    found = {}
    for code, author, at in told:
        for stage in _stages_of(code):
            found[stage] = (author, at)
    return found


def _stages_of(code: str) -> Iterable[ReturnStage]:
    return (stage for stage, codes in _SHOWN_BY.items() if code in codes)


def _stage(
    code: ReturnStage,
    coming: ReturnStage | None,
    shown: Mapping[ReturnStage, tuple[str, datetime]],
    *,
    stopped: bool,
) -> Stage:
    if coming is None or _STAGES.index(code) < _STAGES.index(coming):
        author, at = shown.get(code, ("", None))
        return Stage(code, Mark.DONE, author, at)
    if code is coming:
        return Stage(code, Mark.STOPPED if stopped else Mark.NOW)
    return Stage(code, Mark.LATER)


def _mark_beside(beside: tuple[str, ...], coming: ReturnStage | None) -> Mark:
    """Beside the way: under way while somebody still looks for an answer."""
    waits = {CaseState.IDENTITY_VERIFICATION, CaseState.FAMILY_TRACING}
    if waits & set(beside):
        return Mark.NOW
    return Mark.DONE if beside or coming is None else Mark.LATER
