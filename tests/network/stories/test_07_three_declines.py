"""Three declines: nobody is left alone with it, and nothing is told about her."""

from __future__ import annotations

import pytest

from services.node.domain.bodies import Decline


@pytest.fixture(scope="module")
def declines(told):
    return told(7)


def test_the_border_guard_answers_until_the_province_takes_over(declines):
    assert declines.chain() == ["border-guard-lao-cai", "lao-cai"]


def test_each_house_said_why_and_got_no_key(declines):
    for house in declines.cast.houses:
        said = declines.body(house, house, "decline")
        assert isinstance(said, Decline)
        assert said.reason == "no_capacity"
        assert declines.said[house, house].referral.case_pseudonym == ""


def test_the_third_no_and_not_the_second_asks_the_province(declines):
    third = declines.cast.houses[2]
    said = declines.said[third, third].steps
    declined = next(each for each in said if each.step == "decline")
    asked = declines.said["border-guard-lao-cai", "to the province"].steps[0]
    assert asked.step == "offer"
    assert asked.happened_at >= declined.happened_at
    assert asked.author == "border-guard-lao-cai"


def test_the_ministry_is_told_when_the_province_is_silent_and_holds_nothing(declines):
    province = declines.said["border-guard-lao-cai", "to the province"].steps[0]
    ministry = declines.said["border-guard-lao-cai", "to the ministry"].steps[0]
    waited = ministry.happened_at - province.happened_at
    assert waited.total_seconds() / 3600 >= 12
    assert declines.held["ministry"] == {}
    assert declines.cases["ministry"].periods == ()
