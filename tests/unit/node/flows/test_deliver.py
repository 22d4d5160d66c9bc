"""How long the relay waits after a failure."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from services.node.flows.deliver import pause


def test_each_failure_doubles_the_wait_up_to_five_minutes_and_no_more():
    waits = [pause(failures) for failures in range(40)]
    assert [each.total_seconds() for each in waits[:4]] == [0.25, 0.5, 1, 2]
    assert all(
        later == min(2 * earlier, timedelta(minutes=5))
        for earlier, later in pairwise(waits)
    )
    assert pause(1_000_000) == timedelta(minutes=5)


def test_three_days_of_an_outage_cost_a_try_in_five_minutes():
    waited, tries = timedelta(0), 0
    while waited < timedelta(days=3):
        waited += pause(tries)
        tries += 1
    assert tries < 3 * 24 * 12 + 12
