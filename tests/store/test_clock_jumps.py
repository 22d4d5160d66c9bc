"""A member's wire clock jumps by an hour while handoffs are under way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.flows.moment import Moment
from tests.store.person import Person
from tests.store.test_rooms import carry, waiting
from tests.store.town import Town

SENDER, RECIPIENT = "lao-cai", "son-la"
HOUR = timedelta(hours=1)
RECEIVED = """
SELECT outcome, count(*) AS times, count(DISTINCT event_id) AS events
FROM envelope_received GROUP BY outcome
"""


class Clocks:
    """The wire clocks of a town; ``jump`` moves one and leaves the others."""

    def __init__(self, town: Town) -> None:
        self._town, self._usual = town, town.moment
        self._ahead = timedelta()

    def moment(self, name: str) -> Moment:
        moment = self._usual(name)
        if name == SENDER:
            return moment
        return Moment(moment.wire + self._ahead, moment.case)

    def jump(self, member: str, by: timedelta) -> None:
        """What a town leases by is the clock of whoever sends."""
        if member == SENDER:
            self._town.wire += by
            by = -by
        self._ahead += by


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["forward", "back"])
@pytest.mark.parametrize("member", [SENDER, RECIPIENT])
async def test_a_clock_that_jumps_by_an_hour_loses_doubles_and_refuses_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, member: str, by: timedelta
) -> None:
    person, clocks = Person(town), Clocks(town)
    monkeypatch.setattr(town, "moment", clocks.moment)
    await person.open(SENDER)

    async def offer() -> None:
        await person.offer(SENDER, RECIPIENT, "reintegration", sealed=False)

    for _ in range(3):
        await offer()
    await town.send(SENDER)
    assert town.parcels
    await offer()
    clocks.jump(member, by)
    await offer()
    await carry(town, SENDER)
    assert {state for state, _ in await waiting(town, SENDER)} <= {
        "received",
        "waiting",
    }
    # Set right again, with whatever was put off by the wrong clock.
    clocks.jump(member, -by)
    await offer()
    await carry(town, SENDER)
    town.pass_time(timedelta(), HOUR + timedelta(minutes=6))
    await carry(town, SENDER)
    assert [state for state, _ in await waiting(town, SENDER)] == ["received"] * 6
    found = await town.rows(RECIPIENT, RECEIVED)
    assert [(each["outcome"], each["times"], each["events"]) for each in found] == [
        ("received", 6, 6)
    ]
