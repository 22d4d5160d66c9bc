"""Does a limit let these fields of its category pass, and no others?"""

from __future__ import annotations

from datetime import date

from services.node.domain.categories import Category
from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY
from tests.expect import limits as expected

AFTER_THE_LAW_OF_2011 = date(2025, 7, 1)
TOLD = {
    (limit, Category(category)): set(fields.split())
    for limit, category, fields in expected.PASSES
}


def check_a_limit_lets_these_fields_pass_and_no_others(policy: Policy) -> None:
    for on in (expected.BEGINS, AFTER_THE_LAW_OF_2011):
        for (limit, category), fields in TOLD.items():
            found = policy.limits.fields(limit, category, on)
            assert found == fields, (on, limit, category)
    for row in policy.limits.rows:
        assert row.field in TOLD.get((row.limit, row.category), ()), row.rule.row


def check_nothing_passes_before_the_rules_hold_and_none_is_verified(
    policy: Policy,
) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.limits.rows)
    assert not any(row.rule.verified for row in policy.limits.rows)
