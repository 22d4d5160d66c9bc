from __future__ import annotations

import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import VerificationError
from services.node.keys.encoding import lp, sha256
from services.node.sealing.parts import commit_of, open_part, seal_part

ENVELOPE = bytes(range(16))
PART = seal_part(ENVELOPE, "p1", "D2", b"plain")


def arguments(**changed) -> dict[str, Any]:
    return {
        "envelope_id": ENVELOPE,
        "part_id": "p1",
        "category": "D2",
        "part_key": PART.part_key,
        "part_commit": PART.part_commit,
        "ciphertext": PART.ciphertext,
        "ciphertext_hash": PART.ciphertext_hash,
    } | changed


def code_of(**changed) -> str:
    with pytest.raises(VerificationError) as refused:
        open_part(**arguments(**changed))
    return refused.value.code


def flip(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data, "big") ^ (1 << bit % (len(data) * 8))
    return number.to_bytes(len(data), "big")


@given(st.binary(max_size=9000))
def test_released_part_opens(plain):
    part = seal_part(ENVELOPE, "p1", "D2", plain)
    assert part.length == len(part.ciphertext)
    again = open_part(
        ENVELOPE,
        "p1",
        "D2",
        part.part_key,
        part.part_commit,
        part.ciphertext,
        part.ciphertext_hash,
    )
    assert again == plain


def test_part_is_padded_like_an_envelope():
    assert PART.length == 4096 + 16


@pytest.mark.parametrize(
    "place", [{"envelope_id": bytes(16)}, {"part_id": "p2"}, {"category": "D3"}]
)
def test_part_cannot_be_moved(place):
    assert code_of(**place) == "envelope.bad_part"


@given(st.integers(0, 255))
def test_key_with_any_flipped_bit_is_refused(bit):
    assert code_of(part_key=flip(PART.part_key, bit)) == "envelope.bad_part_key"


@pytest.mark.parametrize("key", [b"", bytes(16), bytes(33)])
def test_key_of_another_length_is_refused_even_if_committed_to(key):
    commit = commit_of(key) if key else b""
    assert code_of(part_key=key, part_commit=commit) == "envelope.bad_part_key"


@given(st.integers(0, 1 << 16))
def test_ciphertext_with_any_flipped_bit_is_refused(bit):
    changed = flip(PART.ciphertext, bit)
    assert code_of(ciphertext=changed) == "envelope.bad_part_hash"
    rehashed = {"ciphertext": changed, "ciphertext_hash": sha256(changed)}
    assert code_of(**rehashed) == "envelope.bad_part"


def test_part_that_is_not_padded_by_rule_is_refused():
    key = os.urandom(32)
    aad = lp("relais/v1/env/part", ENVELOPE, "p1", "D2")
    sealed = AESGCM(key).encrypt(bytes(12), bytes(100), aad)
    code = code_of(
        part_key=key,
        part_commit=commit_of(key),
        ciphertext=sealed,
        ciphertext_hash=sha256(sealed),
    )
    assert code == "envelope.bad_padding"


def test_every_part_has_a_key_of_its_own():
    other = seal_part(ENVELOPE, "p1", "D2", b"plain")
    assert other.part_key != PART.part_key
    assert repr(PART.part_key) not in repr(PART)
