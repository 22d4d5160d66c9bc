"""What the law keeps after a withdrawal, and that everything else goes."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.functions import Function
from services.node.domain.retention import read_retention

ON = date(2018, 3, 12)

#: (function, purpose): category to ground; whatever stands here not is deleted.
KEPT = {
    ("POLICE", "criminal_justice_cooperation"): {
        "D2": "criminal_file",
        "D4": "criminal_file",
        "D9": "criminal_file",
        "D10": "criminal_file",
    },
    ("POLICE", "travel_document"): {"D2": "statutory_record"},
    ("POLICE", "identification_verification"): {},
    ("HEALTH_FACILITY", "medical_care"): {"D5": "medical_record"},
    ("BANK", "livelihood_finance"): {"D12": "financial_record"},
    ("PROVINCE_SOCIAL", "reintegration_services"): {"D12": "financial_record"},
    ("PROVINCE_SOCIAL", "livelihood_finance"): {"D12": "financial_record"},
    ("PROVINCE_SOCIAL", "reception_shelter"): {},
    ("VICTIM_SUPPORT_EST", "reception_shelter"): {},
    ("FOREIGN_LIAISON", "voluntary_return"): {},
}


@pytest.mark.parametrize(("function", "purpose"), KEPT)
def test_only_what_the_law_names_is_kept(policy, function, purpose) -> None:
    functions, categories = {Function(function)}, [f"D{each}" for each in range(14)]
    found = {
        each: row.ground
        for each in categories
        if (row := policy.retention.kept(functions, purpose, each, ON))
    }
    assert found == KEPT[function, purpose]


def test_nothing_is_kept_before_a_row_begins(policy) -> None:
    day = date(2014, 3, 24)
    purpose = "criminal_justice_cooperation"
    assert policy.retention.kept({Function.POLICE}, purpose, "D4", day) is None


def test_a_row_that_decides_twice_is_a_problem() -> None:
    row = "POLICE,*,D4,criminal_file,proposal: x,2014-03-25,,no"
    head = "function,purposes,category,ground,law,valid_from,valid_to,verified"
    problems: list[str] = []
    read_retention(f"{head}\n{row}\n{row}\n".encode(), problems)
    assert any("decides the same as row 2" in each for each in problems)
