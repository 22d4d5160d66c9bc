from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.sealing_keys import (
    STANZA_OVERHEAD,
    SealingPrivateKey,
    hpke_seal,
)
from services.node.keys.suites import X_WING, check_public_key, key_id

KEY = SealingPrivateKey.from_raw(bytes(range(96)))
STANZA = hpke_seal(KEY.public_raw, b"info", b"plain")


def code_of(key: SealingPrivateKey, stanza: bytes, info: bytes) -> str:
    with pytest.raises(VerificationError) as refused:
        key.open(stanza, info)
    return refused.value.code


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=50))
def test_recipient_opens_what_was_sealed(plain, info):
    stanza = hpke_seal(KEY.public_raw, info, plain)
    assert len(stanza) == len(plain) + STANZA_OVERHEAD
    assert KEY.open(stanza, info) == plain


def test_key_survives_the_file_and_passes_entry():
    key = SealingPrivateKey.generate()
    again = SealingPrivateKey.from_raw(key.raw)
    assert again.public_raw == key.public_raw
    assert again.key_id == key_id(X_WING, key.public_raw)
    check_public_key(X_WING, key.public_raw)


def test_another_key_or_another_info_opens_nothing():
    assert code_of(SealingPrivateKey.generate(), STANZA, b"info") == "keys.bad_stanza"
    assert code_of(KEY, STANZA, b"inf0") == "keys.bad_stanza"


@settings(deadline=None)
@given(st.integers(0, len(STANZA) * 8 - 1))
def test_stanza_with_any_flipped_bit_does_not_open(bit):
    number = int.from_bytes(STANZA, "big") ^ (1 << bit)
    changed = number.to_bytes(len(STANZA), "big")
    assert code_of(KEY, changed, b"info") == "keys.bad_stanza"


@pytest.mark.parametrize("length", [0, 1, 1119, 1120, len(STANZA) - 1])
def test_short_stanza_does_not_open(length):
    assert code_of(KEY, STANZA[:length], b"info") == "keys.bad_stanza"


def test_private_key_of_another_length_is_refused():
    with pytest.raises(InvalidInputError) as refused:
        SealingPrivateKey.from_raw(bytes(95))
    assert refused.value.code == "keys.bad_length"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (KEY.public_raw[:-1], "keys.bad_length"),
        (b"\xff\xff\xff" + KEY.public_raw[3:], "keys.self_test"),
        (KEY.public_raw[:-32] + bytes(32), "keys.self_test"),
    ],
)
def test_nothing_is_sealed_to_a_bad_key(raw, code):
    with pytest.raises(VerificationError) as refused:
        hpke_seal(raw, b"info", b"plain")
    assert refused.value.code == code
