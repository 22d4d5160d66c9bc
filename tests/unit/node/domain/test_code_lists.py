"""Local codes count as a standard's, and the law's words follow the law of the day."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain import htcds
from services.node.domain.code_lists import read_code_lists
from services.node.domain.doors import Door
from services.node.domain.errors import InvalidInputError
from services.node.domain.referrals import DeclineReason

LAST = date(2025, 6, 30)
AFTER = date(2025, 7, 1)
HEADER = "list,code,origin,maps_to,law,valid_from,valid_to,verified\n"


def test_zalo_is_a_local_platform_that_counts_as_another(policy) -> None:
    row = policy.code_lists.row("recruitment_platform", "Zalo", AFTER)
    assert (row.origin, row.rule.verified) == ("local", False)
    assert row.maps_to == ("vic_RecruitmentWebsitesAndApps", "Other")


@pytest.mark.parametrize(
    ("code", "last", "after"),
    [
        ("district_police_certificate", True, False),
        ("police_certificate", False, True),
        ("foreign_paper_legalised", True, True),
    ],
)
def test_a_victim_paper_is_one_of_the_law_of_the_day(policy, code, last, after) -> None:
    name = "victim_paper_type"
    assert (code in policy.code_lists.codes(name, LAST)) is last
    assert (code in policy.code_lists.codes(name, AFTER)) is after


def test_minors_who_accompany_are_named_by_law_since_july_2025(policy) -> None:
    for on, law in (
        (LAST, "proposal: no law of before 1 July 2025 found"),
        (AFTER, "Law 53/2024/QH15 Art 37"),
    ):
        row = policy.code_lists.row("person_status", "accompanying_minor", on)
        assert row.rule.law == law
        assert row.rule.verified is (on == AFTER)


def test_nine_sources_of_proof_are_law_since_july_2025(policy) -> None:
    for on in (LAST, AFTER):
        codes = policy.code_lists.codes("proof_source", on)
        assert len(codes) == 9
        for code in codes:
            row = policy.code_lists.row("proof_source", code, on)
            assert row.rule.verified is (on == AFTER)


def test_an_unknown_code_is_told_the_list(policy) -> None:
    with pytest.raises(InvalidInputError) as caught:
        policy.code_lists.row("fit_to_travel", "perhaps", AFTER)
    assert caught.value.code == "policy.unknown_code"
    assert caught.value.remedy == "It has: fit, fit_with_escort, not_fit."
    with pytest.raises(InvalidInputError, match="no such code"):
        policy.code_lists.row("victim_paper_type", "district_police_certificate", AFTER)


@pytest.mark.parametrize(
    "maps_to", ["vic_MethodsOfControl=Nothing", "vic_Nothing=Other", "Other", "="]
)
def test_a_code_maps_to_a_value_that_the_standard_has(maps_to) -> None:
    problems: list[str] = []
    row = f"control_method,X,local,{maps_to},proposal: x,2018-01-01,,no\n"
    read_code_lists((HEADER + row).encode(), problems)
    assert [each.partition(":")[0] for each in problems] == [
        "code_lists row 2 column maps_to"
    ]


def test_no_value_of_the_standard_stands_here_again(policy) -> None:
    standard = {
        choice.value
        for field in htcds.fields()
        for choice in htcds.choices(field)
        if choice.origin == "standard" and choice.value != "Other"
    }
    assert not standard & {row.code for row in policy.code_lists.rows}


@pytest.mark.parametrize(
    ("name", "codes"), [("decline_reason", DeclineReason), ("door", Door)]
)
def test_what_a_node_takes_is_what_the_list_holds(policy, name, codes) -> None:
    for on in (LAST, AFTER):
        assert set(policy.code_lists.codes(name, on)) == {each.value for each in codes}
