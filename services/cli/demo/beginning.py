"""She chooses where to begin anew; the first follow-up; what is done is closed."""

from __future__ import annotations

import asyncio

from services.cli.demo.answers import answer, offer, record
from services.cli.demo.asked import write_down
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Stage
from services.node.domain.bodies import Completion

_SENT = ("D1", "D2", "D11")


async def choice(stage: Stage, journey: Journey) -> None:
    """Yen Bai, and not the town where her brother works."""
    cast, tell = journey.cast, stage.narrator
    house, manager = cast.house, stage.at(cast.house)
    case = journey.cases[house]
    tell.chapter("She chooses Yen Bai")
    await stage.moves_to(42, "09:30")
    tell.says(
        "She could go to her brother's town in Nghe An. She would rather learn to sew "
        "in Yen Bai, where nobody knows her."
    )
    await write_down(
        stage,
        manager,
        case,
        answer(cast, "reintegration_services", "nghe-an", "D1 D2 D11", yes=False),
        answer(cast, "reintegration_services", "yen-bai", "D1 D2 D11", yes=True),
    )
    await manager.add(
        case, record("D11", "en", local_goal="tailoring course, a room of her own")
    )
    await stage.moves_to(43, "09:00")
    referral = await manager.offer(
        case,
        "yen-bai",
        offer(
            cast,
            "reintegration",
            "normal",
            "A room, a training place, and somebody to turn to.",
            "vocational_training",
            "job_counselling",
        ),
        *_SENT,
    )
    journey.referrals["reintegration"] = referral
    tell.does(house, "asks Yen Bai whether it will accompany her there.")
    await stage.moves_to(43, "10:00")
    yen_bai = stage.at("yen-bai")
    journey.cases["yen-bai"] = await yen_bai.accept(referral)
    tell.does("yen-bai", "accepts, and answers for her from now on.")
    await stage.learned(yen_bai, journey.cases["yen-bai"])


async def follow_up(stage: Stage, journey: Journey) -> None:
    """Within 72 hours: how is she, and may somebody ask again?"""
    tell, yen_bai = stage.narrator, stage.at("yen-bai")
    case = journey.cases["yen-bai"]
    tell.chapter("Within 72 hours")
    await stage.moves_to(46, "09:30")
    await asyncio.gather(
        yen_bai.desk.record_follow_up(
            yen_bai.officer,
            case,
            "for_service",
            "office",
            "stable",
            next_action="training_begins",
        ),
        close(stage, journey),
    )
    tell.does("yen-bai", "meets her at the office, as she asked. She is well.")
    await write_down(
        stage,
        yen_bai,
        case,
        answer(journey.cast, "follow_up_contact", "yen-bai", "D3", yes=True),
    )


async def close(stage: Stage, journey: Journey) -> None:
    """Who did what was asked says so."""
    done = {
        "call": ("lao-cai", "service_given"),
        "protection": ("liaison-yunnan", "service_given"),
        "return": ("lao-cai", "arrived"),
        journey.cast.house: (journey.cast.house, "service_given"),
    }
    await asyncio.gather(
        *(
            stage.at(member).step(
                journey.referrals[referral], Completion("successful", result)
            )
            for referral, (member, result) in done.items()
        )
    )
