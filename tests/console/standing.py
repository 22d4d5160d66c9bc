"""A deadline that stands still, and another that may."""

from __future__ import annotations

from services.node.rpc.desk_client import DeskClient
from tests.console.consoles import PROVINCE
from tests.console.scenes import Scenes


def standing(scenes: Scenes, code: str) -> str:
    """Lets the last deadline that may stand still; where the first is let do so."""

    async def act(desk: DeskClient, who: str) -> str:
        found = (await desk.list_clocks(who, code)).clocks
        first, *_, last = [each for each in found if each.pausable_for]
        await desk.pause_clock(who, last.clock_id, last.pausable_for[0])
        return first.clock_id.hex()

    return f"/cases/{code}/clocks/{scenes.at(PROVINCE, act)}/pause"
