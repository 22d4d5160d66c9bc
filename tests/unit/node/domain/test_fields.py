"""Every field of the standard and every local one belongs to one category."""

from __future__ import annotations

import pytest

from services.node.domain import htcds
from services.node.domain.categories import Category
from services.node.domain.fields import belongs_to, category_of, known_fields


@pytest.mark.parametrize(
    ("field", "category"),
    [
        ("prs_Gender", "D1"),
        ("prs_FirstName", "D2"),
        ("local_alias", "D2"),
        ("local_safe_contact_rule", "D3"),
        ("local_place", "D3"),
        ("vic_TraffickingStatus", "D4"),
        ("local_person_status", "D4"),
        ("local_fit_to_travel", "D5"),
        ("local_suicide_risk", "D6"),
        ("local_risk_level", "D7"),
        ("local_escort", "D7"),
        ("local_relative_name", "D8"),
        ("local_host_case_reference", "D9"),
        ("local_travel_document_number", "D10"),
        ("local_placement_confirmed", "D11"),
        ("follow_up_result", "D11"),
        ("local_loan", "D12"),
        ("local_guardian", "D13"),
    ],
)
def test_a_field_belongs_to_the_category_of_the_dossier(field, category) -> None:
    assert category_of(field) == category
    assert belongs_to(field, Category(category))
    assert not belongs_to(field, Category.D0)


def test_no_local_field_takes_the_name_of_the_standards() -> None:
    local = [row["field"] for row in htcds.table("local_fields.csv")]
    assert len(set(local)) == len(local)
    assert not set(local) & set(htcds.fields())


def test_every_category_but_routing_has_fields() -> None:
    assert set(known_fields().values()) == set(Category) - {Category.D0}


def test_other_names_stay_where_somebody_wrote_them() -> None:
    assert category_of("local_note") is None
    assert belongs_to("local_note", Category.D7)


def test_consent_to_the_interview_belongs_nowhere() -> None:
    assert not any(belongs_to("con_Consent", category) for category in Category)
