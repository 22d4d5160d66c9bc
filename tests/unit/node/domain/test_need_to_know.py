"""The need-to-know matrix, cell by cell (domain.md §5.i, written out by hand)."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.referrals import PURPOSE_OF

FIRST_DAY, DAY, LATER = date(2014, 3, 25), date(2018, 3, 5), date(2030, 1, 1)
VERIFY = Purpose.IDENTIFICATION_VERIFICATION
INVESTIGATE = Purpose.CRIMINAL_JUSTICE_COOPERATION
ALARM = Purpose.EMERGENCY_PROTECTION
ANY = Purpose.RECEPTION_SHELTER
RETURN = Purpose.VOLUNTARY_RETURN
ANEW = Purpose.REINTEGRATION_SERVICES
PAPER = Purpose.TRAVEL_DOCUMENT
HANDOVER = Purpose.BORDER_HANDOVER
TRACE = Purpose.FAMILY_TRACING
FINANCE = Purpose.LIVELIHOOD_FINANCE

# R required, o optional, l optional within a limit, L required within a limit,
# - refused. D0 to D13 from left to right.
MATRIX = [
    (Function.HOTLINE, ANY, "R o - l - - - l - - - l - -"),
    (Function.COMMUNE_PC, ANY, "R R o l l l - l - - o R o o"),
    (Function.PROVINCE_SOCIAL, ANY, "R R R R l o o R o o o R R R"),
    (Function.PROVINCE_SOCIAL, RETURN, "R R R R l o o R o o o R R R"),
    (Function.PROVINCE_SOCIAL, ANEW, "R R R R l o o R o o o R R R"),
    (Function.POLICE, VERIFY, "R R R - o - - o l o o - - o"),
    (Function.POLICE, PAPER, "R R R - - - - o l o o - - o"),
    (Function.POLICE, INVESTIGATE, "R o o l o - - o - R o - - o"),
    (Function.BORDER_GUARD, HANDOVER, "R R L - - l - l - - l - - o"),
    (Function.BORDER_GUARD, VERIFY, "R R L - - l - l - - l - - o"),
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
    # Proposals beside the dossier's matrix: the coordinator; who rescues at sea;
    # who is called in danger; who takes a tip; a province that only helps.
    (Function.FOCAL_MINISTRY, ANY, "R R - - - - - l - - - - - -"),
    (Function.FOCAL_MINISTRY, ALARM, "R R - - - - - l - - - - - -"),
    (Function.COAST_GUARD, VERIFY, "R R - l - l - l - - - - - o"),
    (Function.COAST_GUARD, ALARM, "R R - l l - - l - - - - - -"),
    (Function.WOMENS_UNION, ANY, "R R l l l - o l - - - l - o"),
    (Function.NGO_PARTNER, ANY, "R R l l l - o l - - - l - o"),
    (Function.POLICE, ALARM, "R R - l l - - l - - - - - -"),
    (Function.BORDER_GUARD, ALARM, "R R - l l - - l - - - - - -"),
    (Function.COMMUNE_PC, ALARM, "R R - l l l - l - - - - - -"),
    (Function.PROVINCE_SOCIAL, ALARM, "R R l l - l - l - - - - - -"),
    (Function.PROVINCE_SOCIAL, TRACE, "R R L l - - - l R - - - - o"),
    (Function.PROVINCE_SOCIAL, FINANCE, "R R R l l - - - - - o o R o"),
    # Without a row a function learns that there is a referral, and no more.
    (Function.POLICE, ANY, "R - - - - - - - - - - - - -"),
    (Function.BORDER_GUARD, ANY, "R - - - - - - - - - - - - -"),
    (Function.COAST_GUARD, HANDOVER, "R - - - - - - - - - - - - -"),
    (Function.PROVINCE_SOCIAL, INVESTIGATE, "R - - - - - - - - - - - - -"),
    (Function.DISTRICT_SOCIAL, ANY, "R - - - - - - - - - - - - -"),
]

MEANING = {
    "R": ("required", False),
    "L": ("required", True),
    "o": ("optional", False),
    "l": ("optional", True),
}


@pytest.mark.parametrize("day", [FIRST_DAY, DAY, LATER], ids=str)
@pytest.mark.parametrize(("function", "purpose", "cells"), MATRIX)
def test_a_function_gets_what_the_matrix_says(
    policy, function, purpose, cells, day
) -> None:
    letters = cells.split(" ")
    assert len(letters) == len(Category)
    for category, letter in zip(Category, letters, strict=True):
        need = policy.need_to_know.allowed({function}, category, purpose, day)
        if letter == "-":
            assert need.necessity == "refused", category
        else:
            found = (need.necessity.value, need.limit != "")
            assert found == MEANING[letter], category


@pytest.mark.parametrize(
    "function",
    [
        Function.HOTLINE,
        Function.SOCIAL_ASSIST_EST,
        Function.VICTIM_SUPPORT_EST,
        Function.MISSION,
        Function.FOREIGN_LIAISON,
        Function.LEGAL_AID,
        Function.HEALTH_FACILITY,
        Function.TRAINING_AND_JOBS,
        Function.BANK,
        Function.MINISTRY_STATS,
        Function.DONOR,
        Function.FOCAL_MINISTRY,
        Function.WOMENS_UNION,
        Function.NGO_PARTNER,
    ],
)
def test_a_need_that_is_bound_to_no_purpose_is_the_same_for_all(
    policy, function
) -> None:
    for category in Category:
        needs = {
            (need.necessity, need.limit)
            for purpose in Purpose
            for need in [
                policy.need_to_know.allowed({function}, category, purpose, DAY)
            ]
        }
        assert len(needs) == 1, category


def test_every_row_is_a_proposal_of_the_first_day_without_end(policy) -> None:
    for row in policy.need_to_know.rows:
        assert row.rule.law.startswith("proposal"), row
        assert (row.rule.valid_from, row.rule.valid_to) == (FIRST_DAY, None), row
        assert not row.rule.verified, row


def test_before_the_first_day_nothing_but_routing_goes(policy) -> None:
    for function in Function:
        for category in Category:
            need = policy.need_to_know.allowed(
                {function}, category, ALARM, date(2014, 3, 24)
            )
            assert (need.necessity == "required") is (category is Category.D0)


LIMITS = [
    (Function.HOTLINE, ANY, "D3 safe_contact_only D7 level_only"),
    (Function.HOTLINE, ANY, "D11 service_status_only"),
    (Function.COMMUNE_PC, ANY, "D3 place_only D4 status_only D5 urgent_only"),
    (Function.COMMUNE_PC, ANY, "D7 level_only"),
    (Function.COMMUNE_PC, ALARM, "D3 place_only D4 tip_minimal D5 urgent_only"),
    (Function.COMMUNE_PC, ALARM, "D7 level_only"),
    (Function.PROVINCE_SOCIAL, ANY, "D4 summary"),
    (Function.PROVINCE_SOCIAL, RETURN, "D4 summary"),
    (Function.PROVINCE_SOCIAL, ANEW, "D4 summary"),
    (Function.PROVINCE_SOCIAL, ALARM, "D2 identity_match D3 place_only"),
    (Function.PROVINCE_SOCIAL, ALARM, "D5 urgent_only D7 level_only"),
    (Function.PROVINCE_SOCIAL, TRACE, "D2 identity_match D3 place_only D7 level_only"),
    (Function.PROVINCE_SOCIAL, FINANCE, "D3 safe_contact_only D4 status_only"),
    (Function.POLICE, VERIFY, "D8 names_to_verify"),
    (Function.POLICE, PAPER, "D8 names_to_verify"),
    (Function.POLICE, INVESTIGATE, "D3 via_lawyer"),
    (Function.POLICE, ALARM, "D3 place_only D4 tip_minimal D7 level_only"),
    (Function.BORDER_GUARD, HANDOVER, "D2 identity_match D5 fit_or_urgent_code"),
    (Function.BORDER_GUARD, HANDOVER, "D7 escort_alert D10 travel_document"),
    (Function.BORDER_GUARD, VERIFY, "D2 identity_match D5 fit_or_urgent_code"),
    (Function.BORDER_GUARD, VERIFY, "D7 escort_alert D10 travel_document"),
    (Function.BORDER_GUARD, ALARM, "D3 place_only D4 tip_minimal D7 level_only"),
    (Function.COAST_GUARD, VERIFY, "D3 place_only D5 fit_or_urgent_code"),
    (Function.COAST_GUARD, VERIFY, "D7 escort_alert"),
    (Function.COAST_GUARD, ALARM, "D3 place_only D4 tip_minimal D7 level_only"),
    (Function.SOCIAL_ASSIST_EST, ANY, "D2 first_name_or_alias D3 arrival_only"),
    (Function.SOCIAL_ASSIST_EST, ANY, "D4 needs_codes D8 who_may_visit"),
    (Function.VICTIM_SUPPORT_EST, ANY, "D2 first_name_or_alias D3 arrival_only"),
    (Function.VICTIM_SUPPORT_EST, ANY, "D4 needs_codes D8 who_may_visit"),
    (Function.MISSION, ANY, "D3 host_side_contact D4 status_only D5 fit_to_travel"),
    (Function.MISSION, ANY, "D9 immigration_status D12 travel_cost"),
    (Function.FOREIGN_LIAISON, ANY, "D2 what_host_already_holds D3 no_home_address"),
    (Function.FOREIGN_LIAISON, ANY, "D5 fit_to_travel D7 result_code"),
    (Function.FOREIGN_LIAISON, ANY, "D8 result_code_not_names"),
    (Function.FOREIGN_LIAISON, ANY, "D9 host_case_reference"),
    (Function.FOREIGN_LIAISON, ANY, "D10 travel_document_number"),
    (Function.FOREIGN_LIAISON, ANY, "D11 placement_confirmed"),
    (Function.LEGAL_AID, ANY, "D3 safe_contact_only"),
    (Function.HEALTH_FACILITY, ANY, "D12 insurance_only"),
    (Function.TRAINING_AND_JOBS, ANY, "D3 safe_contact_only"),
    (Function.TRAINING_AND_JOBS, ANY, "D4 never_told_about_trafficking"),
    (Function.TRAINING_AND_JOBS, ANY, "D11 own_service_only D12 fee_only"),
    (Function.TRAINING_AND_JOBS, ANY, "D13 school_only"),
    (Function.DONOR, ANY, "D0 suppressed_aggregates_only"),
    (Function.FOCAL_MINISTRY, ALARM, "D7 level_only"),
    (Function.WOMENS_UNION, ANY, "D2 first_name_or_alias D3 safe_contact_only"),
    (Function.WOMENS_UNION, ANY, "D4 needs_codes D7 level_only D11 own_service_only"),
    (Function.NGO_PARTNER, ANY, "D2 first_name_or_alias D3 safe_contact_only"),
    (Function.NGO_PARTNER, ANY, "D4 needs_codes D7 level_only D11 own_service_only"),
]


@pytest.mark.parametrize(("function", "purpose", "named"), LIMITS)
def test_a_limit_is_named(policy, function, purpose, named) -> None:
    words = named.split(" ")
    for category, limit in zip(words[::2], words[1::2], strict=True):
        need = policy.need_to_know.allowed({function}, Category(category), purpose, DAY)
        assert need.limit == limit


def test_every_limited_cell_of_the_matrix_has_its_limit_above() -> None:
    named = {
        (function, purpose, category)
        for function, purpose, words in LIMITS
        for category in words.split(" ")[::2]
    }
    limited = {
        (function, purpose, category)
        for function, purpose, cells in MATRIX
        for category, letter in zip(Category, cells.split(" "), strict=True)
        if letter in {"l", "L"}
    }
    assert limited - named <= {(Function.FOCAL_MINISTRY, ANY, "D7")}


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


def test_who_holds_no_function_does_not_even_get_routing(policy) -> None:
    need = policy.need_to_know.allowed(set(), Category.D0, ANY, DAY)
    assert need.necessity == "refused"


def test_the_ministry_never_gets_identity_health_or_account(policy) -> None:
    for purpose in Purpose:
        for category in ("D2", "D3", "D4", "D5", "D6"):
            need = policy.need_to_know.allowed(
                {Function.FOCAL_MINISTRY}, Category(category), purpose, DAY
            )
            assert need.necessity == "refused"


def test_whoever_may_receive_a_referral_may_know_its_minimum(policy) -> None:
    for row in policy.may_send.rows:
        for category in (Category.D0, Category.D1):
            purpose = PURPOSE_OF[row.referral_type]
            need = policy.need_to_know.allowed({row.receiver}, category, purpose, DAY)
            assert need.necessity != "refused", row
