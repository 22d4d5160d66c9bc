"""Somebody who keeps her name: helped, and nobody holds what she did not say."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def unnamed(told):
    return told(5)


def test_nobody_holds_a_name_and_she_has_a_bed_the_same_night(unnamed):
    house = unnamed.cast.houses[0]
    assert unnamed.chain() == ["hotline-hanoi", "lao-cai", house]
    first, last = unnamed.account.chain[0], unnamed.account.chain[-1]
    assert (last.since - first.since).total_seconds() <= 3600
    assert all("D2" not in held for held in unnamed.held.values())
    assert set(unnamed.held[house]) == {"D1"}


def test_each_member_knows_her_by_another_number(unnamed):
    aliases = [alias for _, alias in unnamed.account.aliases]
    assert len(set(aliases)) == len(aliases) == 3


def test_the_police_learn_of_a_place_and_of_no_person(unnamed):
    assert unnamed.held["police-lao-cai"] == {}
    tip = unnamed.said["police-lao-cai", "tip"]
    assert tip.referral.moves_on == "never"
    assert tip.referral.state == "done"
    assert unnamed.cases["police-lao-cai"].periods == ()


def test_her_no_to_being_named_is_a_record(unnamed):
    answers = unnamed.answers["hotline-hanoi"].consents
    named = [each for each in answers if each.categories == ("D2",)]
    assert [each.status for each in named] == ["refused"]
