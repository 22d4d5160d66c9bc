"""The course of a case, as domain.md §6.1 to §6.3 tells it, written by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.case_states import (
    COURSE_OF,
    CaseState,
    LegalRegime,
    PersonStatus,
    Phase,
    Standing,
    Track,
    track_of,
)
from services.node.domain.case_step_rows import CaseAct, End
from services.node.domain.case_steps import triggers_of
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function

DAY = date(2018, 3, 6)
LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)


def next_state(policy, standing, act, function, on=DAY):
    return policy.case_steps.next(
        standing, CaseAct(act), frozenset({Function(function)}), on
    )


def test_a_bank_opens_no_case(policy):
    with pytest.raises(NotLawfulError) as caught:
        next_state(policy, Standing(Phase.RECEPTION, CaseState.NONE), "open", "BANK")
    assert caught.value.code == "case.wrong_function"


def follow(policy, happened, function, standing, on=DAY):
    what, end, step, code = happened.split(":")
    return policy.case_steps.follow(
        standing,
        triggers_of(what, End(end), step, (code,)),
        frozenset({Function(function)}),
        on,
    )


def test_a_status_that_the_answer_does_not_name_decides_nothing(policy):
    pending = frozenset({CaseState.IDENTIFICATION_PENDING})
    standing = Standing(Phase.RECEPTION, CaseState.RECEIVED, pending)
    happened = "status_decision:giver:completion:successful"
    assert follow(policy, happened, "PROVINCE_SOCIAL", standing) is None


@pytest.mark.parametrize("phase", list(Phase))
def test_what_goes_on_beside_the_course_waits_for_no_state_of_it(policy, phase):
    functions = frozenset(Function)
    open_course = set(COURSE_OF[phase]) - {CaseState.CLOSED}
    for beside in CaseState:
        if track_of(beside) is Track.COURSE:
            continue
        found = {
            frozenset(
                row.act
                for row in policy.case_steps.rows
                if row.track is not Track.COURSE
                and row.is_officers(row.act, DAY)
                and row.act
                in policy.case_steps.open_acts(
                    Standing(phase, state, frozenset({beside})), functions, DAY
                )
            )
            for state in open_course
        }
        assert len(found) == 1
        closed = Standing(phase, CaseState.CLOSED, frozenset({beside}))
        assert set(policy.case_steps.open_acts(closed, functions, DAY)) == {
            CaseAct.FILE_IMPACT_DOSSIER,
            CaseAct.DISPOSE_DATA,
            CaseAct.REOPEN,
        }


def test_of_two_that_would_follow_the_first_of_the_table_does(policy):
    """A commune that is a province's social agency too receives as the agency."""
    functions = frozenset({Function.COMMUNE_PC, Function.PROVINCE_SOCIAL})
    made = policy.case_steps.follow(
        Standing(Phase.RECEPTION, CaseState.NOTIFIED),
        triggers_of("reception", End.RECEIVER, "release", ("in_service",)),
        functions,
        DAY,
    )
    assert made is not None
    assert made.standing.state is CaseState.RECEIVED


def test_a_refusal_names_the_rule_and_what_is_open_instead(policy):
    standing = Standing(Phase.RECEPTION, CaseState.NOTIFIED)
    with pytest.raises(NotLawfulError) as caught:
        next_state(policy, standing, "place", "PROVINCE_SOCIAL")
    error = caught.value
    assert error.code == "case.step_not_lawful"
    assert "here the person was reported and is not received yet." in error.message
    assert "Law 66/2011/QH12 Art 26" in error.message
    assert "receive" in error.remedy


def test_no_refusal_tells_what_was_decided_about_the_person(policy):
    decided = frozenset({CaseState.STATUS_NOT_VICTIM, CaseState.MINOR_AGE_DOUBT})
    standing = Standing(Phase.RECEPTION, CaseState.NOTIFIED, decided)
    for act in ("place", "start_verification", "decide_not_victim"):
        with pytest.raises(NotLawfulError) as caught:
            next_state(policy, standing, act, "POLICE")
        told = caught.value.message.partition("; ")[2]
        assert "by law" not in told
        assert "in doubt" not in told


def test_another_functions_act_is_refused_with_the_functions_that_may(policy):
    pending = frozenset({CaseState.IDENTIFICATION_PENDING})
    standing = Standing(Phase.RECEPTION, CaseState.RECEIVED, pending)
    with pytest.raises(NotLawfulError) as caught:
        next_state(policy, standing, "decide_victim", "VICTIM_SUPPORT_EST")
    assert caught.value.code == "case.wrong_function"
    allowed = "the police, the border guard, the coast guard or a mission abroad"
    assert f"is for {allowed} to record" in caught.value.message
    assert "Law 66/2011/QH12" in caught.value.message
    assert "place" in caught.value.remedy


def test_the_law_of_the_day_decides(policy):
    notified = Standing(Phase.RECEPTION, CaseState.NOTIFIED)
    received = Standing(Phase.RECEPTION, CaseState.RECEIVED)
    for on, law in (
        (LAST_OF_2011, "Law 66/2011/QH12 Arts 24-26; Decree 09/2013/ND-CP Art 19"),
        (FIRST_OF_2024, "Law 53/2024/QH15 Arts 27, 30; Decree 162/2025/ND-CP Art 17"),
    ):
        made = next_state(policy, notified, "receive", "PROVINCE_SOCIAL", on)
        assert made.row.rule.law == law
        assert "essential_needs_max" in made.row.starts
    # Only the law of 2024 lets essential needs be given for longer.
    with pytest.raises(NotLawfulError):
        next_state(
            policy, received, "extend_essential_needs", "PROVINCE_SOCIAL", LAST_OF_2011
        )
    made = next_state(
        policy, received, "extend_essential_needs", "PROVINCE_SOCIAL", FIRST_OF_2024
    )
    assert made.standing == received


def test_districts_receive_nobody_after_they_were_abolished(policy):
    notified = Standing(Phase.RECEPTION, CaseState.NOTIFIED)
    assert next_state(policy, notified, "receive", "DISTRICT_SOCIAL", LAST_OF_2011)
    with pytest.raises(NotLawfulError):
        next_state(policy, notified, "receive", "DISTRICT_SOCIAL", FIRST_OF_2024)


def walked(policy, standing, function, on, steps):
    """Every standing that these choices lead to, one act at a time."""
    functions = frozenset({Function(function)})
    for choice in steps:
        acts = policy.case_steps.open_acts(standing, functions, on)
        if not acts:
            return
        act = acts[choice % len(acts)]
        standing = policy.case_steps.next(standing, act, functions, on).standing
        yield act, standing


@given(
    st.lists(st.integers(0, 1000), max_size=12),
    st.sampled_from(["PROVINCE_SOCIAL", "VICTIM_SUPPORT_EST", "MISSION", "POLICE"]),
    st.sampled_from([DAY, LAST_OF_2011, FIRST_OF_2024]),
)
def test_no_walk_leaves_the_states_of_its_phase(policy, choices, function, on):
    begin = Standing(Phase.RECEPTION, CaseState.NOTIFIED)
    for _, standing in walked(policy, begin, function, on, choices):
        assert standing.state in COURSE_OF[standing.phase]
        tracks = [track_of(each) for each in standing.beside]
        assert len(tracks) == len(set(tracks))


@given(
    st.sampled_from([each for course in COURSE_OF.values() for each in course]),
    st.sampled_from(list(Phase)),
    st.sampled_from([DAY, FIRST_OF_2024]),
)
def test_support_never_waits_for_a_status(policy, state, phase, on):
    """Whatever the law calls the person, the same acts of support are open."""
    if state not in COURSE_OF[phase]:
        return
    functions = frozenset({Function.PROVINCE_SOCIAL, Function.VICTIM_SUPPORT_EST})
    support = set(CaseAct) - {
        CaseAct.START_VERIFICATION,
        CaseAct.REQUEST_IDENTIFICATION,
        CaseAct.FIND_COMPLEX,
        CaseAct.PRESENT_PAPER,
    }
    open_to = [
        support
        & set(
            policy.case_steps.open_acts(Standing(phase, state, beside), functions, on)
        )
        for beside in (
            frozenset(),
            frozenset({CaseState.INITIAL_VERIFICATION}),
            frozenset({CaseState.IDENTIFICATION_PENDING}),
            frozenset({CaseState.STATUS_VICTIM}),
            frozenset({CaseState.STATUS_NOT_VICTIM}),
        )
    ]
    assert all(each == open_to[0] for each in open_to)


@pytest.mark.parametrize(
    ("state", "beside", "status"),
    [
        ("received", "", PersonStatus.IN_IDENTIFICATION),
        ("received", "identification_pending", PersonStatus.IN_IDENTIFICATION),
        ("placed", "status_victim", PersonStatus.VICTIM),
        ("placed", "status_not_victim", PersonStatus.NOT_VICTIM),
        ("person_declines_support", "status_victim", PersonStatus.WITHDRAWN),
    ],
)
def test_status_is_what_was_decided_and_nothing_else(state, beside, status):
    decided = frozenset({CaseState(beside)}) if beside else frozenset()
    standing = Standing(Phase.RECEPTION, CaseState(state), decided)
    assert standing.person_status is status


def test_a_doubt_about_age_counts_as_a_child():
    standing = Standing(Phase.RECEPTION, CaseState.RECEIVED)
    doubted = standing.moved(Track.AGE, CaseState.MINOR_AGE_DOUBT, Phase.RECEPTION)
    assert doubted.is_minor(known=False) == "presumed"
    adult = doubted.moved(Track.AGE, CaseState.ADULT_CONFIRMED, Phase.RECEPTION)
    assert adult.is_minor(known=True) == "no"
    assert standing.is_minor(known=True) == "yes"
    assert standing.is_minor(known=None) == "no"


def test_regimes_are_named_after_their_laws():
    assert [each.value for each in LegalRegime] == ["law_2011", "law_2024"]
