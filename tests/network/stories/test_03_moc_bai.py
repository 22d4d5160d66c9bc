"""Moc Bai: support before the decision, and after one that says no."""

from __future__ import annotations

import pytest

from services.node.domain.bodies import Completion


@pytest.fixture(scope="module")
def moc_bai(told):
    return told(3)


@pytest.fixture(scope="module")
def not_a_victim(moc_bai):
    (other,) = moc_bai.others
    return other


def test_two_of_eleven_become_cases_and_each_has_a_way_of_its_own(
    moc_bai, not_a_victim
):
    assert moc_bai.chain() == ["border-guard-an-giang", "an-giang"]
    assert not_a_victim.chain() == ["border-guard-an-giang", "an-giang", "son-la"]
    ours = set(moc_bai.cases["an-giang"].case_pseudonym)
    assert ours != set(not_a_victim.cases["an-giang"].case_pseudonym)


@pytest.mark.parametrize("way", ["moc_bai", "not_a_victim"])
def test_support_began_the_same_day_and_before_any_decision(request, way):
    told = request.getfixturevalue(way)
    received = told.account.chain[1].since
    steps = told.said["an-giang", "status"].steps
    decided = next(each for each in steps if each.step == "completion")
    assert (decided.happened_at - received).days >= 14
    assert (received - told.account.chain[0].since).total_seconds() < 3600


def test_the_police_decide_and_only_the_one_who_asked_learns_it(moc_bai, not_a_victim):
    for told, result in ((moc_bai, "victim"), (not_a_victim, "not_victim")):
        decision = told.body("an-giang", "status", "completion")
        assert isinstance(decision, Completion)
        assert decision.result == result
        assert ("border-guard-an-giang", "status") not in told.said


def test_whoever_is_no_victim_is_accompanied_until_home_takes_over(not_a_victim):
    steps = not_a_victim.said["an-giang", "status"].steps
    decided = next(each for each in steps if each.step == "completion")
    province, home = not_a_victim.account.chain[1:]
    assert province.until is not None
    assert province.until == home.since > decided.happened_at
