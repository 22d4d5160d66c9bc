"""Where she stays: she is asked for each house, and the houses are asked in turn."""

from __future__ import annotations

from services.cli.demo.answers import answer, offer, record
from services.cli.demo.asked import write_down
from services.cli.demo.journey import Journey
from services.cli.demo.narrator import name
from services.cli.demo.stage import Stage
from services.node.domain.bodies import Decline

_SEALED = ("D1", "D5", "D7")
"""What a house is offered; her name she says herself, or another."""


async def reception(stage: Stage, journey: Journey) -> None:
    """A house without a free bed learns nothing; the one that accepts answers."""
    cast, tell, lao_cai = journey.cast, stage.narrator, stage.at("lao-cai")
    tell.chapter("A place to stay")
    await stage.moves_to(23, "11:30")
    asked = cast.houses[: cast.full_houses + 1]
    tell.says("In Lao Cai she is asked again, one answer for each house:")
    await write_down(
        stage,
        lao_cai,
        journey.cases["lao-cai"],
        *(
            answer(cast, "reception_shelter", house, " ".join(_SEALED), yes=True)
            for house in asked
        ),
    )
    for number, house in enumerate(asked):
        await stage.moves_to(23, f"{12 + number}:00")
        await _ask_house(stage, journey, house)


async def _ask_house(stage: Stage, journey: Journey, house: str) -> None:
    cast, tell, lao_cai = journey.cast, stage.narrator, stage.at("lao-cai")
    manager = stage.at(house)
    referral = await lao_cai.offer(
        journey.cases["lao-cai"],
        house,
        offer(
            cast,
            "reception",
            "urgent",
            "A quiet room for some weeks, and somebody to talk to.",
            "safe_accommodation",
            "psychological",
        ),
        *_SEALED,
    )
    journey.referrals[house] = referral
    if house != cast.house:
        await manager.sees(referral, "offered")
        decline = await manager.step(referral, Decline("no_capacity"))
        await lao_cai.sees(referral, "declined")
        journey.declined[house] = decline.ledger_index
        tell.does(house, "has no free bed and declines. No key ever went there:")
        tell.learned(house, (), stage.known)
        return
    journey.cases[house] = await manager.accept(referral)
    await manager.looks_after(journey.cases[house])
    tell.does(house, f"has a room and accepts: {name(house)} answers for her now.")
    await manager.add(journey.cases[house], record("D2", prs_FirstName=cast.given_name))
    tell.says("At the door she says by which name she wishes to be called.")
    await stage.learned(manager, journey.cases[house])
