"""Stretches of way that several stories share: the return, leg by leg.

Each leg is one function over a referral that was accepted. The day numbers are
those of the story; nothing here decides what the person wants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.cli.demo.answers import answer, offer
from services.cli.demo.narrator import name
from services.cli.demo.stories.telling import Telling
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    Arrival,
    CheckIn,
    Countersignature,
    Departure,
    GateArrival,
    Minutes,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
    TravelDocument,
)
from services.node.domain.identifiers import new_id
from services.node.domain.records import ConsentCopy

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Homeward:
    """One return: which referral, from whom to whom, over which gate, and when.

    ``crossing`` is day and time of the meeting at the gate; the wish is confirmed
    the afternoon before.
    """

    name: str
    giver: str
    receiver: str
    gate: str
    mode: str
    crossing: tuple[int, str]
    categories: str
    placement: str = "establishment"
    child: bool = False
    """The guardian's yes goes with the child's."""


async def assessed(t: Telling, way: Homeward, day: int, decision: str = "go") -> None:
    """One matrix, two signatures."""
    now = await t.on(day, "10:00")
    factors = (RiskFactor("retaliation", 2, 3, "discreet_accompaniment"),)
    signed = await t.takes(
        way.name,
        way.giver,
        RiskAssessment(factors, "low", decision, now + MONTH),
        other=way.receiver,
        state="risk_proposed",
    )
    await t.takes(
        way.name,
        way.receiver,
        RiskCountersignature(signed, decision),
        other=way.giver,
        state="risk_assessed",
    )
    t.does(way.giver, f"and {name(way.receiver)} sign the same assessment: {decision}.")


async def papered(t: Telling, way: Homeward, mission: str, day: int) -> None:
    """The mission issues a paper, as a task of its own; then it is ready."""
    await t.on(day, "09:00")
    need = offer(
        t.cast, "travel_document", "normal", "Please issue a paper to return with."
    )
    paper = f"{way.name}: paper"
    await t.offers(paper, way.giver, mission, need, "D1 D2")
    await t.accepts(paper, mission)
    now = await t.on(day, "15:00")
    await t.completes(paper, mission, way.giver, "issued")
    ready = TravelDocument("laissez_passer_border", mission, now, now + 6 * MONTH)
    await t.takes(
        way.name, way.giver, ready, other=way.receiver, state="document_ready"
    )
    t.does(mission, "issues the paper.")


async def planned(t: Telling, way: Homeward, day: int) -> None:
    """How, when, and to which bed: agreed three working days before."""
    await t.on(day, "09:00")
    plan = ReturnPlan(
        mode=way.mode,
        gate=way.gate,
        at=t.stage.instant(*way.crossing),
        escort=("social_worker", "interpreter"),
        children=0,
        fit_to_travel="fit",
        belongings_recovered=True,
        contact_card_given=True,
    )
    proposed = await t.takes(
        way.name, way.giver, plan, other=way.receiver, state="plan_proposed"
    )
    now = await t.on(day, "11:00")
    confirmed = PlanConfirmation(proposed, way.placement, now)
    await t.takes(way.name, way.receiver, confirmed, other=way.giver, state="planned")
    t.does(way.receiver, "confirms the plan: a place waits.")


def wished_again(t: Telling, way: Homeward, now: datetime) -> ConsentCopy:
    """The wish confirmed at ``now``: by a child together with the guardian."""
    wish = answer(t.cast, "voluntary_return", way.receiver, way.categories, yes=True)
    wish = replace(wish, consent_id=new_id(), given_at=now, valid_until=now + 3 * MONTH)
    if way.child:
        wish = replace(wish, subject="both", capacity="child_assent_plus_guardian")
    return wish


async def asked_again(t: Telling, way: Homeward) -> None:
    """The afternoon before: does the person still wish it? Then gate and time."""
    wish = wished_again(t, way, await t.on(way.crossing[0] - 1, "15:00"))
    await t.takes(
        way.name, way.giver, Reconsent(wish), other=way.receiver, state="reconsented"
    )
    t.stage.narrator.answered(wish)
    meeting = t.stage.instant(*way.crossing)
    proposal = Appointment(way.gate, meeting, ("social_worker",), 1)
    await t.takes(
        way.name, way.giver, proposal, other=way.receiver, state="appointment_proposed"
    )
    await t.takes(
        way.name,
        way.receiver,
        AppointmentConfirmation(way.gate, meeting),
        other=way.giver,
        state="appointed",
    )


async def at_the_gate(t: Telling, way: Homeward) -> datetime:
    """On the way, a word from the way, and at the gate."""
    day, _ = way.crossing
    now = await t.on(day, "06:00")
    leaves = Departure(now, 1)
    await t.takes(way.name, way.giver, leaves, other=way.receiver, state="in_transit")
    now = await t.on(day, "08:00")
    word = CheckIn(now, "well")
    await t.takes(way.name, way.giver, word, other=way.receiver, state="in_transit")
    now = t.stage.instant(*way.crossing) - timedelta(minutes=10)
    now = await t.on(day, f"{now:%H:%M}")
    there = GateArrival(way.gate, now)
    await t.takes(way.name, way.giver, there, other=way.receiver, state="at_gate")
    t.does(way.giver, "is there with the person, in time.")
    return now


async def handed_over(t: Telling, way: Homeward, clock: str) -> None:
    """Minutes of the giver, countersigned by the receiver: it answers now."""
    now = await t.on(way.crossing[0], clock)
    minutes = Minutes(way.gate, now, 1, "match", "well", ("travel_document",))
    signed = await t.takes(
        way.name, way.giver, minutes, other=way.receiver, state="minuted"
    )
    await t.takes(
        way.name,
        way.receiver,
        Countersignature(signed, now, 1, "match"),
        other=way.giver,
        state="received",
    )
    t.does(way.receiver, "countersigns the minutes: from now on it answers.")
    await t.at(way.receiver).looks_after(t.journey.cases[way.receiver])
    arrived = Arrival(now, "nobody", unsigned_reason="no_means")
    await t.takes(way.name, way.receiver, arrived, other=way.giver, state="arrived")
