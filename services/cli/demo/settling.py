"""Wait until nothing of a story is on the way any more."""

from __future__ import annotations

import asyncio

from services.cli.demo.journey import Journey
from services.cli.demo.stage import Acting, Stage


async def settle(stage: Stage, journey: Journey) -> None:
    """Every member of the story holds the receipts of what it sent."""
    members = {*journey.cases, *journey.declined}
    await asyncio.gather(*(_settled(stage.at(member)) for member in members))


async def _settled(who: Acting) -> None:
    for referral in await who.desk.list_referrals(who.officer):
        await who.desk.await_referral(who.officer, referral.referral_id, settled=True)
