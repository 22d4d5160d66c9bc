"""One word to the sender, always the most serious that is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.reach import Circuit, Reach, Standing, circuit, how_far

NOW = datetime(2018, 3, 5, tzinfo=UTC)
SENT = Standing(
    giver=True,
    delivered=False,
    opened=False,
    waiting=1,
    refused=False,
    unreachable=False,
    returned=False,
)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, Reach.WAITING),
        ({"unreachable": True}, Reach.UNREACHABLE),
        ({"waiting": 0, "delivered": True}, Reach.DELIVERED),
        ({"waiting": 0, "delivered": True, "unreachable": True}, Reach.DELIVERED),
        ({"waiting": 0, "delivered": True, "opened": True}, Reach.OPENED),
        ({"waiting": 1, "delivered": True, "opened": True}, Reach.WAITING),
        ({"refused": True, "waiting": 0}, Reach.REFUSED),
        ({"returned": True, "refused": True}, Reach.RETURNED),
        ({"giver": False, "waiting": 0, "delivered": True}, Reach.NONE),
        ({"giver": False, "delivered": True}, Reach.WAITING),
    ],
)
def test_the_sender_reads_the_most_serious_word_that_is_true(changes, word):
    assert how_far(replace(SENT, **changes)) is word


def test_a_circuit_is_open_until_the_next_try_is_due():
    soon = NOW + timedelta(minutes=5)
    assert circuit(0, soon, NOW) is Circuit.CLOSED
    assert circuit(3, soon, NOW) is Circuit.OPEN
    assert circuit(3, NOW, NOW) is Circuit.TRYING
    assert circuit(3, None, NOW) is Circuit.TRYING
