"""Every row of the course of a case: its clocks, and the days on which it holds."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.case_states import COURSE_OF, CaseState, Phase, Standing
from services.node.domain.case_step_rows import CaseAct, End
from services.node.domain.case_steps import triggers_of
from services.node.domain.functions import Function
from tests.expect.case_clocks import CLOCKS, FOLLOWED
from tests.expect.case_follows import FOLLOWS

DAY = date(2018, 3, 6)
BEFORE, FIRST = date(2014, 3, 24), date(2014, 3, 25)
LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)
LATER = date(2040, 1, 1)
#: The last word of three: what goes on beside the course.
BESIDE = [
    ("status_decision:giver:release:in_service", ""),
    ("status_decision:receiver:release:in_service", ""),
    ("status_decision:giver:completion:victim", "identification_pending"),
    ("status_decision:receiver:completion:victim", "identification_pending"),
    ("status_decision:giver:completion:not_victim", "identification_pending"),
    ("status_decision:receiver:completion:not_victim", "identification_pending"),
    ("identity_verification:giver:release:in_service", ""),
    ("identity_verification:receiver:release:in_service", ""),
    ("identity_verification:giver:completion:verified", "identity_verification"),
    ("identity_verification:receiver:completion:not_found", "identity_verification"),
    (
        "identity_verification:giver:completion:not_vn_national",
        "identity_verification",
    ),
    ("family_tracing:giver:release:in_service", ""),
    ("family_tracing:receiver:release:in_service", ""),
    ("family_tracing:giver:completion:unsafe", "family_tracing"),
    ("family_tracing:receiver:completion:refused_by_person", "family_tracing"),
]
EVERY_FOLLOW = [
    *((happened, function, before) for happened, function, before, _ in FOLLOWS),
    *(
        (happened, "PROVINCE_SOCIAL", f"return consented {beside}")
        for happened, beside in BESIDE
    ),
]
#: Only the law of 2024 speaks of it.
NEW = {"extend_essential_needs"}


@pytest.mark.parametrize(
    ("phase", "state", "act", "function", "starts", "meets"), CLOCKS
)
def test_an_act_starts_and_stops_just_these_clocks(
    policy, phase, state, act, function, starts, meets
):
    standing = Standing(Phase(phase), CaseState(state))
    row = policy.case_steps.next(
        standing, CaseAct(act), frozenset({Function(function)}), DAY
    ).row
    assert row.starts == set(starts.split())
    known = set(meets.split())
    assert row.meets == known


@pytest.mark.parametrize(
    ("happened", "function", "before", "starts", "meets"), FOLLOWED
)
def test_what_follows_starts_and_stops_just_these_clocks(
    policy, happened, function, before, starts, meets
):
    what, end, step, code = happened.split(":")
    phase, state = before.split()
    made = policy.case_steps.follow(
        Standing(Phase(phase), CaseState(state)),
        triggers_of(what, End(end), step, (code,)),
        frozenset({Function(function)}),
        DAY,
    )
    assert made is not None
    assert made.row.starts == set(starts.split())
    assert set(meets.split()) <= made.row.meets


def open_on(policy, on, function):
    """Every act that is open on a day, with phase and state."""
    return {
        (phase, state, act)
        for phase in Phase
        for state in (CaseState.NONE, *COURSE_OF[phase])
        for act in policy.case_steps.open_acts(
            Standing(phase, state), frozenset({function}), on
        )
    }


@pytest.mark.parametrize("function", list(Function))
def test_the_rows_hold_from_their_first_day_and_across_both_laws(policy, function):
    assert open_on(policy, BEFORE, function) == set()
    first = open_on(policy, FIRST, function)
    assert first == open_on(policy, LAST_OF_2011, function)
    if function is Function.DISTRICT_SOCIAL:
        # Abolished: only what everybody may do is left to it.
        left = {act for _, _, act in open_on(policy, FIRST_OF_2024, function)}
        assert left == {
            "close",
            "dispose_data",
            "file_impact_dossier",
            "set_risk_level",
        }
        return
    after = open_on(policy, FIRST_OF_2024, function)
    assert {each for each in after if each[2] not in NEW} == first
    assert after == open_on(policy, LATER, function)


@pytest.mark.parametrize(("happened", "function", "before"), EVERY_FOLLOW)
def test_what_follows_on_referrals_holds_from_the_first_day_on(
    policy, happened, function, before
):
    what, end, step, code = happened.split(":")
    phase, state, *beside = before.split()
    standing = Standing(
        Phase(phase), CaseState(state), frozenset(CaseState(each) for each in beside)
    )
    triggers = triggers_of(what, End(end), step, (code,))
    functions = frozenset({Function(function)})
    for on, follows in (
        (BEFORE, False),
        (FIRST, True),
        (LAST_OF_2011, True),
        (FIRST_OF_2024, True),
        (LATER, True),
    ):
        made = policy.case_steps.follow(standing, triggers, functions, on)
        assert (made is not None) == follows, on
