"""Whoever tries out codes is slowed down, and nobody else is."""

from __future__ import annotations

import pytest

from services.node.domain.errors import UnavailableError
from services.node.rpc import pace
from services.node.rpc.pace import Pace, Paces


class Hand:
    """A clock that is set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def paces(hand):
    return Paces("search", Pace(at_once=3, seconds_each=10), hand)


def asked(paces, asker: str) -> int:
    """How often it may ask before it is told to wait."""
    for times in range(1000):
        try:
            paces.take(asker)
        except UnavailableError as refused:
            assert refused.code == "asked.too_fast"
            return times
    return 1000


def test_so_many_at_once_and_then_one_each_while(paces, hand):
    assert asked(paces, "officer-14") == 3
    hand.now += 25
    assert asked(paces, "officer-14") in {2, 3}
    hand.now += 3600
    assert asked(paces, "officer-14") == 3


def test_the_wait_that_is_told_is_enough(paces, hand):
    asked(paces, "officer-14")
    with pytest.raises(UnavailableError) as refused:
        paces.take("officer-14")
    hand.now += refused.value.wait
    paces.take("officer-14")


def test_others_are_not_slowed_down(paces):
    asked(paces, "officer-14")
    assert asked(paces, "officer-15") == 3


def test_however_many_ask_few_are_remembered(paces, monkeypatch):
    monkeypatch.setattr(pace, "_MOST_KEPT", 10)
    asked(paces, "officer-14")
    for each in range(100):
        paces.take(f"place-{each}")
        # Who asks again and again is not forgotten by asking through others.
        if each % 5 == 0:
            assert asked(paces, "officer-14") == 0
    assert len(paces._buckets) == 10
