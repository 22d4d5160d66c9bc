"""Each service ends with a result of its own type, and says why if it did not work."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.outcomes import Outcome, read_outcomes
from services.node.domain.referrals import ReferralType

DAY = date(2018, 3, 5)
HEADER = b"referral_types,outcome,result,law,valid_from,valid_to,verified\n"

WHY_NOT = (
    "client_refused_services",
    "lack_of_capacity",
    "other",
    "services_no_longer_needed",
    "unable_to_contact_client",
    "unable_to_contact_referred_to_organization",
)
"""Primero's reasons, for every type."""
WHY_NOT_TOO = {
    "travel_document": ("not_issued",),
    "border_handover": ("no_crossing",),
    "criminal_justice": ("no_case_opened",),
    "reintegration": ("lost_contact",),
}
WHILE_IT_LASTS = ("found_safe", "in_process", "no_information")
AFTERWARDS = (
    "arrived_safely",
    "declined",
    "progress",
    "setback",
    "stable",
    "unreachable",
    "unsafe",
)


@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_what_did_not_succeed_says_why_in_the_words_of_the_field(policy, referral_type):
    found = policy.outcomes.results(referral_type, Outcome.NOT_SUCCESSFUL, DAY)
    expected = (*WHY_NOT, *WHY_NOT_TOO.get(referral_type, ()))
    assert found == tuple(sorted(expected))


@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_only_who_accompanies_a_person_tells_how_she_is(policy, referral_type):
    accompanies = referral_type in {
        "reception",
        "protection_abroad",
        "reintegration",
        "voluntary_return",
    }
    found = policy.outcomes.results(referral_type, Outcome.UNDERWAY, DAY)
    expected = (*WHILE_IT_LASTS, *(AFTERWARDS if accompanies else ()))
    assert found == tuple(sorted(expected))


def test_a_result_names_its_row_or_is_refused(policy):
    tracing = ReferralType.TRACING
    row = policy.outcomes.check(tracing, "successful", "found", DAY)
    assert row.outcome is Outcome.SUCCESSFUL
    with pytest.raises(NotLawfulError) as caught:
        policy.outcomes.check(tracing, "successful", "issued", DAY)
    assert caught.value.code == "outcome.other_result"
    assert caught.value.remedy == "Choose one of: found, not_found."
    with pytest.raises(InvalidInputError) as unknown:
        policy.outcomes.check(tracing, "underway", "in_process", DAY)
    assert unknown.value.code == "outcome.unknown"


def test_a_row_holds_from_its_first_to_its_last_day():
    problems: list[str] = []
    row = b"tracing,successful,found,law,2014-03-25,2025-06-30,no\n"
    table = read_outcomes(HEADER + row, problems)
    assert problems == []
    last, after = date(2025, 6, 30), date(2025, 7, 1)
    table.check(ReferralType.TRACING, "successful", "found", last)
    with pytest.raises(NotLawfulError):
        table.check(ReferralType.TRACING, "successful", "found", after)


def test_the_same_result_stands_once():
    problems: list[str] = []
    rows = (
        b"tracing,successful,found,law,2014-03-25,,no\n"
        b"shares,successful,found,law,2014-03-25,,no\n"
    )
    read_outcomes(HEADER + rows, problems)
    assert problems
    assert "row 3" in problems[0]


def test_an_unknown_outcome_is_a_problem_of_its_row():
    problems: list[str] = []
    read_outcomes(HEADER + b"tracing,fine,found,law,2014-03-25,,no\n", problems)
    assert len(problems) == 1
    assert problems[0].startswith("outcomes row 2 column outcome")
