"""Lao Cai asks the Yunnan liaison to look for her; she is found."""

from __future__ import annotations

import asyncio

from services.cli.demo.answers import offer, profile
from services.cli.demo.call import override, review
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Stage
from services.node.domain.bodies import Completion


async def search(stage: Stage, journey: Journey) -> None:
    """A share, under an override that names her name and nothing else."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    liaison = stage.at("liaison-yunnan")
    tell.chapter("The search")
    await stage.moves_to(0, "10:00")
    await override(stage, journey, "lao-cai", "liaison-yunnan", "emergency_protection")
    referral = await lao_cai.offer(
        journey.cases["lao-cai"],
        "liaison-yunnan",
        offer(
            journey.cast,
            "tracing",
            "emergency",
            "Please look for a woman who is missing; her name travels sealed.",
            "family_tracing",
        ),
        "D2",
    )
    journey.referrals["search"] = referral
    tell.does("lao-cai", "asks the Yunnan liaison to look for her: a share, no more.")
    await stage.moves_to(0, "11:10")
    journey.cases["liaison-yunnan"] = await liaison.accept(referral)
    tell.does("liaison-yunnan", "accepts and begins. Lao Cai still answers for her.")
    await stage.learned(liaison, journey.cases["liaison-yunnan"])
    await stage.moves_to(0, "16:00")
    await review(stage, journey, "hotline-hanoi")
    await stage.moves_to(1, "09:30")
    await review(stage, journey, "lao-cai")


async def found(stage: Stage, journey: Journey) -> None:
    """Found; from now on the liaison answers for her."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    liaison, searched = stage.at("liaison-yunnan"), journey.referrals["search"]
    tell.chapter("Found")
    await stage.moves_to(9, "10:05")
    await liaison.step(searched, Completion("successful", "found"))
    tell.does("liaison-yunnan", "has found her. She is well and in a safe place.")
    _, protection = await asyncio.gather(
        lao_cai.sees(searched, "done"),
        lao_cai.offer(
            journey.cases["lao-cai"],
            "liaison-yunnan",
            offer(
                journey.cast,
                "protection_abroad",
                "emergency",
                "Please protect her where she is, and ask her what she wishes.",
                "safe_accommodation",
                "interpretation",
            ),
        ),
    )
    journey.referrals["protection"] = protection
    tell.does("lao-cai", "hands over the duty to protect her. Nothing new is told.")
    await stage.moves_to(9, "10:25")
    await liaison.looks_after(await liaison.accept(protection))
    await liaison.add(journey.cases["liaison-yunnan"], profile(journey.cast))
    tell.does("liaison-yunnan", "accepts: from now on it answers for her.")
