"""A sender asks for an answer within the policy's limits, and names whom to ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.bodies import Offer
from services.node.domain.errors import RelaisError
from services.node.domain.referrals import Priority
from services.node.domain.terms import answer_times, check_terms

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OFFER = Offer("reception", "urgent", (), "", "", (), (), "", "", ())
RUNG = replace(OFFER, contact_function="duty_officer", contact_phone="000 000 019")


@pytest.fixture
def deadlines(policy):
    return policy.deadlines


def test_an_answer_may_be_asked_for_sooner_and_until_the_offer_expires(deadlines):
    times = answer_times(deadlines, Priority.URGENT, NOW)
    assert (times.due - NOW, times.latest - NOW) == (
        timedelta(hours=24),
        timedelta(hours=48),
    )
    for by in (None, NOW + timedelta(minutes=30), times.latest):
        check_terms(replace(OFFER, answer_by=by), deadlines, NOW)
    for by, code in (
        (NOW, "offer.answer_by_past"),
        (times.latest + timedelta(seconds=1), "offer.answer_by_too_late"),
    ):
        with pytest.raises(RelaisError) as refused:
            check_terms(replace(OFFER, answer_by=by), deadlines, NOW)
        assert refused.value.code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_function": ""},
        {"contact_phone": ""},
        {"contact_phone": "ring Lan"},
        {"contact_function": "the aunt"},
        {"contact_hours": "x" * 61},
        {"contact_hours": "any\ntime"},
    ],
)
def test_whom_to_ring_is_a_function_with_its_telephone(deadlines, changes):
    check_terms(RUNG, deadlines, NOW)
    with pytest.raises(RelaisError) as refused:
        check_terms(replace(RUNG, **changes), deadlines, NOW)
    assert refused.value.code == "offer.bad_contact"
