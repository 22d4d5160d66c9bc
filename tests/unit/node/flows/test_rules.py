"""Which steps have a rule, and what every actor and offer must be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import BODY_OF, Actor, Part
from services.node.flows.rules import RULES, check_actor, check_offer, check_parts
from tests.unit.node.flows.grounds import OFFER

WITHOUT_A_RULE = {"Offer", "Release", "Opening", "Rerouting"}
"""Empty, or checked where the parts are."""


def test_every_step_that_says_something_has_a_rule():
    without = {body.__name__ for body in BODY_OF.values() if body not in RULES}
    assert without == WITHOUT_A_RULE


def test_an_offer_has_known_codes():
    assert check_offer(OFFER) == "voluntary_return"
    for bad, where in (
        (replace(OFFER, referral_type="x"), "referral_type"),
        (replace(OFFER, priority="soon"), "priority"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            check_offer(bad)
        assert caught.value.code == "referral.unknown_code"
        assert caught.value.where == where


@pytest.mark.parametrize(
    ("first", "second"), [("D1", "D1"), ("D1", "D14")], ids=["twice", "unknown"]
)
def test_each_part_is_a_category_of_its_own(first, second):
    parts = [
        Part(f"p{number}", category, b"", b"", 0, b"")
        for number, category in enumerate((first, second))
    ]
    with pytest.raises(InvalidInputError) as caught:
        check_parts(parts)
    assert caught.value.code == "offer.bad_parts"


@pytest.mark.parametrize(
    "actor",
    [
        Actor("y-1", "queen", ""),
        Actor("Some One", "liaison", ""),
        Actor("y-1", "liaison", "u" * 65),
    ],
    ids=["role", "name", "unit"],
)
def test_an_actor_is_short_codes(actor):
    check_actor(Actor("y-1", "liaison", "desk"), "vietnam-2018")
    with pytest.raises(InvalidInputError) as caught:
        check_actor(actor, "vietnam-2018")
    assert caught.value.code == "step.bad_actor"
