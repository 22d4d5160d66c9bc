"""A child: never on her own yes alone, never without a best-interest decision."""

from __future__ import annotations

import pytest

from services.node.domain.bodies_return import Reconsent


@pytest.fixture(scope="module")
def child(told):
    return told(4)


def test_nothing_was_offered_before_guardian_and_panel_had_spoken(child):
    said = " ".join(child.text.split())
    alone = said.index("no guardian did: nothing is sent")
    undetermined = said.index("nobody determined what is best for her")
    decided = said.index("A panel hears her")
    assert alone < undetermined < decided
    offered = child.said["liaison-yunnan", "return"].steps[0]
    answers = child.answers["liaison-yunnan"].consents
    assert all(each.given_at <= offered.happened_at for each in answers[:3])


def test_what_counts_was_said_by_the_child_and_her_guardian_together(child):
    held = child.answers["ha-giang"].consents
    wishes = [each for each in held if each.purpose == "voluntary_return"]
    both = [each for each in wishes if each.subject == "both"]
    assert both
    assert {each.capacity for each in both} == {"child_assent_plus_guardian"}


def test_she_was_asked_again_and_her_guardian_with_her(child):
    again = child.body("ha-giang", "return", "reconsent")
    assert isinstance(again, Reconsent)
    assert again.consent.subject == "both"


def test_her_word_alone_did_not_count_on_the_day_before_either(child):
    said = " ".join(child.text.split())
    assert "and this confirmation is not both" in said
    assert child.steps("ha-giang", "return").count("reconsent") == 1


def test_the_receiving_province_knows_who_speaks_for_her(child):
    fields = {each.field: each.values for each in child.held["ha-giang"]["D13"].answers}
    assert fields["local_best_interest"] == ("return",)
    assert child.chain() == ["liaison-yunnan", "ha-giang"]
