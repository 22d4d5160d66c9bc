"""What has to be said with an act, and what presses nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.case_details import (
    CaseClocks,
    CaseDetails,
    check_details,
    check_no_pressure,
    check_pressure,
    clocks_after,
    regime_of,
)
from services.node.domain.case_states import CaseState, Phase, Standing
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.errors import RelaisError
from services.node.domain.functions import Function
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import VIETNAM

NOW = datetime(2025, 9, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
EST, PROVINCE, POLICE = (
    frozenset({each})
    for each in (
        Function.VICTIM_SUPPORT_EST,
        Function.PROVINCE_SOCIAL,
        Function.POLICE,
    )
)


def code_of(act, details, functions=PROVINCE):
    with pytest.raises(RelaisError) as caught:
        check_details(CaseAct(act), details, functions)
    return caught.value.code, caught.value.where


@pytest.mark.parametrize(
    ("act", "details", "where"),
    [
        ("place", CaseDetails(), "placement"),
        ("set_risk_level", CaseDetails(), "risk_level"),
        ("extend_essential_needs", CaseDetails(), "decided_by"),
        (
            "extend_essential_needs",
            CaseDetails(decided_by="province_health"),
            "until",
        ),
        ("decide_victim", CaseDetails(), "decided_by"),
        ("present_paper", CaseDetails(), "decided_by"),
        ("present_paper", CaseDetails(decided_by="Police"), "victim_paper_type"),
    ],
)
def test_an_act_asks_for_what_it_needs(act, details, where):
    assert code_of(act, details) == ("case.missing_detail", where)


def test_unknown_codes_are_refused():
    assert code_of("place", CaseDetails(placement="cell")) == (
        "case.unknown_code",
        "placement",
    )
    assert code_of("set_risk_level", CaseDetails(risk_level="huge")) == (
        "case.unknown_code",
        "risk_level",
    )


def test_a_status_is_decided_in_the_deciders_own_name():
    paper = "certificate_of_district_police"
    said = CaseDetails(decided_by="Police", victim_paper_type=paper)
    check_details(CaseAct.DECIDE_VICTIM, said, POLICE)
    for wrong in ("CourtOrProsecution", "NGO"):
        details = CaseDetails(decided_by=wrong, victim_paper_type=paper)
        assert code_of("decide_victim", details, POLICE)[0] == "case.not_competent"
    assert code_of("decide_victim", said, PROVINCE)[0] == "case.not_competent"
    bare = CaseDetails(decided_by="Police")
    assert code_of("decide_victim", bare, POLICE) == (
        "case.missing_detail",
        "victim_paper_type",
    )
    check_details(CaseAct.DECIDE_NOT_VICTIM, bare, POLICE)


def test_the_director_or_the_province_gives_more_time():
    director = CaseDetails(decided_by="establishment_director", until=NOW)
    check_details(CaseAct.EXTEND_ESSENTIAL_NEEDS, director, EST)
    assert code_of("extend_essential_needs", director)[0] == "case.not_competent"
    province = CaseDetails(decided_by="province_health", until=NOW)
    check_details(CaseAct.EXTEND_ESSENTIAL_NEEDS, province, PROVINCE)


def test_more_time_is_later_than_before_and_of_a_clock_that_runs():
    act, runs = CaseAct.EXTEND_ESSENTIAL_NEEDS, CaseClocks(NOW + 10 * DAY)
    longer = CaseDetails(decided_by="province_health", until=NOW + 40 * DAY)
    after = clocks_after(act, longer, runs, NOW)
    assert after.essential_needs_until == NOW + 40 * DAY
    for clocks, until, code in (
        (CaseClocks(), NOW + 40 * DAY, "case.no_essential_needs"),
        (runs, NOW + 10 * DAY, "case.bad_instant"),
    ):
        with pytest.raises(RelaisError) as caught:
            clocks_after(act, CaseDetails(until=until), clocks, NOW)
        assert caught.value.code == code


def test_a_pause_ends_when_the_person_says_so_or_by_itself():
    begin, end = CaseAct.BEGIN_RECOVERY_PAUSE, CaseAct.END_RECOVERY_PAUSE
    paused = clocks_after(begin, CaseDetails(until=NOW + DAY), CaseClocks(), NOW)
    assert paused.recovery_pause_until == NOW + DAY
    standing = Standing(Phase.RETURN, CaseState.WISH_EXPRESSED)
    with pytest.raises(RelaisError) as caught:
        check_pressure(CaseAct.INFORM, standing, paused, NOW)
    assert caught.value.code == "case.recovery_pause"
    check_pressure(CaseAct.INFORM, standing, paused, NOW + DAY)
    check_pressure(CaseAct.WITHDRAW_FROM_RETURN, standing, paused, NOW)
    assert clocks_after(end, CaseDetails(), paused, NOW) == CaseClocks()
    with pytest.raises(RelaisError):
        clocks_after(begin, CaseDetails(until=NOW), CaseClocks(), NOW)


@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_a_pause_holds_back_returns_and_criminal_cases_only(referral_type):
    paused = CaseClocks(recovery_pause_until=NOW + DAY)
    check_no_pressure(referral_type, paused, NOW + DAY)
    check_no_pressure(referral_type, CaseClocks(), NOW)
    if referral_type not in {"voluntary_return", "criminal_justice"}:
        check_no_pressure(referral_type, paused, NOW)
        return
    with pytest.raises(RelaisError) as caught:
        check_no_pressure(referral_type, paused, NOW)
    assert caught.value.code == "case.recovery_pause"


def test_a_child_without_a_guardian_agrees_to_no_return():
    alone = frozenset({CaseState.CHILD_NO_GUARDIAN})
    standing = Standing(Phase.RETURN, CaseState.INFORMED, alone)
    with pytest.raises(RelaisError) as caught:
        check_pressure(CaseAct.CONSENT_TO_RETURN, standing, CaseClocks(), NOW)
    assert caught.value.code == "case.child_no_guardian"
    named = Standing(
        Phase.RETURN, CaseState.INFORMED, frozenset({CaseState.GUARDIAN_NAMED})
    )
    check_pressure(CaseAct.CONSENT_TO_RETURN, named, CaseClocks(), NOW)


def test_the_law_turns_at_midnight_in_viet_nam():
    midnight = datetime(2025, 7, 1, tzinfo=VIETNAM)
    assert regime_of(midnight - timedelta(seconds=1)) == "law_2011"
    assert regime_of(midnight) == "law_2024"


@pytest.mark.parametrize(
    ("received", "days"),
    [
        (datetime(2025, 6, 30, 23, 59, tzinfo=VIETNAM), 60),
        (datetime(2025, 7, 1, 0, 0, tzinfo=VIETNAM), 120),
    ],
)
def test_essential_needs_last_sixty_days_and_then_a_hundred_and_twenty(
    policy, received, days
):
    due = policy.deadlines.due("essential_needs_max", received)
    assert due - received == timedelta(days=days)
