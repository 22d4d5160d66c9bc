"""Does the law of the day give whom what it gives, and nobody more or less?"""

from __future__ import annotations

from datetime import date

from services.node.domain.entitlements import Claimant, Regime
from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, FAR
from tests.expect import entitlements as expected

SEEKER = Claimant.IN_IDENTIFICATION_IN_VN


def check_article_37_holds_cell_by_cell_from_its_first_day(policy: Policy) -> None:
    for on in (expected.FIRST_OF_2024, FAR):
        for (letter, claimant), granted in expected.MATRIX.items():
            assert _granted(policy, claimant, letter, on) == granted, (letter, claimant)


def check_the_law_of_2011_holds_to_its_last_day(policy: Policy) -> None:
    for on in (expected.JOINT_CIRCULAR_01, expected.LAST_OF_2011):
        _check_2011(policy, on, seeker="yes")
    for on in (
        expected.DECREE_09,
        expected.JOINT_CIRCULAR_01 - DAY,
    ):
        _check_2011(policy, on, seeker="no")


def check_nobody_is_entitled_before_the_decree(policy: Policy) -> None:
    before = expected.DECREE_09 - DAY
    assert not any(row.rule.in_force(before) for row in policy.entitlements.rows)


def check_what_was_read_in_the_law_is_verified_and_nothing_else(policy: Policy) -> None:
    for row in policy.entitlements.rows:
        of_2024 = row.rule.in_force(expected.FIRST_OF_2024)
        assert row.rule.verified is of_2024, row.rule.row


def check_no_row_is_of_both_laws_and_each_names_its_own(policy: Policy) -> None:
    for row in policy.entitlements.rows:
        of_2011 = row.rule.in_force(expected.LAST_OF_2011)
        assert of_2011 is not row.rule.in_force(expected.FIRST_OF_2024), row.rule.row
        cites_2024 = row.rule.law == expected.LAW_OF_2024
        assert cites_2024 is not of_2011, row.rule.row


def _check_2011(policy: Policy, on: date, *, seeker: str) -> None:
    for claimant in Claimant:
        for regime in Regime:
            told = "no"
            if claimant is Claimant.VICTIM:
                told = expected.LAW_OF_2011.get(regime.value, "no")
            elif (claimant, regime) == (SEEKER, Regime.A):
                told = seeker
            found = _granted(policy, claimant, regime, on)
            assert found == told, (claimant, regime, on)


def _granted(policy: Policy, claimant: str, letter: str, on: date) -> str:
    return policy.entitlements.of(Claimant(claimant), Regime(letter), on).granted.value
