"""Home from Malaysia: by air, without a treaty, and with minutes all the same."""

from __future__ import annotations

import pytest

from services.node.domain.bodies_return import Minutes, TravelDocument


@pytest.fixture(scope="module")
def malaysia(told):
    return told(2)


def test_the_liaison_answers_until_the_airport_and_the_province_from_there(malaysia):
    assert malaysia.chain() == ["liaison-malaysia", "yen-bai"]
    assert malaysia.account.chain[1].since_step == "countersignature"


def test_the_mission_issues_the_paper_as_a_task_and_never_answers_for_her(malaysia):
    paper = malaysia.said["mission-kuala-lumpur", "return: paper"]
    assert paper.referral.moves_on == "never"
    assert paper.referral.state == "done"
    assert malaysia.cases["mission-kuala-lumpur"].periods == ()
    ready = malaysia.body("yen-bai", "return", "travel_document")
    assert isinstance(ready, TravelDocument)
    assert ready.issuer == "mission-kuala-lumpur"


def test_an_airport_has_minutes_like_a_gate(malaysia):
    minutes = malaysia.body("yen-bai", "return", "minutes")
    assert isinstance(minutes, Minutes)
    assert minutes.gate == "noi_bai_airport"


def test_the_protection_order_stays_with_the_host(malaysia):
    assert "D9" in malaysia.held["liaison-malaysia"]
    assert set(malaysia.held["yen-bai"]) == {"D1", "D2", "D5"}


def test_her_no_to_the_police_and_to_her_family_is_kept(malaysia):
    answers = malaysia.answers["liaison-malaysia"]
    refused = {each.purpose for each in answers.consents if each.status == "refused"}
    assert refused == {"contact_family", "criminal_justice_cooperation"}
    assert answers.family_may_be_told == ()
