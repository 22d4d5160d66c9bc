"""Does a policy keep after a withdrawal what a law keeps, and nothing else?"""

from __future__ import annotations

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, FAR
from tests.expect import retention as expected


def check_only_what_a_law_names_is_kept(policy: Policy) -> None:
    for on in (expected.BEGINS, FAR):
        for function in Function:
            for purpose in Purpose:
                found = {
                    category.value: row.ground.value
                    for category in Category
                    if (row := policy.retention.kept({function}, purpose, category, on))
                }
                told = expected.KEPT.get((function.value, purpose.value), {})
                assert found == told, (function, purpose, on)


def check_nothing_is_kept_before_the_rows_begin(policy: Policy) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.retention.rows)


def check_no_ground_is_called_verified(policy: Policy) -> None:
    assert not any(row.rule.verified for row in policy.retention.rows)
