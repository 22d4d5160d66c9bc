"""Best interests: for whom they are decided, and who may have decided."""

from __future__ import annotations

from services.node.domain.best_interests import Concern
from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, FAR, agrees
from tests.expect import best_interests as expected


def check_somebody_decides_for_a_child_and_for_who_cannot(policy: Policy) -> None:
    table = policy.best_interests
    for on in (expected.BEGINS, FAR):
        assert table.deciders(Concern.CHILD, on) == ("member", "child_protection")
        assert table.deciders(Concern.UNABLE, on) == ("member", "guardian")
        assert table.deciders(None, on) == ()
    assert table.deciders(Concern.CHILD, expected.BEGINS - DAY) == ()


def check_every_line_is_a_row_and_no_other(policy: Policy) -> None:
    agrees(policy.best_interests.rows, ("concern", "decider"), expected.LINES)
