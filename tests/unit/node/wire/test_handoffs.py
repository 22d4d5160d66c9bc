from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.bodies import Acceptance, Decline
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import BODY_OF, Actor, Handoff, MovesOn, Part, Step
from services.node.wire.handoffs import (
    DirectoryHead,
    Header,
    decode_header,
    decode_payload,
    encode_header,
    encode_payload,
)

AT = datetime(2018, 3, 5, 1, 2, 3, 4000, tzinfo=UTC)
HEADER = Header(
    version=1,
    suite=1,
    envelope_id=b"i" * 16,
    network="vietnam.relais.invalid",
    sender="lao-cai",
    recipient="liaison-yunnan",
    sealing_key_id=b"k" * 32,
    directory=DirectoryHead(60, b"r" * 32),
    created_at=AT,
    expires_at=AT,
    key_commit=b"c" * 32,
    padded_len=4096,
)
HANDOFF = Handoff(
    event_id=b"e" * 16,
    referral_id=b"f" * 16,
    case_alias="R-0000-0000",
    referral_seq=1,
    prev_event=b"",
    step=Step.ACCEPT,
    moves_on=MovesOn.RELEASE,
    from_="lao-cai",
    to="hotline-hanoi",
    on_behalf_of="",
    actor=Actor("lc-07", "officer", "reception"),
    happened_at=AT,
    recorded_at=AT,
    policy_version="vn-2018.1",
    body=Acceptance(("safe_accommodation",)),
    parts=(Part("p1", "D2", b"c" * 32, b"h" * 32, 4, b"text"),),
)


def test_a_header_reads_back_as_it_was_written():
    assert decode_header(encode_header(HEADER)) == HEADER


def test_a_handoff_reads_back_as_it_was_written():
    assert decode_payload(encode_payload(HANDOFF)) == HANDOFF


def test_every_step_has_a_body_of_its_own():
    assert set(BODY_OF) == set(Step)
    assert len(set(BODY_OF.values())) == len(Step)


def test_a_body_of_another_step_is_refused():
    raw = encode_payload(replace(HANDOFF, body=Decline("no_capacity")))
    with pytest.raises(InvalidInputError) as caught:
        decode_payload(raw)
    assert caught.value.code == "envelope.body_mismatch"


@pytest.mark.parametrize(
    "handoff",
    [replace(HANDOFF, event_id=b"short"), replace(HANDOFF, referral_id=b"short")],
)
def test_a_short_identifier_is_refused(handoff):
    raw = encode_payload(handoff)
    with pytest.raises(InvalidInputError) as caught:
        decode_payload(raw)
    assert caught.value.code == "envelope.malformed"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_clear_refusal(raw):
    for decode in (decode_header, decode_payload):
        try:
            decode(raw)
        except InvalidInputError as error:
            assert error.code.startswith(("wire.", "envelope."))


def test_the_header_tells_nothing_about_the_step_or_the_case():
    raw = encode_header(HEADER)
    for word in ("accept", "R-0000-0000", "emergency", "D2"):
        assert word.encode() not in raw
