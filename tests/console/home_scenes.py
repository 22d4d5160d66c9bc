"""What a way home and a new beginning look like half-way, over the nodes' sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
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
from services.node.domain.case_details import NO_INSTANT, CaseDetails
from services.node.domain.identifiers import new_id
from services.node.domain.minors import Minor
from services.node.domain.plans import Goal, PlanAction, ReintegrationPlan
from services.node.domain.records import Answer, CategoryRecord
from services.node.rpc.desk_client import DeskClient
from tests.console.consoles import LIAISON, PROVINCE
from tests.console.scenes import Scenes, Sent, yes

GATE = "lao_cai_hekou"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HANDED = Minutes(
    *(GATE, NOW, 1, "match", "well", ("belongings",)),
    vehicle="car",
    plate="00A-000.00",
    escort=("social_worker", "interpreter"),
    escort_count=2,
    documents=("travel_document", "school_record"),
)
"""What the liaison writes down at the gate."""
PAPER = CaseDetails(
    decided_by="Police", victim_paper_type="certificate_of_district_police"
)
"""By which the law gives support of every letter."""
WISH = "Em muốn học may và có tiệm nhỏ."
"""A goal in the person's own words."""


def asked_home(scenes: Scenes) -> Sent:
    """A return that the province agreed to and that nobody assessed yet."""
    sent = scenes.accepted(scenes.sent(LIAISON, PROVINCE, "voluntary_return"), PROVINCE)
    scenes.sees(LIAISON, sent, "in_service")
    return sent


def planned_home(scenes: Scenes) -> Sent:
    """A return whose plan and place both sides confirmed."""
    sent = asked_home(scenes)
    week = NOW + timedelta(days=7)
    factor = RiskFactor("retaliation", 1, 2, "")
    scenes.step(LIAISON, sent, RiskAssessment((factor,), "low", "go", week))
    scenes.sees(PROVINCE, sent, "risk_proposed")
    scenes.step(
        PROVINCE, sent, RiskCountersignature(_digest(scenes, sent, LIAISON), "go")
    )
    scenes.sees(LIAISON, sent, "risk_assessed")
    scenes.step(LIAISON, sent, TravelDocument("none_needed", "", NOW, week))
    crossing = NOW + timedelta(hours=6)
    scenes.step(
        LIAISON,
        sent,
        ReturnPlan(
            "land",
            GATE,
            crossing,
            ("social_worker",),
            0,
            "fit",
            belongings_recovered=True,
            contact_card_given=True,
        ),
    )
    scenes.sees(PROVINCE, sent, "plan_proposed")
    scenes.step(
        PROVINCE,
        sent,
        PlanConfirmation(
            _digest(scenes, sent, LIAISON), "establishment", NOW - timedelta(days=7)
        ),
    )
    scenes.sees(LIAISON, sent, "planned")
    return sent


def at_the_gate(scenes: Scenes) -> Sent:
    """A return whose giver signed the minutes; the receiver has yet to sign."""
    sent = planned_home(scenes)
    soon = NOW + timedelta(hours=5)
    told = replace(
        yes("voluntary_return", PROVINCE, "D1"),
        consent_id=new_id(),
        given_at=NOW,
        valid_until=NOW + timedelta(days=30),
    )
    ways = (
        (LIAISON, Reconsent(told), "reconsented"),
        (
            LIAISON,
            Appointment(GATE, soon, ("social_worker",), 1),
            "appointment_proposed",
        ),
        (PROVINCE, AppointmentConfirmation(GATE, soon), "appointed"),
        (LIAISON, Departure(NOW, 1), "in_transit"),
        (LIAISON, GateArrival(GATE, NOW), "at_gate"),
        (LIAISON, HANDED, "minuted"),
    )
    for member, body, state in ways:
        scenes.step(member, sent, body)
        scenes.sees(PROVINCE if member == LIAISON else LIAISON, sent, state)
    return sent


def case_at(scenes: Scenes, member: str, sent: Sent) -> str:
    """The code that a member has for the case of a referral."""

    async def act(desk: DeskClient, who: str) -> str:
        found = await desk.get_referral(who, sent.referral_id)
        return found.referral.case_pseudonym

    return scenes.at(member, act)


def at_home(scenes: Scenes, member: str = PROVINCE, officer: str = "") -> str:
    """A case with a plan, one visit, and a minor who came along; its code."""
    code = placed(scenes, member, officer)
    goal = Goal(
        "vocational",
        WISH,
        (PlanAction("Hỏi lớp học may", member, NOW + timedelta(days=9), "open", "vi"),),
        "i",
        "07",
        NOW,
        NO_INSTANT,
        "",
        "vi",
    )
    plan = ReintegrationPlan("transition", (goal,), "lao-cai", poor_household=False)
    minor = Minor("", "accompanying_minor", "yes", "0_8", "", "accompanied_person", "")

    async def act(desk: DeskClient, who: str) -> None:
        await desk.keep_plan(who, code, plan)
        await desk.record_follow_up(who, code, "in_care", "visit", "stable")
        await desk.keep_minor(who, code, minor)

    scenes.at(member, act, officer)
    return code


def written_down(scenes: Scenes, code: str) -> None:
    """Needs, people around and safety of a case of the province, in its file."""
    known = (
        CategoryRecord(
            "D3",
            (
                Answer("local_safe_contact", ("chị gái",), "vi"),
                Answer("local_safe_contact_rule", ("chỉ gọi buổi tối",), "vi"),
            ),
        ),
        CategoryRecord("D5", (Answer("local_disability", ("không",), "vi"),)),
        CategoryRecord("D7", (Answer("local_no_go_places", ("bến xe",), "vi"),)),
        CategoryRecord("D13", (Answer("local_guardian", ("không cần",), "vi"),)),
    )

    async def act(desk: DeskClient, who: str) -> None:
        for each in known:
            await desk.add_record(who, code, each)
        level = CaseDetails(risk_level="medium")
        await desk.take_case_step(who, code, "set_risk_level", level)

    scenes.at(PROVINCE, act)


def placed(
    scenes: Scenes,
    member: str = PROVINCE,
    officer: str = "",
    *,
    by_law: bool = True,
) -> str:
    """A case whose person has a place to live, in reintegration; its code.

    ``by_law``: a paper proves the status, so that every support is open.
    """
    code = scenes.case(member, officer)
    acts = (
        ("receive", CaseDetails()),
        *([("present_paper", PAPER)] if by_law else []),
        ("assess_needs", CaseDetails()),
        ("place", CaseDetails(placement="relatives")),
        ("move_to_reintegration", CaseDetails()),
    )

    async def act(desk: DeskClient, who: str) -> None:
        for name, details in acts:
            await desk.take_case_step(who, code, name, details)

    scenes.at(member, act, officer)
    return code


def _digest(scenes: Scenes, sent: Sent, member: str) -> bytes:
    async def act(desk: DeskClient, who: str) -> bytes:
        return (await desk.get_referral(who, sent.referral_id)).steps[-1].digest

    return scenes.at(member, act)
