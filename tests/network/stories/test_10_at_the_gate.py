"""Two birth dates: a mismatch moves nothing, and is solved where she waits."""

from __future__ import annotations

import pytest

from services.node.domain.bodies_return import Dispute


@pytest.fixture(scope="module")
def gate(told):
    return told(10)


def test_a_dispute_leaves_the_giver_answerable(gate):
    home = gate.said["lai-chau", "return"].steps
    disputed = next(each for each in home if each.step == "dispute")
    taken_over = gate.account.chain[1].since
    assert gate.chain() == ["liaison-yunnan", "lai-chau"]
    assert disputed.happened_at < taken_over


def test_the_dispute_names_what_differs_and_new_minutes_solve_it(gate):
    dispute = gate.body("liaison-yunnan", "return", "dispute")
    assert isinstance(dispute, Dispute)
    assert dispute.discrepancies == ("identity_mismatch",)
    steps = gate.steps("liaison-yunnan", "return")
    assert steps.count("minutes") == 2
    assert steps[-2:] == ["countersignature", "arrival"]


def test_somebody_looks_after_her_while_the_papers_are_read(gate):
    steps = gate.steps("lai-chau", "return")
    assert "check_in" in steps[steps.index("dispute") :]
    assert "with an interpreter, a meal" in " ".join(gate.text.split())
