"""What stories of a chaos run keep to, so that a refusal is the node's doing."""

from __future__ import annotations

from typing import Any, cast

from tests.fault.desks import Desk
from tests.fault.journey import Story
from tests.fault.small_network import SmallNetwork


class _Asked:
    """As much of a desk as a move needs: its clock goes on with every look."""

    name = "lao-cai"

    def __init__(self) -> None:
        self.now, self.said = 1_520_000_000_000, list[tuple[bytes, dict[str, Any]]]()

    async def case_now(self) -> int:
        self.now += 3_600_000
        return self.now

    async def step(self, _: bytes, event_id: bytes, **body: Any) -> None:
        self.said.append((event_id, body))


async def test_a_move_asked_for_again_says_the_same_though_the_clock_jumped():
    giver, receiver = _Asked(), _Asked()
    told = Story(
        cast("SmallNetwork", None),
        "voluntary_return",
        cast("Desk", giver),
        cast("Desk", receiver),
    )
    for name in ("risk_assessment", "departure", "gate_arrival", "appointment"):
        for _ in range(2):
            await told.act(told.move(name))
        first, again = giver.said[-2:]
        assert first == again
    assert receiver.said == []
