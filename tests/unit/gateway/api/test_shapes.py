"""Value classes as JSON: both ways the same, and nothing else gets in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gateway.api.shapes import EPOCH, Identifier, Sent, json_of, model_of, value_of
from services.node.domain.case_details import CaseDetails
from services.node.domain.handoff import BODY_OF, Step
from services.node.domain.plans import Goal, PlanAction, ReintegrationPlan
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy
from services.node.rpc.work_values import PrintedCopyRead

HANOI = timezone(timedelta(hours=7))
SENT: Any = {
    CaseDetails: TypeAdapter(Annotated[CaseDetails, Sent()]),
    CategoryRecord: TypeAdapter(Annotated[CategoryRecord, Sent()]),
    ReintegrationPlan: TypeAdapter(Annotated[ReintegrationPlan, Sent()]),
}


def taken(cls, said):
    return SENT[cls].validate_python(said)


TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
INSTANTS = st.integers(1, 10**13).map(lambda n: EPOCH + timedelta(milliseconds=n))
ANSWERS = st.builds(Answer, TEXTS, st.tuples(TEXTS), TEXTS)


@given(st.builds(CategoryRecord, TEXTS, st.tuples(ANSWERS)))
def test_a_record_comes_back_as_it_went(record):
    assert taken(CategoryRecord, json_of(record)) == record


@given(
    st.builds(
        ReintegrationPlan,
        TEXTS,
        st.tuples(
            st.builds(
                Goal,
                TEXTS,
                TEXTS,
                st.tuples(st.builds(PlanAction, TEXTS, TEXTS, INSTANTS, TEXTS)),
                TEXTS,
                TEXTS,
                st.just(EPOCH),
                INSTANTS,
                TEXTS,
            )
        ),
        TEXTS,
        st.booleans(),
    )
)
def test_a_plan_comes_back_as_it_went(plan):
    assert taken(ReintegrationPlan, json_of(plan)) == plan


def test_bytes_are_hex_instants_have_an_offset_and_none_is_null():
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    said = json_of(CaseDetails(until=at, outstanding=("A",)))
    assert said["until"] == "2026-03-02T08:00:00.000Z"
    assert said["retain_until"] is None
    assert said["outstanding"] == ["A"]
    assert json_of(b"\x01\xff") == "01ff"


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T15:00:00+07:00", "2026-03-02t08:00:00z", "2026-03-02T08:00:00.000Z"],
)
def test_an_instant_may_be_said_with_any_offset(text):
    found = taken(CaseDetails, {"until": text}).until
    assert found == datetime(2026, 3, 2, 15, 0, tzinfo=HANOI)


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "2026-03-02T08:00:00"},
        {"until": "2026-03-02"},
        {"until": "9999-12-31T23:59:59Z"},
        {"until": "0001-01-01T00:00:00Z"},
        {"until": "2026-02-30T00:00:00Z"},
        {"until": 1772438400},
        {"placement": 7},
        {"placement": "a\0b"},
        {"placement": "x" * 20_001},
        {"outstanding": "A"},
        {"outstanding": ["A"] * 1001},
        {"nobody_knows": "this"},
    ],
)
def test_what_no_contract_carries_is_refused(wrong):
    with pytest.raises(ValidationError):
        taken(CaseDetails, wrong)


def test_what_is_left_out_is_empty():
    assert taken(CaseDetails, {}) == CaseDetails()


@dataclass(frozen=True, slots=True)
class Counted:
    persons: int
    present: bool


@pytest.mark.parametrize(
    "wrong",
    [
        {"persons": 2**31, "present": True},
        {"persons": -1, "present": True},
        {"persons": "2", "present": True},
        {"persons": 1.0, "present": True},
        {"persons": 1, "present": "yes"},
        {"persons": 1},
    ],
)
def test_numbers_fit_the_contract_and_a_yes_or_no_is_said(wrong):
    with pytest.raises(ValidationError):
        model_of(Counted).model_validate(wrong)


def test_a_field_that_is_not_taken_arrives_empty():
    without = model_of(ConsentCopy, "consent_id")
    said = {"purpose": "reception_shelter"}
    assert value_of(ConsentCopy, without.model_validate(said)).consent_id == b""
    with pytest.raises(ValidationError):
        without.model_validate(said | {"consent_id": "00" * 16})


def test_an_identifier_is_16_bytes_in_small_hex():
    adapter: Any = TypeAdapter(Identifier)
    assert adapter.validate_python("0a" * 16) == b"\x0a" * 16
    for wrong in ("0A" * 16, "0a" * 15, "0a" * 17, "zz" * 16, 7):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)


@pytest.mark.parametrize("step", Step)
def test_every_body_has_a_schema_with_its_own_fields(step):
    body: Any = BODY_OF[step]
    schema = model_of(body).model_json_schema()
    assert set(schema.get("properties", {})) == set(body.__dataclass_fields__)
    assert schema["additionalProperties"] is False


def test_a_field_may_be_called_as_something_of_the_models_own():
    schema = model_of(PrintedCopyRead).model_json_schema()
    assert set(schema["properties"]) == set(PrintedCopyRead.__dataclass_fields__)
