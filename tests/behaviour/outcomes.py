"""Does a policy let a service end as it may, by its type, and no other way?"""

from __future__ import annotations

from datetime import date
from functools import cache

from services.node.domain.outcomes import Outcome
from services.node.domain.policy import Policy
from services.node.domain.referrals import ReferralType
from tests.behaviour.lines import DAY
from tests.expect import outcomes as expected

AFTER_THE_LAW_OF_2011 = date(2025, 7, 1)


def check_a_type_reports_the_results_that_it_has_and_no_others(policy: Policy) -> None:
    for on in (expected.BEGINS, AFTER_THE_LAW_OF_2011):
        for kind in ReferralType:
            for outcome in Outcome:
                found = policy.outcomes.results(kind, outcome, on)
                told = _told(kind, outcome)
                assert set(found) == told.keys(), (on, kind, outcome)


def check_only_a_standards_results_are_verified(policy: Policy) -> None:
    for row in policy.outcomes.rows:
        for kind in row.referral_types:
            told = _told(kind, row.outcome)
            assert row.rule.verified is told.get(row.result), (row.rule.row, kind)


def check_nothing_ends_before_the_rules_hold(policy: Policy) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.outcomes.rows)


@cache
def _told(kind: ReferralType, outcome: Outcome) -> dict[str, bool]:
    """Each result, and whether it is a standard's."""
    return {
        result: standard
        for kinds, of, results, standard in expected.LINES
        if of == outcome and (kinds == "*" or kind in kinds.split())
        for result in results.split()
    }
