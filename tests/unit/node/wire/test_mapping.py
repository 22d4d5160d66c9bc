"""Values to protobuf bytes and back: every kind of field, and what is refused."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from google.protobuf.wrappers_pb2 import BoolValue
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.directory.v1 import entry_pb2
from relais.envelope.v1 import body_pb2, header_pb2, payload_pb2, step_pb2
from services.node.domain.bodies import Offer, Question
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import BODY_OF, Actor, Body, Handoff, MovesOn, Step
from services.node.wire import mapping
from services.node.wire.entries import KeyAdd, PublicKey, SigningPurpose

NOW = datetime(2018, 3, 5, 8, 0, 0, 123000, tzinfo=UTC)
HANDOFF = Handoff(
    event_id=b"e" * 16,
    referral_id=b"r" * 16,
    case_alias="a-1",
    referral_seq=1,
    prev_event=b"",
    step=Step.QUESTION,
    moves_on=MovesOn.NEVER,
    from_="hanoi",
    to="lao-cai",
    on_behalf_of="",
    actor=Actor("p-1", "officer", "desk"),
    happened_at=NOW,
    recorded_at=NOW,
    policy_version="test-1",
    body=Question("?", "vi"),
)


@dataclass(frozen=True)
class Flag:
    value: bool


@dataclass(frozen=True)
class Acting:
    """Of the payload, only who acted, if anybody is said to have."""

    actor: Actor | None


def values(hint):
    """Any value of a type hint that the mapping knows."""
    simple = {
        str: st.text(
            st.characters(codec="utf-8", exclude_characters="\0"), max_size=20
        ),
        bytes: st.binary(max_size=40),
        bool: st.booleans(),
        int: st.integers(0, 2**32 - 1),
        type(None): st.none(),
        datetime: st.integers(-(10**13), 10**14).map(mapping.from_millis),
    }
    if hint in simple:
        return simple[hint]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return st.one_of([values(member) for member in typing.get_args(hint)])
    if typing.get_origin(hint) is tuple:
        return st.lists(values(typing.get_args(hint)[0]), max_size=3).map(tuple)
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    assert isinstance(hint, type)
    assert is_dataclass(hint)
    hints = typing.get_type_hints(hint)
    return st.builds(
        hint, **{each.name: values(hints[each.name]) for each in fields(hint)}
    )


def encode(value):
    return mapping.encode(value, payload_pb2.Payload)


def decode(raw):
    return mapping.decode(raw, payload_pb2.Payload, Handoff)


def code_of(raw, message_class=payload_pb2.Payload, value_class=Handoff):
    with pytest.raises(InvalidInputError) as refused:
        mapping.decode(raw, message_class, value_class)
    return refused.value.code


def outcome_of(raw):
    """The handoff that was read, or the code of the refusal."""
    try:
        return decode(raw)
    except InvalidInputError as error:
        return error.code


@settings(max_examples=200, deadline=None)
@given(values(Handoff))
def test_any_handoff_comes_back_as_it_was(handoff):
    assert decode(encode(handoff)) == handoff


@pytest.mark.parametrize("body_class", typing.get_args(Body))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_kind_of_body_comes_back_as_it_was(body_class, data):
    body = data.draw(values(body_class))

    assert decode(encode(replace(HANDOFF, body=body))).body == body


def test_every_step_has_a_body_and_every_body_an_arm():
    arms = {
        arm.message_type.name
        for arm in body_pb2.Body.DESCRIPTOR.oneofs_by_name["content"].fields
        if arm.message_type
    }

    assert set(BODY_OF) == set(Step)
    assert arms == {body_class.__name__ for body_class in BODY_OF.values()}


def test_an_empty_body_is_still_that_body():
    """Nothing but the arm tells an empty question from an empty reply."""
    empty = replace(HANDOFF, body=Question("", ""))

    assert decode(encode(empty)).body == Question("", "")


@pytest.mark.parametrize("step", Step)
def test_every_step_is_carried_by_its_number(step):
    raw = encode(replace(HANDOFF, step=step))
    message = payload_pb2.Payload.FromString(raw)

    assert step_pb2.Step.Name(message.step) == f"STEP_{step.name}"
    assert decode(raw).step is step


@pytest.mark.parametrize("number", [0, 39, -1, 2**31 - 1])
def test_an_unknown_step_is_refused(number):
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.step = number

    assert code_of(message.SerializeToString()) == "wire.unknown_code"


def test_an_unset_enum_is_refused():
    message = entry_pb2.KeyAdd.FromString(
        mapping.encode(
            KeyAdd(SigningPurpose.LEDGER, PublicKey("ed25519", b"k")), entry_pb2.KeyAdd
        )
    )
    message.ClearField("purpose")
    raw = message.SerializeToString()

    assert code_of(raw, entry_pb2.KeyAdd, KeyAdd) == "wire.unknown_code"


def test_an_unset_oneof_is_refused():
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.body.Clear()

    assert code_of(message.SerializeToString()) == "wire.unknown_content"


def test_a_missing_oneof_is_refused():
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.ClearField("body")

    assert code_of(message.SerializeToString()) == "wire.unknown_content"


def test_an_arm_of_a_later_version_is_refused():
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.body.Clear()
    later = bytes([0x9A, 0x3E, 0x00])  # field 995, a message without content
    message.body.MergeFromString(later)

    assert code_of(message.SerializeToString()) == "wire.unknown_content"


@pytest.mark.parametrize("raw", [b"\xff", b"\x0a\x05ab", b"\x1a\x02\xc3\x28"])
def test_bytes_that_are_no_message_are_refused(raw):
    """Not a tag, cut short, a string that is not UTF-8."""
    assert code_of(raw) == "wire.malformed"


@given(st.binary(max_size=100))
def test_any_bytes_give_a_value_or_a_refusal(raw):
    outcome = outcome_of(raw)

    if isinstance(outcome, Handoff):
        assert decode(encode(outcome)) == outcome
    else:
        assert outcome.startswith("wire.")


def test_nothing_but_the_refused_field_stands_in_an_error():
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.case_alias = "someone"
    message.step = step_pb2.Step.ValueType(99)

    with pytest.raises(InvalidInputError) as refused:
        decode(message.SerializeToString())
    assert "someone" not in str(refused.value)


FIRST = mapping.to_millis(mapping.EARLIEST)
END = mapping.to_millis(mapping.LATEST)


@given(st.integers(FIRST, END - 1))
def test_milliseconds_become_the_instant_and_back(millis):
    instant = mapping.from_millis(millis)

    assert instant.tzinfo is UTC
    assert mapping.to_millis(instant) == millis


def test_instants_of_other_zones_are_the_same_milliseconds():
    hanoi = NOW.astimezone(timezone(timedelta(hours=7)))

    assert mapping.to_millis(hanoi) == mapping.to_millis(NOW) == 1520236800123


@pytest.mark.parametrize("millis", [2**63 - 1, -(2**63), FIRST - 1, END])
def test_an_instant_outside_the_calendar_is_refused(millis):
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.happened_at = millis

    assert code_of(message.SerializeToString()) == "wire.bad_instant"


def test_a_text_with_a_nul_is_refused():
    message = payload_pb2.Payload.FromString(encode(HANDOFF))
    message.actor.unit = "a\0b"

    assert code_of(message.SerializeToString()) == "wire.bad_text"


def test_a_trailing_underscore_is_dropped_from_a_field_name():
    message = payload_pb2.Payload.FromString(encode(HANDOFF))

    assert getattr(message, "from") == "hanoi"


@pytest.mark.parametrize("value", [True, False])
def test_booleans_are_carried(value):
    raw = mapping.encode(Flag(value), BoolValue)

    assert mapping.decode(raw, BoolValue, Flag) == Flag(value)


@pytest.mark.parametrize("actor", [None, Actor("", "", ""), Actor("p", "r", "u")])
def test_an_optional_value_is_told_from_an_empty_one(actor):
    raw = mapping.encode(Acting(actor), payload_pb2.Payload)

    assert mapping.decode(raw, payload_pb2.Payload, Acting) == Acting(actor)


def test_repeated_fields_keep_their_order():
    offer = Offer(
        referral_type="reception",
        priority="normal",
        services=("b", "a", "b"),
        age_band="",
        sex="",
        languages=(),
        constraints=(),
        need="",
        need_language="",
        basis_ids=(b"2", b"1"),
    )

    again = mapping.decode(mapping.encode(offer, body_pb2.Offer), body_pb2.Offer, Offer)

    assert again == offer


def test_a_value_that_does_not_fit_its_message_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="has no field actor"):
        mapping.encode(Acting(None), header_pb2.Header)


def test_bytes_are_the_same_every_time():
    assert encode(HANDOFF) == encode(replace(HANDOFF))
