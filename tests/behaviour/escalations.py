"""Does a clock ring for whom it must, at every end and priority, and nobody else?"""

from __future__ import annotations

from datetime import date
from functools import cache

from services.node.domain.escalations import Channel, End
from services.node.domain.policy import Policy
from services.node.domain.referrals import Priority
from tests.behaviour.lines import DAY
from tests.expect import deadlines as clocks
from tests.expect import escalations as expected

Ring = tuple[str, int, str, str, str]
AFTER_THE_LAW_OF_2011 = date(2025, 7, 1)


def check_a_clock_rings_for_whom_it_must_and_nobody_else(policy: Policy) -> None:
    for on in (expected.BEGINS, AFTER_THE_LAW_OF_2011):
        for deadline in sorted({line[0] for line in clocks.LINES}):
            for priority in Priority:
                for end in End:
                    found = sorted(
                        (
                            row.level.value,
                            row.share,
                            row.channel.value,
                            row.to.value if row.to else "",
                            row.priority.value if row.priority else "",
                        )
                        for row in policy.escalations.rings(deadline, priority, end, on)
                    )
                    told = _told(deadline, priority, end)
                    assert found == told, (deadline, priority, end)


def check_nothing_rings_before_the_rules_hold_and_none_is_verified(
    policy: Policy,
) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.escalations.rows)
    assert not any(row.rule.verified for row in policy.escalations.rows)


@cache
def _told(deadline: str, priority: Priority, end: End) -> list[Ring]:
    return sorted(
        (level, share, _channel(level, to), to, soon)
        for priorities, ends, level, share, to, soon in expected.NAMED.get(
            deadline, expected.LADDER
        )
        if (priorities == "*" or priority in priorities.split())
        and (ends == "*" or end in ends.split())
    )


def _channel(level: str, to: str) -> str:
    if level == "expiry":
        return Channel.EXPIRY.value
    return Channel.HANDOFF.value if to else Channel.INSIDE.value
