"""What the law gives whom, on both sides of the night to 1 July 2025."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.case_states import PersonStatus
from services.node.domain.entitlements import Claimant, Regime, claimant_of
from services.node.domain.functions import Function
from tests.expect.entitlements import CLAIMANTS, FIRST_OF_2024, LAST_OF_2011, MATRIX

PROVINCE = frozenset({Function.PROVINCE_SOCIAL})


def test_the_matrix_names_every_regime_and_everybody():
    assert {letter for letter, _ in MATRIX} == {each.value for each in Regime}
    assert set(CLAIMANTS) == {each.value for each in Claimant}


@pytest.mark.parametrize(
    ("on", "law"),
    [
        (date(2013, 4, 14), None),
        (LAST_OF_2011, "Law 66/2011/QH12 Arts 32-38; Decree 09/2013/ND-CP Arts 19-26"),
        (FIRST_OF_2024, "Law 53/2024/QH15 Art 37"),
    ],
)
def test_an_answer_names_the_law_of_the_day_or_none(policy, on, law):
    found = policy.entitlements.of(Claimant.VICTIM, Regime.A, on)
    assert found.granted == ("no" if law is None else "yes")
    assert (found.row.rule.law if found.row else None) == law


def test_only_the_law_of_2024_knows_minors_who_come_along(policy):
    before = policy.entitlements.all_of(Claimant.ACCOMPANYING_MINOR, LAST_OF_2011)
    after = policy.entitlements.all_of(Claimant.ACCOMPANYING_MINOR, FIRST_OF_2024)
    assert {each.granted for each in before} == {"no"}
    granted = [each.regime for each in after if each.granted == "yes"]
    assert granted == ["a", "b", "c", "d", "dd", "e", "g", "h"]


@pytest.mark.parametrize(
    ("status", "citizenship", "functions", "claimant"),
    [
        ("victim", ("VN",), PROVINCE, "victim"),
        ("victim", (), PROVINCE, "victim"),
        ("victim", ("LA",), PROVINCE, "foreigner"),
        ("in_identification", ("LA",), PROVINCE, "foreigner"),
        ("in_identification", ("VN", "LA"), PROVINCE, "in_identification_in_vn"),
        (
            "in_identification",
            ("VN",),
            frozenset({Function.MISSION}),
            "in_identification_abroad",
        ),
        ("withdrawn", ("VN",), PROVINCE, "in_identification_in_vn"),
        ("accompanying_minor", ("LA",), PROVINCE, "accompanying_minor"),
        ("not_victim", ("VN",), PROVINCE, None),
    ],
)
def test_as_whom_somebody_is_entitled(status, citizenship, functions, claimant):
    assert claimant_of(PersonStatus(status), citizenship, functions) == claimant
