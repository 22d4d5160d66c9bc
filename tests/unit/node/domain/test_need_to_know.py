"""The need-to-know matrix, cell by cell (domain.md §5.i, written out by hand)."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.referrals import PURPOSE_OF

DAY = date(2018, 3, 5)
VERIFY = Purpose.IDENTIFICATION_VERIFICATION
INVESTIGATE = Purpose.CRIMINAL_JUSTICE_COOPERATION
ALARM = Purpose.EMERGENCY_PROTECTION
ANY = Purpose.RECEPTION_SHELTER

# R required, o optional, l optional within a limit, L required within a limit,
# - refused. D0 to D13 from left to right.
MATRIX = [
    (Function.HOTLINE, ANY, "R o - l - - - l - - - l - -"),
    (Function.COMMUNE_PC, ANY, "R R o l l l - l - - o R o o"),
    (Function.PROVINCE_SOCIAL, ANY, "R R R R l o o R o o o R R R"),
    (Function.POLICE, VERIFY, "R R R - o - - o l o o - - o"),
    (Function.POLICE, INVESTIGATE, "R o o l o - - o - R o - - o"),
    (Function.POLICE, ANY, "- - - - - - - - - - - - - -"),
    (Function.BORDER_GUARD, ANY, "R R L - - l - l - - l - - o"),
    (Function.SOCIAL_ASSIST_EST, ANY, "R R l l l R R R l - - R o R"),
    (Function.VICTIM_SUPPORT_EST, ANY, "R R l l l R R R l - - R o R"),
    (Function.MISSION, ANY, "R R R l l l - o o l R - l R"),
    (Function.FOREIGN_LIAISON, ANY, "R R l - - l - l l l l l - o"),
    (Function.LEGAL_AID, ANY, "R R R l R - o o - R o o o R"),
    (Function.HEALTH_FACILITY, ANY, "R R o - - R o o - - - o l R"),
    (Function.TRAINING_AND_JOBS, ANY, "R R o l - - - - - - - l l l"),
    (Function.BANK, ANY, "R o R R - - - - - - - - R -"),
    (Function.MINISTRY_STATS, ANY, "- - - - - - - - - - - - - -"),
    (Function.DONOR, ANY, "- - - - - - - - - - - - - -"),
    (Function.FOCAL_MINISTRY, ANY, "R R - - - - - l - - - - - -"),
    (Function.COAST_GUARD, ANY, "R R - l - l - l - - - - - o"),
    (Function.WOMENS_UNION, ANY, "R R l l l - o l - - - l - o"),
    (Function.NGO_PARTNER, ANY, "R R l l l - o l - - - l - o"),
    (Function.POLICE, ALARM, "R R - l - - - l - - - - - -"),
    # Without a row nothing is given.
    (Function.DISTRICT_SOCIAL, ANY, "- - - - - - - - - - - - - -"),
]

MEANING = {
    "R": ("required", False),
    "L": ("required", True),
    "o": ("optional", False),
    "l": ("optional", True),
}


@pytest.mark.parametrize(("function", "purpose", "cells"), MATRIX)
def test_a_function_gets_what_the_matrix_says(policy, function, purpose, cells) -> None:
    letters = cells.split(" ")
    assert len(letters) == len(Category)
    for category, letter in zip(Category, letters, strict=True):
        need = policy.need_to_know.allowed({function}, category, purpose, DAY)
        if letter == "-":
            assert need.necessity == "refused", category
        else:
            found = (need.necessity.value, need.limit != "")
            assert found == MEANING[letter], category


@pytest.mark.parametrize(
    ("function", "category", "limit"),
    [
        (Function.HOTLINE, "D3", "safe_contact_only"),
        (Function.HOTLINE, "D7", "level_only"),
        (Function.HOTLINE, "D11", "service_status_only"),
        (Function.COMMUNE_PC, "D3", "place_only"),
        (Function.COMMUNE_PC, "D4", "status_only"),
        (Function.COMMUNE_PC, "D5", "urgent_only"),
        (Function.PROVINCE_SOCIAL, "D4", "summary"),
        (Function.BORDER_GUARD, "D2", "identity_match"),
        (Function.BORDER_GUARD, "D5", "fit_or_urgent_code"),
        (Function.BORDER_GUARD, "D7", "escort_alert"),
        (Function.BORDER_GUARD, "D10", "travel_document"),
        (Function.VICTIM_SUPPORT_EST, "D2", "first_name_or_alias"),
        (Function.VICTIM_SUPPORT_EST, "D8", "who_may_visit"),
        (Function.MISSION, "D9", "immigration_status"),
        (Function.FOREIGN_LIAISON, "D2", "what_host_already_holds"),
        (Function.FOREIGN_LIAISON, "D3", "no_home_address"),
        (Function.FOREIGN_LIAISON, "D8", "result_code_not_names"),
        (Function.FOREIGN_LIAISON, "D11", "placement_confirmed"),
        (Function.TRAINING_AND_JOBS, "D4", "never_told_about_trafficking"),
        (Function.DONOR, "D0", "suppressed_aggregates_only"),
    ],
)
def test_a_limit_is_named(policy, function, category, limit) -> None:
    need = policy.need_to_know.allowed({function}, Category(category), ANY, DAY)
    assert need.limit == limit


def test_of_several_functions_the_one_that_needs_most_decides(policy) -> None:
    both = {Function.HOTLINE, Function.PROVINCE_SOCIAL}
    need = policy.need_to_know.allowed(both, Category.D2, ANY, DAY)
    assert need.necessity == "required"
    assert need.row is not None
    assert need.row.function is Function.PROVINCE_SOCIAL


def test_a_missing_row_says_so(policy) -> None:
    need = policy.need_to_know.allowed(
        {Function.DISTRICT_SOCIAL}, Category.D2, ANY, DAY
    )
    assert need.row is None
    assert need.reason == "the table need_to_know has no row for it"


def test_whoever_may_receive_a_referral_may_know_its_minimum(policy) -> None:
    for row in policy.may_send.rows:
        for category in (Category.D0, Category.D1):
            purpose = PURPOSE_OF[row.referral_type]
            need = policy.need_to_know.allowed({row.receiver}, category, purpose, DAY)
            assert need.necessity != "refused", row
