"""A return from Yunnan to Lao Cai, step by step, as rules look at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.node.domain.bodies import Offer
from services.node.domain.bodies_return import (
    Appointment,
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
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Actor, Handoff, MovesOn
from services.node.domain.policy import TABLES, parse_policy
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import VIETNAM
from services.node.flows.ground import Ground
from services.node.flows.rules import check_content
from services.node.flows.said import SaidStep
from services.node.flows.take_step import STEP_OF

SEEDS = Path(__file__).resolve().parents[4] / "deploy" / "policy" / "vietnam-2018"
POLICY = parse_policy(
    "test", {name: (SEEDS / f"{name}.csv").read_bytes() for name in TABLES}
)
GIVER, RECEIVER, GUARD = "liaison-yunnan", "lao-cai", "border-guard-lao-cai"
MEMBERS = (GIVER, RECEIVER, GUARD, "yen-bai", "consulate-kunming")
GATE = "lao_cai_hekou"
DIGEST = b"d" * 32
"""Of every step said here unless a test names another."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def day(number: int, hour: int = 10) -> datetime:
    """An hour of March 2018 in Viet Nam; the 5th is a Monday."""
    return datetime(2018, 3, number, hour, tzinfo=VIETNAM)


ASSESSED, SIGNED, PAPERED, PLANNED = day(12), day(13), day(14), day(15)
CONFIRMED, ASKED, CROSSING = day(15, 15), day(21, 15), day(22)

OFFER = Offer(
    "voluntary_return", "normal", ("safe_accommodation", "travel_cost"),
    "", "", (), (), "", "", (),
)  # fmt: skip
RISK = RiskAssessment(
    (RiskFactor("stigma", 2, 3, "discreet_accompaniment"),),
    "low",
    "go",
    ASSESSED + 30 * DAY,
)
COUNTERSIGNED = RiskCountersignature(DIGEST, "go")
PAPER = TravelDocument(
    "laissez_passer_border", "consulate-kunming", PAPERED, PAPERED + 90 * DAY
)
PLAN = ReturnPlan("land", GATE, CROSSING, ("social_worker",), 0, "fit", True, True)
PLAN_SIGNED = PlanConfirmation(DIGEST, "establishment", CONFIRMED)
MEETING = Appointment(GATE, CROSSING, ("social_worker",), 1)
CAME = GateArrival(GATE, CROSSING)
MINUTES = Minutes(GATE, CROSSING, 1, "match", "well", ("travel_document",))


def wish(given_at: datetime = ASKED, **changes) -> Reconsent:
    """The person's word before the crossing."""
    usual = ConsentCopy(
        b"i" * 16, "voluntary_return", RECEIVER, ("D1",), "given", "self",
        "written", "vi", "", INFORMED_POINTS, given_at, given_at + 90 * DAY,
    )  # fmt: skip
    return Reconsent(replace(usual, **changes))


def said(body, at: datetime = ASSESSED, digest: bytes = DIGEST) -> SaidStep:
    """A step that was said before."""
    handoff = Handoff(
        event_id=b"e" * 16,
        referral_id=b"r" * 16,
        case_alias="",
        referral_seq=1,
        prev_event=b"",
        step=STEP_OF[type(body)],
        moves_on=MovesOn.MINUTES,
        from_=GIVER,
        to=RECEIVER,
        on_behalf_of="",
        actor=Actor("y-1", "liaison", ""),
        happened_at=at,
        recorded_at=at,
        policy_version="test",
        body=body,
    )
    return SaidStep(handoff, digest)


BEFORE = (
    said(OFFER, day(5)),
    said(RISK, ASSESSED),
    said(COUNTERSIGNED, SIGNED),
    said(PAPER, PAPERED),
    said(PLAN, PLANNED),
    said(PLAN_SIGNED, CONFIRMED),
    said(wish(), ASKED),
    said(MEETING, ASKED),
    said(CAME, CROSSING),
    said(MINUTES, CROSSING),
)
"""Everything that was said when the minutes are there."""


def until(body) -> tuple[SaidStep, ...]:
    """What was said before the first step of this kind."""
    kinds = [type(each.handoff.body) for each in BEFORE]
    return BEFORE[: kinds.index(body)]


def but(body, at: datetime | None = None, digest: bytes = DIGEST):
    """Everything that was said, with another step of this kind in its place."""
    return tuple(
        said(body, at or each.handoff.happened_at, digest)
        if type(each.handoff.body) is type(body)
        else each
        for each in BEFORE
    )


def ground(steps, at: datetime = CROSSING, by: str = GIVER, **changes) -> Ground:
    """On what a step taken by ``by`` at that instant is judged."""
    usual = Ground(
        policy=POLICY,
        members=MEMBERS,
        referral_type=ReferralType.VOLUNTARY_RETURN,
        author=by,
        peer=RECEIVER if by == GIVER else GIVER,
        happened_at=at,
        steps=tuple(steps),
        arrived=False,
    )
    return replace(usual, **changes)


def allowed(body, on: Ground) -> None:
    """The step may be taken, and is taken in."""
    check_content(on, body)
    check_content(replace(on, arrived=True), body)


def refused(body, on: Ground) -> RelaisError:
    """Why it may not, the same at both ends."""
    with pytest.raises(RelaisError) as here:
        check_content(on, body)
    with pytest.raises(RelaisError) as there:
        check_content(replace(on, arrived=True), body)
    assert here.value.code == there.value.code
    assert here.value.message
    return here.value
