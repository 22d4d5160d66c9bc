"""In which states a referral is this member's work, and in which it is another's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.node.domain.policy import TABLES, parse_policy
from services.node.flows.work import WorkGroup, turns_of

SEED = Path(__file__).parents[4] / "deploy" / "policy" / "vietnam-2018"
DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def turns():
    tables = {name: (SEED / f"{name}.csv").read_bytes() for name in TABLES}
    return turns_of(parse_policy("vn-2018.1", tables).steps, DAY)


@pytest.mark.parametrize(
    ("side", "state", "group"),
    [
        ("receiver", "offered", WorkGroup.NEEDS_ME),
        ("giver", "offered", WorkGroup.WAITING_ON_OTHERS),
        ("giver", "asked", WorkGroup.NEEDS_ME),
        ("receiver", "asked", WorkGroup.WAITING_ON_OTHERS),
        ("receiver", "in_service", WorkGroup.NEEDS_ME),
        ("receiver", "cannot_keep", WorkGroup.NEEDS_ME),
    ],
)
def test_each_side_sees_its_own_turn(turns, side, state, group):
    assert (side, "reception", state) in turns[group]


@pytest.mark.parametrize("state", ["done", "declined", "expired", "recalled", "none"])
def test_what_has_ended_is_nobodys_work(turns, state):
    for side in ("giver", "receiver"):
        for group in WorkGroup:
            assert (side, "reception", state) not in turns[group]


def test_what_is_mine_here_waits_on_others_there(turns):
    mine, others = (turns[group] for group in WorkGroup)
    swapped = {"giver": "receiver", "receiver": "giver"}
    assert sorted((swapped[s], k, t) for s, k, t in mine) == sorted(others)
