"""Silence: every deadline rings in its order, and nothing is closed by it."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def silence(told):
    return told(12)


def test_lao_cai_answers_all_the_time(silence):
    assert silence.chain() == ["lao-cai"]
    assert silence.account.chain[0].until is None


def test_the_clocks_rang_in_the_order_of_their_deadlines(silence):
    rings = [
        each.happened_at
        for each in silence.cases["lao-cai"].timeline
        if each.step == "clock_rang"
    ]
    assert len(rings) >= 6
    assert rings == sorted(rings)


def test_the_offer_expired_by_itself_and_another_member_took_it_up(silence):
    search = silence.said["lao-cai", "search"]
    assert search.referral.state == "expired"
    (expiry,) = (each for each in search.steps if each.step == "expiry")
    assert expiry.author == "lao-cai"
    assert silence.state("consulate-kunming", "other search") == "in_service"


def test_the_ministry_was_told_that_somebody_is_silent_and_not_about_whom(silence):
    told = [
        each
        for each in silence.cases["lao-cai"].referrals
        if each.referral_type == "escalation"
    ]
    assert {each.peer for each in told} == {"ministry"}
