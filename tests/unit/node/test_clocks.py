from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.clocks import DrivenClocks, RealClocks
from services.node.domain.errors import NotLawfulError

START = datetime(2018, 3, 5, 1, tzinfo=UTC)


def test_a_driven_case_clock_stands_where_it_was_put():
    clocks = DrivenClocks(START)
    assert clocks.now().case == START
    later = START + timedelta(days=3)
    assert clocks.drive(later).case == later == clocks.now().case


def test_a_driven_case_clock_never_goes_back():
    clocks = DrivenClocks(START)
    with pytest.raises(NotLawfulError) as caught:
        clocks.drive(START - timedelta(seconds=1))
    assert caught.value.code == "clock.backwards"


def test_the_wire_clock_is_never_driven():
    clocks = DrivenClocks(START)
    clocks.drive(START + timedelta(days=365))
    assert abs(clocks.now().wire - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_real_clock_cannot_be_driven():
    with pytest.raises(NotLawfulError) as caught:
        RealClocks().drive(START)
    assert caught.value.code == "clock.not_driven"
