"""What the law gives whom, on both sides of the night to 1 July 2025."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.case_states import PersonStatus
from services.node.domain.entitlements import Claimant, Regime, claimant_of
from services.node.domain.functions import Function
from tests.expect.entitlements import CLAIMANTS, LAW_OF_2011, MATRIX

LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)
PROVINCE = frozenset({Function.PROVINCE_SOCIAL})


def test_the_matrix_names_every_regime_and_everybody():
    assert {letter for letter, _ in MATRIX} == {each.value for each in Regime}
    assert set(CLAIMANTS) == {each.value for each in Claimant}


@pytest.mark.parametrize(("letter", "claimant"), sorted(MATRIX))
def test_article_37_cell_by_cell_from_its_first_day(policy, letter, claimant):
    found = policy.entitlements.of(Claimant(claimant), Regime(letter), FIRST_OF_2024)
    assert found.granted == MATRIX[letter, claimant]
    assert found.row.rule.law == "Law 53/2024/QH15 Art 37"
    assert found.row.rule.verified


@pytest.mark.parametrize("regime", list(Regime))
def test_a_victim_has_the_regimes_of_2011_to_its_last_day(policy, regime):
    found = policy.entitlements.of(Claimant.VICTIM, regime, LAST_OF_2011)
    assert found.granted == LAW_OF_2011.get(regime.value, "no")
    if regime.value in LAW_OF_2011:
        assert found.row.rule.law.startswith("Law 66/2011/QH12 Arts 32-38")
    else:
        assert found.row is None


def test_the_decree_of_2013_begins_on_its_day(policy):
    for on, granted in ((date(2013, 4, 14), "no"), (date(2013, 4, 15), "yes")):
        found = policy.entitlements.of(Claimant.VICTIM, Regime.A, on)
        assert found.granted == granted
    claimant = Claimant.IN_IDENTIFICATION_IN_VN
    for on, granted in ((date(2014, 3, 24), "no"), (date(2014, 3, 25), "yes")):
        assert policy.entitlements.of(claimant, Regime.A, on).granted == granted


def test_only_the_law_of_2024_knows_minors_who_come_along(policy):
    before = policy.entitlements.all_of(Claimant.ACCOMPANYING_MINOR, LAST_OF_2011)
    after = policy.entitlements.all_of(Claimant.ACCOMPANYING_MINOR, FIRST_OF_2024)
    assert {each.granted for each in before} == {"no"}
    granted = [each.regime for each in after if each.granted == "yes"]
    assert granted == ["a", "b", "c", "d", "dd", "e", "g", "h"]


def test_whoever_is_in_identification_has_essential_needs_under_both_laws(policy):
    claimant = Claimant.IN_IDENTIFICATION_IN_VN
    for on in (LAST_OF_2011, FIRST_OF_2024):
        assert policy.entitlements.of(claimant, Regime.A, on).granted == "yes"


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
