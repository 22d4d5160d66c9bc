"""Home to Laos: the mechanism the other way round."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def laos(told):
    return told(9)


def test_dien_bien_answers_until_the_gate_and_laos_from_its_countersignature(laos):
    assert laos.chain() == ["dien-bien", "liaison-laos"]
    assert laos.account.chain[1].since_step == "countersignature"


def test_a_foreign_partner_gets_what_she_agreed_to_and_no_address(laos):
    assert set(laos.held["liaison-laos"]) == {"D1", "D2", "D5"}


def test_both_countries_signed_that_it_is_safe(laos):
    steps = laos.steps("liaison-laos", "return")
    assert steps.index("risk_countersignature") < steps.index("return_plan")
    assert steps.index("reconsent") < steps.index("departure")
