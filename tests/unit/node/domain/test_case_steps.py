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
from services.node.domain.case_steps import read_case_steps, triggers_of
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from tests.expect.case_acts import (
    BESIDE,
    BESIDE_ON_RETURN,
    COURSE,
    NEW_PHASE,
)
from tests.expect.case_follows import FOLLOWS, OWN

DAY = date(2018, 3, 6)
LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)


def expected_course() -> dict[tuple[str, str, str, str], tuple[str, str]]:
    """Phase, state, act and function: the phase and state after."""
    found = {}
    for act, phase, who, states, to in COURSE:
        for state in states.split():
            if state not in COURSE_OF[Phase(phase)]:
                continue
            after = NEW_PHASE.get((act, phase), phase), state if to == "=" else to
            for function in who:
                found[phase, state, act, function] = after
    return found


def next_state(policy, standing, act, function, on=DAY):
    return policy.case_steps.next(
        standing, CaseAct(act), frozenset({Function(function)}), on
    )


@pytest.mark.parametrize("phase", list(Phase))
def test_every_act_follows_on_just_the_states_that_the_domain_names(policy, phase):
    expected = expected_course()
    acts = {act for act, *_ in COURSE}
    for state in COURSE_OF[phase]:
        standing = Standing(phase, state)
        for function in Function:
            open_now = policy.case_steps.open_acts(standing, frozenset({function}), DAY)
            for act in acts:
                after = expected.get((phase, state, act, function))
                assert (act in open_now) == (after is not None), (state, act, function)
                if after is not None:
                    made = next_state(policy, standing, act, function).standing
                    assert (made.phase, made.state) == after, (state, act)


@pytest.mark.parametrize(
    ("phase", "act", "who", "states", "to"),
    [
        *((phase, *row) for phase in Phase for row in BESIDE),
        *((Phase.RETURN, *row) for row in BESIDE_ON_RETURN),
    ],
)
def test_what_goes_on_beside_the_course_waits_for_no_state_of_it(
    policy, phase, act, who, states, to
):
    track = track_of(CaseState(to))
    on_track = [CaseState.NONE, *(s for s in CaseState if track_of(s) is track)]
    for course in COURSE_OF[phase]:
        for state in on_track:
            beside = frozenset() if state is CaseState.NONE else frozenset({state})
            standing = Standing(phase, course, beside)
            allowed = state.value in states.split() and course != CaseState.CLOSED
            for function in Function:
                functions = frozenset({function})
                open_now = policy.case_steps.open_acts(standing, functions, DAY)
                assert (act in open_now) == (allowed and function in who)
                if act in open_now:
                    made = next_state(policy, standing, act, function).standing
                    assert made == Standing(phase, course, frozenset({CaseState(to)}))


@pytest.mark.parametrize(
    ("function", "state"),
    [
        ("HOTLINE", "notified"),
        ("COMMUNE_PC", "at_commune"),
        ("BORDER_GUARD", "notified"),
        ("PROVINCE_SOCIAL", "notified"),
        ("VICTIM_SUPPORT_EST", "notified"),
        ("FOREIGN_LIAISON", "notified"),
    ],
)
def test_a_case_begins_where_the_person_is(policy, function, state):
    unborn = Standing(Phase.RECEPTION, CaseState.NONE)
    made = next_state(policy, unborn, "open", function).standing
    assert made == Standing(Phase.RECEPTION, CaseState(state))


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


@pytest.mark.parametrize(("happened", "function", "before", "after"), FOLLOWS)
def test_a_case_follows_its_referrals(policy, happened, function, before, after):
    phase, state = before.split()
    made = follow(policy, happened, function, Standing(Phase(phase), CaseState(state)))
    assert made is not None
    words = after.split()
    expected = (words[0] if len(words) == 2 else phase, words[-1])
    assert (made.standing.phase, made.standing.state) == expected


@pytest.mark.parametrize(
    ("happened", "before", "after"),
    [
        ("status_decision:giver:release:in_service", "", "identification_pending"),
        (
            "status_decision:giver:completion:victim",
            "identification_pending",
            "status_victim",
        ),
        (
            "status_decision:giver:completion:not_victim",
            "identification_pending",
            "status_not_victim",
        ),
        ("identity_verification:giver:release:in_service", "", "identity_verification"),
        (
            "identity_verification:giver:completion:verified_partial",
            "identity_verification",
            "identity_verified",
        ),
        (
            "identity_verification:giver:completion:not_found",
            "identity_verification",
            "identity_not_found",
        ),
        (
            "identity_verification:giver:completion:not_vn_national",
            "identity_verification",
            "identity_not_national",
        ),
        ("family_tracing:giver:release:in_service", "", "family_tracing"),
        ("family_tracing:giver:completion:unsafe", "family_tracing", "family_traced"),
        (
            "family_tracing:giver:completion:refused_by_person",
            "family_tracing",
            "family_tracing_refused",
        ),
    ],
)
def test_answers_of_others_move_what_goes_on_beside(policy, happened, before, after):
    beside = frozenset({CaseState(before)}) if before else frozenset()
    standing = Standing(Phase.RETURN, CaseState.CONSENTED, beside)
    made = follow(policy, happened, OWN, standing)
    assert made is not None
    assert made.standing == Standing(
        Phase.RETURN, CaseState.CONSENTED, frozenset({CaseState(after)})
    )


def test_a_status_that_the_answer_does_not_name_decides_nothing(policy):
    pending = frozenset({CaseState.IDENTIFICATION_PENDING})
    standing = Standing(Phase.RECEPTION, CaseState.RECEIVED, pending)
    happened = "status_decision:giver:completion:successful"
    assert follow(policy, happened, OWN, standing) is None


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


HEADER = (
    "phases,act,triggers,functions,from_states,to_state,to_phase,starts,meets,"
    "law,valid_from,valid_to,verified"
)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("reception,fly,,*,received,placed,,,", "column act: unknown code"),
        ("reception,place,a:b,*,received,placed,,,", "column triggers: a trigger is"),
        (
            "reception,place,tip:giver:fly:x,*,received,placed,,,",
            "column triggers: nothing that happens is called tip:giver:fly",
        ),
        (
            "reception,place,,*,received,status_victim,,,",
            "its states must be of one track",
        ),
        (
            "reception,place,,*,received,at_gate,,,",
            "column to_state: no case in reception is at_gate",
        ),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(row, problem):
    problems: list[str] = []
    raw = f"{HEADER}\n{row},a law,2014-03-25,,no\n"
    read_case_steps(raw.encode(), problems)
    assert any(problem in each for each in problems), problems


def test_regimes_are_named_after_their_laws():
    assert [each.value for each in LegalRegime] == ["law_2011", "law_2024"]
