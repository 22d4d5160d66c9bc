"""The offer to receive her, the joint risk assessment, and the appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.cli.demo.answers import answer, offer
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Stage
from services.node.domain.bodies import Completion, Feedback
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
    TravelDocument,
)
from services.node.domain.identifiers import new_id

GATE = "lao_cai_hekou"
MEETING = (23, "10:00")
"""Day and time at the gate."""

_FAMILY_WORDS = {
    "found_safe": "Your sister has been found and is safe. We may not say more. You "
    "can call again at any time.",
}
_WITHOUT_LEAVE = (
    "Your call was taken up at once and people are working on it. We may not say "
    "more, and that says nothing about how she is. You can call again at any time."
)


async def return_offer(stage: Stage, journey: Journey) -> None:
    """Need first, identity after acceptance; then word to the Hanoi centre."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    liaison = stage.at("liaison-yunnan")
    tell.chapter("An offer without a name")
    await stage.moves_to(11, "09:00")
    referral = await liaison.offer(
        journey.cases["liaison-yunnan"],
        "lao-cai",
        offer(
            journey.cast,
            "voluntary_return",
            "normal",
            "She wishes to return home and asks to be accompanied.",
            "safe_accommodation",
            "travel_cost",
        ),
        *("D1", "D2", "D5", "D7"),
    )
    journey.referrals["return"] = referral
    tell.does(
        "liaison-yunnan",
        "offers Lao Cai to accompany her home: the need is open, who she is sealed.",
    )
    await stage.moves_to(11, "14:00")
    await lao_cai.accept(referral)
    tell.does(
        "lao-cai",
        "accepts; only then does the liaison's node release the keys of what she "
        "agreed to. The liaison answers for her until the gate.",
    )
    await stage.learned(lao_cai, journey.cases["lao-cai"])
    await _tell_brother(stage, journey)


async def _tell_brother(stage: Stage, journey: Journey) -> None:
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    centre, called = stage.at("hotline-hanoi"), journey.referrals["call"]
    await stage.moves_to(11, "15:30")
    answers = await lao_cai.desk.list_consents(
        lao_cai.officer, journey.cases["lao-cai"]
    )
    allowed = answers.family_may_be_told
    step = await lao_cai.step(
        called, Feedback("found_safe" if allowed else "in_process", allowed)
    )
    await lao_cai.desk.await_referral(lao_cai.officer, called, settled=True)
    digest, feedback = await centre.said(called, "feedback")
    if digest != step.digest or not isinstance(feedback, Feedback):
        message = "the Hanoi centre reads other words than Lao Cai sent"
        raise RuntimeError(message)
    journey.brother_told = feedback.family_may_be_told
    words = [_FAMILY_WORDS[each] for each in journey.brother_told]
    tell.told(
        "The Hanoi centre calls her brother. She decided what he may be told:",
        " ".join(words) or _WITHOUT_LEAVE,
    )
    tell.says(
        "He does not learn where she is: she said no to that."
        if words
        else "He does not learn that she was found, nor where: she said no to both."
    )


async def risk(stage: Stage, journey: Journey) -> None:
    """One matrix, two signatures."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    liaison, home = stage.at("liaison-yunnan"), journey.referrals["return"]
    tell.chapter("Is it safe to return?")
    now = await stage.moves_to(14, "10:00")
    factors = (
        RiskFactor("retaliation", 2, 4, "not_home_district"),
        RiskFactor("stigma", 3, 2, "discreet_accompaniment"),
    )
    await liaison.step(
        home,
        RiskAssessment(factors, "low", "go_with_conditions", now + timedelta(days=30)),
    )
    tell.does("liaison-yunnan", "signs the joint assessment: go, with conditions.")
    await stage.moves_to(15, "11:00")
    await lao_cai.sees(home, "risk_proposed")
    digest, _ = await lao_cai.said(home, "risk_assessment")
    await lao_cai.step(home, RiskCountersignature(digest, "go_with_conditions"))
    await liaison.sees(home, "risk_assessed")
    tell.does("lao-cai", "reads it and signs the same assessment.")


async def paper_and_plan(stage: Stage, journey: Journey) -> None:
    """The consulate gives her a paper; then how, when and to which bed."""
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    liaison, home = stage.at("liaison-yunnan"), journey.referrals["return"]
    tell.chapter("A paper, and a plan")
    await _passport(stage, journey)
    now = await stage.moves_to(16, "15:00")
    paper = TravelDocument(
        "laissez_passer_border", "consulate-kunming", now, now + timedelta(days=180)
    )
    await liaison.step(home, paper)
    plan = ReturnPlan(
        mode="land",
        gate=GATE,
        at=stage.instant(*MEETING),
        escort=("social_worker", "interpreter"),
        children=0,
        fit_to_travel="fit",
        belongings_recovered=True,
        contact_card_given=True,
    )
    proposed = await liaison.step(home, plan)
    tell.does("liaison-yunnan", "proposes the plan: by land, with a social worker.")
    await lao_cai.sees(home, "plan_proposed")
    now = await stage.moves_to(16, "16:30")
    await lao_cai.step(home, PlanConfirmation(proposed.digest, "establishment", now))
    await liaison.sees(home, "planned")
    tell.does("lao-cai", "confirms the plan: a house has a bed for her.")


async def _passport(stage: Stage, journey: Journey) -> None:
    """A share: the consulate issues her paper, and learns what that takes."""
    tell, liaison = stage.narrator, stage.at("liaison-yunnan")
    consulate = stage.at("consulate-kunming")
    await stage.moves_to(15, "16:00")
    referral = await liaison.offer(
        journey.cases["liaison-yunnan"],
        consulate.member,
        offer(
            journey.cast,
            "travel_document",
            "normal",
            "Please issue a paper with which she can return.",
        ),
        "D1",
        "D2",
    )
    journey.referrals["paper"] = referral
    tell.does(liaison.member, "asks the consulate for a paper, as she wished.")
    journey.cases[consulate.member] = await consulate.accept(referral)
    await stage.moves_to(16, "14:00")
    await consulate.step(referral, Completion("successful", "issued"))
    await liaison.sees(referral, "done")
    tell.does(consulate.member, "issues a border laissez-passer in her own name.")


async def appointment(stage: Stage, journey: Journey) -> None:
    """She is asked once more; then gate, time and witness."""
    cast, tell, lao_cai = journey.cast, stage.narrator, stage.at("lao-cai")
    liaison, home = stage.at("liaison-yunnan"), journey.referrals["return"]
    tell.chapter("The day before")
    now = await stage.moves_to(22, "15:00")
    wish = answer(cast, "voluntary_return", "lao-cai", "D1 D2 D5 D7", yes=True)
    wish = replace(
        wish, consent_id=new_id(), given_at=now, valid_until=now + timedelta(days=90)
    )
    await liaison.step(home, Reconsent(wish))
    tell.does("liaison-yunnan", "asks her again, alone. She still wishes to go home:")
    tell.answered(wish)
    meeting = stage.instant(*MEETING)
    await liaison.step(
        home, Appointment(GATE, meeting, ("social_worker", "interpreter"), 1)
    )
    await lao_cai.sees(home, "appointment_proposed")
    witness = "border-guard-lao-cai"
    await lao_cai.step(home, AppointmentConfirmation(GATE, meeting, witness))
    await liaison.sees(home, "appointed")
    tell.does(
        "lao-cai", "confirms: tomorrow at 10:00, Lao Cai–Hekou, with a social worker."
    )
    await _ask_witness(stage, journey)


async def _ask_witness(stage: Stage, journey: Journey) -> None:
    tell, lao_cai = stage.narrator, stage.at("lao-cai")
    guard = stage.at("border-guard-lao-cai")
    await stage.moves_to(22, "16:30")
    referral = await lao_cai.offer(
        journey.cases["lao-cai"],
        guard.member,
        offer(
            journey.cast,
            "border_handover",
            "urgent",
            "Please witness one person's crossing tomorrow at 10:00.",
        ),
        "D1",
        "D2",
    )
    journey.referrals["witness"] = referral
    journey.cases[guard.member] = await guard.accept(referral)
    tell.does(guard.member, "is asked to be there as a witness, and accepts.")
    await stage.learned(guard, journey.cases[guard.member])
