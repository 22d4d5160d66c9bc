"""At the gate: minutes of the giver, a witness, the receiver's countersignature."""

from __future__ import annotations

import asyncio

from services.cli.demo.homeward import GATE
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Stage
from services.node.domain.bodies import Completion
from services.node.domain.bodies_return import (
    Arrival,
    CheckIn,
    Countersignature,
    Departure,
    GateArrival,
    Minutes,
    Witness,
)


async def crossing(stage: Stage, journey: Journey) -> None:
    """The liaison answers until Lao Cai has countersigned, not a minute less."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    liaison, home = stage.at("liaison-yunnan"), journey.referrals["return"]
    tell.chapter("At the gate of Lao Cai–Hekou")
    now = await stage.moves_to(23, "06:30")
    await liaison.step(home, Departure(now, 1))
    tell.does("liaison-yunnan", "sets out with her.")
    now = await stage.moves_to(23, "08:30")
    await liaison.step(home, CheckIn(now, "well"))
    tell.does("liaison-yunnan", "sends word from the way: she is well.")
    now = await stage.moves_to(23, "09:55")
    await liaison.step(home, GateArrival(GATE, now))
    tell.does("liaison-yunnan", "is at the gate with her.")
    now = await stage.moves_to(23, "10:05")
    minutes = await liaison.step(
        home,
        Minutes(GATE, now, 1, "match", "well", ("travel_document", "belongings")),
    )
    tell.does(
        "liaison-yunnan",
        "signs the minutes. On paper they carry the envelope's digest "
        f"{minutes.digest.hex()[:16]}…",
    )
    await lao_cai.sees(home, "minuted")
    shown, _ = await lao_cai.said(home, "minutes")
    seen = await _attest(stage, journey, shown)
    now = await stage.moves_to(23, "10:20")
    await lao_cai.step(
        home,
        Countersignature(
            shown,
            now,
            1,
            "match",
            "border-guard-lao-cai",
            seen,
            giver_known_by="code",
            handover_code=await liaison.handover_code(home),
        ),
    )
    tell.does(
        "liaison-yunnan", "shows the six digits of the minutes; Lao Cai enters them."
    )
    tell.does(
        "lao-cai", "countersigns, naming the witness: from now on it answers for her."
    )
    await lao_cai.looks_after(journey.cases["lao-cai"])
    await _arrive(stage, journey)


async def _attest(stage: Stage, journey: Journey, shown: bytes) -> bytes:
    """The guard reads the digest on the paper shown and attests what it saw."""
    guard, witnessed = stage.at("border-guard-lao-cai"), journey.referrals["witness"]
    now = await stage.moves_to(23, "10:12")
    attested = await guard.step(witnessed, Witness(shown, GATE, now, 1))
    await stage.at("lao-cai").sees(witnessed, "witnessed")
    stage.narrator.does(guard.member, "reads that digest and attests what it saw.")
    return attested.event_id


async def _arrive(stage: Stage, journey: Journey) -> None:
    lao_cai, home = stage.at("lao-cai"), journey.referrals["return"]
    guard = stage.at("border-guard-lao-cai")
    now = await stage.moves_to(23, "10:50")
    await asyncio.gather(
        lao_cai.step(home, Arrival(now, "nobody", unsigned_reason="no_means")),
        guard.step(journey.referrals["witness"], Completion("successful", "witnessed")),
        stage.at("liaison-yunnan").sees(home, "arrived"),
    )
    stage.narrator.says("She has arrived. There is tea, a doctor, and time.")
