"""What an officer types becomes the content of a step, or every problem is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from services.cli.step_fields import read_body, read_step
from services.node.domain.bodies import (
    Acceptance,
    Decline,
    KeptCategory,
    Opening,
    RecallAcknowledgement,
)
from services.node.domain.bodies_return import (
    Countersignature,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
)
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import BODY_OF, Step

NOW = datetime(2018, 3, 28, 3, 20, tzinfo=UTC)
DIGEST = b"d" * 32


def typed(step, *fields, text="", digests=None):
    return read_body(Step(step), fields, text, NOW, digests or {})


def problems(step, *fields, **said):
    with pytest.raises(InvalidInputError) as caught:
        typed(step, *fields, **said)
    assert caught.value.code == "cli.bad_fields"
    return caught.value.message


def test_a_decline_is_a_reason_and_perhaps_somebody_else():
    assert typed("decline", "reason=no_capacity") == Decline("no_capacity")
    named = typed("decline", "reason=no_capacity", "alternative=lao-cai")
    assert named == Decline("no_capacity", "lao-cai")


def test_an_expected_arrival_is_said_on_the_clock_of_viet_nam_if_on_no_other():
    at = datetime(2018, 3, 28, 3, tzinfo=UTC)
    told = typed("accept", "expected_at=2018-03-28T10:00")
    assert told == Acceptance(expected_at=at, expected_zone="Asia/Ho_Chi_Minh")
    there = typed("accept", "expected_at=now", "expected_zone=Asia/Shanghai")
    assert there == Acceptance(expected_at=NOW, expected_zone="Asia/Shanghai")


def test_an_empty_step_needs_nothing():
    assert typed("opened") == Opening()


def test_a_plan_has_lists_numbers_times_and_yes_or_no():
    plan = typed(
        "return_plan",
        "mode=land",
        "gate=lao_cai_hekou",
        "at=2018-03-28T10:00",
        "escort=social_worker,medical",
        "children=2",
        "fit_to_travel=fit",
        "belongings_recovered=yes",
        "contact_card_given=no",
    )
    at = datetime(2018, 3, 28, 3, tzinfo=UTC)
    escort = ("social_worker", "medical")
    assert plan == ReturnPlan(
        "land", "lao_cai_hekou", at, escort, 2, "fit", True, False
    )


def test_digests_that_were_not_typed_are_those_that_stand_there():
    shown = {"assessment_digest": DIGEST, "minutes_digest": b"m" * 32}
    signed = typed("risk_countersignature", "decision=go", digests=shown)
    assert signed == RiskCountersignature(DIGEST, "go")
    own = "e" * 64
    other = typed(
        "risk_countersignature",
        "decision=go",
        f"assessment_digest={own}",
        digests=shown,
    )
    assert other == RiskCountersignature(bytes.fromhex(own), "go")
    assert "assessment_digest is missing" in problems(
        "risk_countersignature", "decision=go"
    )


def test_now_is_the_case_clock_of_the_node():
    body = typed(
        "countersignature",
        "received_at=now",
        "persons=1",
        "identity_match=match",
        "called_at=now",
        digests={"minutes_digest": DIGEST},
    )
    assert body == Countersignature(DIGEST, NOW, 1, "match", called_at=NOW)


def test_what_has_parts_comes_as_json():
    factor = {"factor": "stigma", "likelihood": 2, "impact": 3, "mitigation": ""}
    text = json.dumps({"factors": [factor], "residual": "low", "decision": "go"})
    body = typed("risk_assessment", "valid_until=2018-04-01", text=text)
    assert isinstance(body, RiskAssessment)
    assert body.factors == (RiskFactor("stigma", 2, 3, ""),)
    kept = {"deleted": ["D2"], "kept": [{"category": "D5", "ground": "criminal_file"}]}
    assert typed("recall_acknowledgement", text=json.dumps(kept)) == (
        RecallAcknowledgement(("D2",), (KeptCategory("D5", "criminal_file"),))
    )


def test_every_problem_is_named_at_once_and_no_value():
    said = problems(
        "return_plan",
        "mode=land",
        "gate=g",
        "at=tomorrow",
        "children=two",
        "belongings_recovered=maybe",
        "colour=red",
        "nonsense",
    )
    for each in (
        "a --field is name=value",
        "colour is no field",
        "at is a time such as",
        "children is a whole number",
        "belongings_recovered is yes or no",
        "escort is missing",
        "fit_to_travel is missing",
    ):
        assert each in said
    assert "tomorrow" not in said
    assert "maybe" not in said


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_json_is_an_object(text):
    assert "--json is" in problems("opened", text=text)


def test_a_field_is_given_once():
    text = json.dumps({"reason": "other"})
    assert "reason is given twice" in problems("decline", "reason=other", text=text)


@pytest.mark.parametrize("name", ["offer", "release", "void", "accepted", ""])
def test_a_step_that_nobody_takes_by_hand_is_refused(name):
    with pytest.raises(InvalidInputError) as caught:
        read_step(name)
    assert caught.value.code == "cli.unknown_step"


def test_every_other_step_can_be_taken():
    steps = set(BODY_OF) - {Step.OFFER, Step.RELEASE, Step.VOID}
    assert {read_step(each.value) for each in steps} == steps
