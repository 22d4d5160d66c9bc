"""Where the way home stands follows from both states, and nothing is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.console.return_stages import Mark, ReturnStage, way_home
from services.node.domain.case_details import NO_DETAILS
from services.node.domain.case_states import COURSE_OF, CaseState, Phase
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import State
from services.node.domain.turns import STOPPED
from services.node.rpc.case_values import CaseStateRead, StandingRead
from services.node.rpc.desk_values import ConversationRead, ReferralRead

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def state_of(state, *before, beside=(), phase="return"):
    history = tuple(
        StandingRead(phase, each, (), act, "", NO_DETAILS, "", NOW)
        for act, each in before
    )
    return CaseStateRead(
        phase, state, beside, "victim", "no", "law_2024", "", "", NEVER, NEVER, (),
        history, (), (), 0, "", "", (), NEVER,
    )  # fmt: skip


def return_in(state):
    referral = ReferralRead(
        b"", "R-1", "R-2", "giver", "lao-cai", ReferralType.VOLUNTARY_RETURN,
        "normal", "minutes", state, NOW, NOW, (), True, True, (), "", (),
        "opened", False, 0, NEVER, "", NEVER,
    )  # fmt: skip
    return ConversationRead(referral, (), 0)


def current(way):
    return [each.code for each in way.stages if each.mark in {Mark.NOW, Mark.STOPPED}]


@pytest.mark.parametrize("state", list(COURSE_OF[Phase.RETURN]))
def test_every_state_of_a_return_has_a_place_or_is_none(state):
    way = way_home(state_of(state, ("move_to_return", "moved_to_return")), None, "a")
    assert [each.code for each in way.stages] == list(ReturnStage)
    assert len(current(way)) == (
        0 if state in {CaseState.ARRIVED_CONFIRMED, CaseState.RETURN_CLOSED} else 1
    )


@pytest.mark.parametrize("state", list(State))
def test_every_state_between_two_members_has_at_most_one_current_stage(state):
    way = way_home(state_of("consented"), return_in(state), "a")
    assert len(current(way)) <= 1
    assert bool(way.stopped) == (state in STOPPED)
    waited = [each for each in ReturnStage if way.waits_for(each)]
    # A second signature is asked for only where the risk comes next.
    over = state in {*STOPPED, State.ARRIVED, State.DONE}
    assert waited == ([] if over else current(way))


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("in_service", ReturnStage.RISK),
        ("risk_proposed", ReturnStage.RISK),
        ("risk_assessed", ReturnStage.DECISION),
        ("plan_proposed", ReturnStage.PLAN),
        ("planned", ReturnStage.RECONSENT),
        ("appointed", ReturnStage.TRANSIT),
        ("at_gate", ReturnStage.HANDOVER),
        ("minuted", ReturnStage.RECEPTION),
        ("received", ReturnStage.ARRIVAL),
    ],
)
def test_what_comes_next_is_current(state, stage):
    assert current(way_home(state_of("consented"), return_in(state), "a")) == [stage]


def test_a_stopped_return_shows_where_it_stopped():
    read = state_of(
        "suspended",
        ("ready_document", "document_ready"),
        ("suspend_return", "suspended"),
    )
    way = way_home(read, return_in(State.SUSPENDED), "a")
    assert current(way) == [ReturnStage.PLAN]
    assert way.stopped == "suspended"


def test_a_case_that_never_began_a_return_has_no_stages():
    way = way_home(state_of("received", phase="reception"), None, "a")
    assert way.stages == ()


def test_looking_for_relatives_holds_nothing_up():
    read = state_of("decided_go", beside=("family_tracing",))
    way = way_home(read, None, "a")
    marks = {each.code: each.mark for each in way.stages}
    assert marks[ReturnStage.BESIDE] is Mark.NOW
    assert marks[ReturnStage.DOCUMENT] is Mark.NOW
