"""May these clocks stand still for these reasons, and no others?"""

from __future__ import annotations

from datetime import date

from services.node.domain.errors import RelaisError
from services.node.domain.policy import Policy
from services.node.domain.referrals import Priority
from tests.behaviour.lines import DAY
from tests.expect import deadlines as clocks
from tests.expect import pauses as expected

AFTER_THE_LAW_OF_2011 = date(2025, 7, 1)


def check_a_clock_stands_still_for_these_reasons_only(policy: Policy) -> None:
    reasons = {row.reason for row in policy.pauses.rows}
    for on in (expected.BEGINS, AFTER_THE_LAW_OF_2011):
        for reason in sorted(reasons | expected.MAY_HOLD.keys()):
            for deadline in sorted({line[0] for line in clocks.LINES}):
                told = deadline in expected.MAY_HOLD.get(reason, ())
                assert _holds(policy, reason, deadline, on) is told, (reason, deadline)


def check_nothing_stands_still_before_the_rules_hold_and_none_is_verified(
    policy: Policy,
) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.pauses.rows)
    assert not any(row.rule.verified for row in policy.pauses.rows)


def _holds(policy: Policy, reason: str, deadline: str, on: date) -> bool:
    try:
        row = policy.pauses.check(reason, deadline, Priority.NORMAL, on)
    except RelaisError:
        return False
    return row.reason == reason
