"""A return until somebody travels (domain.md §5.e, §6.2), each rule by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.bodies_return import (
    AppointmentConfirmation,
    NoReturn,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
    Suspension,
    Withdrawal,
)
from tests.unit.node.flows.grounds import (
    ASKED,
    ASSESSED,
    BEFORE,
    CONFIRMED,
    COUNTERSIGNED,
    CROSSING,
    DAY,
    DIGEST,
    GATE,
    GUARD,
    HOUR,
    MEETING,
    PAPER,
    PAPERED,
    PLAN,
    PLAN_SIGNED,
    PLANNED,
    RECEIVER,
    RISK,
    SIGNED,
    allowed,
    but,
    day,
    ground,
    refused,
    said,
    until,
    wish,
)

MINUTE = timedelta(minutes=1)

# --- the joint assessment


def test_an_assessment_names_factors_on_a_scale_and_a_decision():
    allowed(RISK, ground(until(RiskAssessment), ASSESSED))
    everything = tuple(
        RiskFactor(factor, likelihood, impact, "")
        for factor, likelihood, impact in (
            ("retaliation", 1, 5),
            ("debt", 5, 1),
            ("family_involvement", 2, 2),
            ("stigma", 3, 3),
            ("health", 4, 4),
            ("no_papers", 1, 1),
            ("children_left_behind", 1, 1),
            ("criminal_proceedings", 1, 1),
            ("retrafficking", 1, 1),
            ("safety_context", 1, 1),
            ("other", 5, 5),
        )
    )
    allowed(replace(RISK, factors=everything), ground((), ASSESSED))


@pytest.mark.parametrize("number", [0, 6, 55])
@pytest.mark.parametrize("field", ["likelihood", "impact"])
def test_a_factor_is_one_to_five(field, number):
    factor = replace(RISK.factors[0], **{field: number})
    error = refused(replace(RISK, factors=(factor,)), ground((), ASSESSED))
    assert (error.code, error.where) == ("return.off_scale", field)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"factors": ()}, "return.no_factor"),
        ({"factors": (RiskFactor("weather", 1, 1, ""),)}, "referral.unknown_code"),
        ({"factors": RISK.factors * 2}, "referral.code_twice"),
        (
            {"factors": (RiskFactor("stigma", 1, 1, "She says so"),)},
            "referral.no_code",
        ),
        ({"decision": "proceed"}, "referral.unknown_code"),
        ({"residual": "none"}, "referral.unknown_code"),
        ({"residual": "unacceptable"}, "return.unacceptable_risk"),
        (
            {"residual": "unacceptable", "decision": "go_with_conditions"},
            "return.unacceptable_risk",
        ),
        ({"valid_until": ASSESSED}, "return.risk_validity"),
        ({"valid_until": ASSESSED + 30 * DAY + MINUTE}, "return.risk_validity"),
    ],
    ids=str,
)
def test_an_assessment_that_breaks_the_matrix_is_refused(changes, code):
    assert refused(replace(RISK, **changes), ground((), ASSESSED)).code == code


@pytest.mark.parametrize("decision", ["no_return", "postpone"])
def test_an_unacceptable_risk_stops_the_return(decision):
    body = replace(RISK, residual="unacceptable", decision=decision)
    allowed(body, ground((), ASSESSED))


def test_an_assessment_is_signed_as_it_stands_while_it_is_valid():
    steps = until(RiskCountersignature)
    allowed(COUNTERSIGNED, ground(steps, SIGNED, RECEIVER))
    for bad, where in (
        (RiskCountersignature(b"x" * 32, "go"), "assessment_digest"),
        (RiskCountersignature(DIGEST, "no_return"), "decision"),
    ):
        assert refused(bad, ground(steps, SIGNED, RECEIVER)).where == where
    late = ground(steps, ASSESSED + 30 * DAY + MINUTE, RECEIVER)
    assert refused(COUNTERSIGNED, late).code == "return.risk_expired"


# --- nobody goes on unless both signed go


def both_signed(decision, **changes):
    """The return so far, on another decision that both sides signed."""
    steps = but(replace(RISK, decision=decision, **changes))
    signed = RiskCountersignature(DIGEST, decision)
    return [
        said(signed, SIGNED) if each.handoff.step == "risk_countersignature" else each
        for each in steps
    ]


STEPS = [
    (PAPER, PAPERED),
    (PLAN, PLANNED),
    (wish(), ASKED),
    (MEETING, ASKED),
]


@pytest.mark.parametrize(("body", "at"), STEPS, ids=lambda each: type(each).__name__)
def test_nobody_travels_on_a_decision_that_is_no_go(body, at):
    for decision in ("postpone", "no_return"):
        error = refused(body, ground(both_signed(decision), at))
        assert error.code == "return.no_go"
    for decision in ("go", "go_with_conditions"):
        allowed(body, ground(both_signed(decision), at))


@pytest.mark.parametrize(("body", "at"), STEPS, ids=lambda each: type(each).__name__)
def test_nobody_travels_on_one_signature(body, at):
    alone = [each for each in BEFORE if each.handoff.step != "risk_countersignature"]
    assert refused(body, ground(alone, at)).code == "referral.step_missing"
    again = [*BEFORE, said(RISK, at, b"n" * 32)]
    assert refused(body, ground(again, at)).code == "return.not_signed"


def test_a_return_ends_as_no_return_only_by_two_signatures():
    ended = NoReturn(DIGEST)
    no = both_signed("no_return", residual="high")
    allowed(ended, ground(no, SIGNED))
    assert refused(ended, ground(BEFORE, SIGNED)).code == "return.not_no_return"
    other = NoReturn(b"x" * 32)
    assert refused(other, ground(no, SIGNED)).where == "assessment_digest"
    again = [*no, said(replace(RISK, decision="no_return"), SIGNED, b"n" * 32)]
    assert refused(NoReturn(b"n" * 32), ground(again, SIGNED)).code == (
        "return.not_signed"
    )


# --- the plan


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode": "teleport"}, "referral.unknown_code"),
        ({"gate": "The gate at Lao Cai"}, "referral.no_code"),
        ({"escort": ("uncle",)}, "referral.unknown_code"),
        ({"escort": ("police", "police")}, "referral.code_twice"),
        ({"fit_to_travel": "yes"}, "referral.unknown_code"),
        ({"fit_to_travel": "not_fit"}, "return.not_fit"),
        ({"at": PLANNED - MINUTE}, "return.in_the_past"),
        ({"at": ASSESSED + 30 * DAY + MINUTE}, "return.risk_expired"),
    ],
    ids=str,
)
def test_a_plan_that_cannot_be_kept_is_refused(changes, code):
    on = ground(until(ReturnPlan), PLANNED)
    assert refused(replace(PLAN, **changes), on).code == code


@pytest.mark.parametrize("mode", ["land", "air", "sea"])
@pytest.mark.parametrize("fit", ["fit", "fit_with_escort"])
def test_a_plan_is_made_for_somebody_who_can_travel(mode, fit):
    plan = replace(PLAN, mode=mode, fit_to_travel=fit, children=2)
    allowed(plan, ground(until(ReturnPlan), PLANNED))


@pytest.mark.parametrize(
    ("crossing", "in_time"),
    [
        # Confirmed on Thursday the 15th, 15:00: Friday, Monday, Tuesday.
        (day(20, 15), True),
        (day(20, 14), False),
        (day(19, 23), False),
        (day(22, 10), True),
    ],
    ids=str,
)
def test_the_place_is_sure_three_working_days_before(crossing, in_time):
    on = ground(but(replace(PLAN, at=crossing)), CONFIRMED, RECEIVER)
    if in_time:
        allowed(PLAN_SIGNED, on)
    else:
        error = refused(PLAN_SIGNED, on)
        assert error.code == "return.placement_late"
        assert "3 working days" in error.message
        assert error.remedy


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"plan_digest": b"x" * 32}, "step.content_mismatch"),
        ({"placement": "somewhere"}, "referral.unknown_code"),
        ({"placement_confirmed_at": CONFIRMED + MINUTE}, "step.not_yet"),
    ],
    ids=str,
)
def test_a_confirmation_is_of_this_plan_and_of_a_place_that_waits(changes, code):
    on = ground(BEFORE, CONFIRMED, RECEIVER)
    assert refused(replace(PLAN_SIGNED, **changes), on).code == code


@pytest.mark.parametrize(
    "placement", ["own_home", "relatives", "establishment", "rented", "other"]
)
def test_somebody_may_return_to_any_place_of_their_choice(placement):
    on = ground(BEFORE, CONFIRMED, RECEIVER)
    allowed(replace(PLAN_SIGNED, placement=placement), on)


def test_the_newest_plan_is_the_one_that_is_confirmed():
    moved = said(replace(PLAN, at=day(26)), PLANNED, b"n" * 32)
    on = ground([*BEFORE, moved], CONFIRMED, RECEIVER)
    assert refused(PLAN_SIGNED, on).where == "plan_digest"
    allowed(replace(PLAN_SIGNED, plan_digest=b"n" * 32), on)


# --- the wish confirmed


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "refused"}, "return.not_confirmed"),
        ({"status": "withdrawn"}, "return.not_confirmed"),
        ({"informed_points": ()}, "consent.invalid"),
        ({"purpose": "travel_document"}, "step.content_mismatch"),
        ({"recipient": "yen-bai"}, "step.content_mismatch"),
        ({"given_at": ASKED + MINUTE}, "step.not_yet"),
        ({"given_at": PLANNED - MINUTE}, "return.reconsent_before_plan"),
    ],
    ids=str,
)
def test_only_a_yes_to_this_plan_and_this_member_confirms_the_wish(changes, code):
    on = ground(until(Reconsent), ASKED)
    allowed(wish(), on)
    assert refused(wish(**changes), on).code == code


def test_nobody_is_asked_on_an_assessment_that_has_run_out():
    short = but(replace(RISK, valid_until=ASKED - MINUTE))
    assert refused(wish(), ground(short, ASKED)).code == "return.risk_expired"


def test_nobody_is_asked_before_there_is_a_place_to_go_to():
    steps = [each for each in BEFORE if each.handoff.step != "plan_confirmation"]
    assert refused(wish(), ground(steps, ASKED)).code == "referral.step_missing"


# --- the appointment


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"persons": 0}, "return.no_person"),
        ({"gate": "thanh_thuy_tianbao"}, "step.content_mismatch"),
        ({"escort": ("uncle",)}, "referral.unknown_code"),
        ({"at": ASKED - MINUTE}, "return.in_the_past"),
        ({"at": ASSESSED + 30 * DAY + MINUTE}, "return.risk_expired"),
    ],
    ids=str,
)
def test_an_appointment_is_as_planned(changes, code):
    allowed(MEETING, ground(BEFORE, ASKED))
    assert refused(replace(MEETING, **changes), ground(BEFORE, ASKED)).code == code


def test_an_appointment_is_confirmed_as_it_was_proposed():
    on = ground(BEFORE, ASKED, RECEIVER)
    allowed(AppointmentConfirmation(GATE, CROSSING), on)
    allowed(AppointmentConfirmation(GATE, CROSSING, GUARD), on)
    for other in (
        AppointmentConfirmation("thanh_thuy_tianbao", CROSSING),
        AppointmentConfirmation(GATE, CROSSING + HOUR),
    ):
        assert refused(other, on).where == "gate or at"
    nobody = AppointmentConfirmation(GATE, CROSSING, "atlantis")
    assert refused(nobody, on).code == "referral.unknown_member"


# --- stopping


@pytest.mark.parametrize(
    "reason", ["recovery_pause", "health", "safety", "document", "other"]
)
def test_a_return_is_put_off_for_a_named_reason(reason):
    allowed(Suspension(reason), ground(BEFORE))
    assert refused(Suspension("bad weather"), ground(BEFORE)).where == "reason"


def test_a_withdrawal_needs_a_record_and_nothing_else():
    allowed(Withdrawal(b"c" * 16), ground(()))
    for nothing in (b"", b"c" * 15):
        error = refused(Withdrawal(nothing), ground(BEFORE))
        assert error.code == "withdrawal.no_record"
