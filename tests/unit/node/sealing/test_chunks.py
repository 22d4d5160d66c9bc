from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.sealing.chunks import (
    CHUNK,
    TAG,
    ContentKey,
    chunks_in,
    open_description,
    seal_description,
    travelling_key,
)

RAW, NAME = bytes(range(32)), b"attachment-id-16"
SIZE = 2 * CHUNK + 5
KEY = ContentKey(RAW, NAME, SIZE)
PLAIN = [b"a" * CHUNK, b"b" * CHUNK, b"c" * 5]
SEALED = [KEY.seal(number, each) for number, each in enumerate(PLAIN)]


def lp(*items: bytes) -> bytes:
    return b"".join(len(each).to_bytes(8, "big") + each for each in items)


def test_chunk_is_sealed_as_the_standard_says():
    """Written out: counter of 11 bytes, last flag, and what is bound beside it."""
    for number, plain in enumerate(PLAIN):
        flag = b"\x01" if number == 2 else b"\x00"
        nonce = bytes(10) + bytes((number,)) + flag
        aad = lp(
            b"relais/v1/attachment/chunk",
            NAME,
            number.to_bytes(8, "big"),
            (3).to_bytes(8, "big"),
        )
        assert SEALED[number] == AESGCM(RAW).encrypt(nonce, plain, aad)


def test_chunk_has_the_bytes_that_were_written_down():
    """Of this key, name and content, for other implementations."""
    key = ContentKey(RAW, NAME, 5)
    assert key.seal(0, b"hello").hex() == ("7db3d3902bcfbfc170240180b5b99cc4c83d772d5a")
    digest = hashlib.sha256(b"".join(SEALED)).hexdigest()
    assert digest == "11660fa815a7b6199071c83425346240f3d92f9fbe2cab6a6b6e2728787d8971"


def test_travelling_key_is_what_the_part_key_gives():
    info = lp(b"relais/v1/attachment/content", NAME)
    expanded = hmac.digest(RAW, info + b"\x01", "sha256")
    assert travelling_key(RAW, NAME, SIZE) == ContentKey(expanded, NAME, SIZE)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_chunk_opens_in_its_place_only(number):
    assert KEY.open(number, SEALED[number]) == PLAIN[number]
    for other in {0, 1, 2} - {number}:
        with pytest.raises(VerificationError) as refused:
            KEY.open(other, SEALED[number])
        assert refused.value.code == "attachment.bad_chunk"


def test_content_that_ends_early_is_refused():
    """The last chunk of a shorter content is no chunk of this one, and the reverse."""
    shorter = ContentKey(RAW, NAME, 2 * CHUNK)
    for number in (0, 1):
        with pytest.raises(VerificationError):
            shorter.open(number, SEALED[number])
        with pytest.raises(VerificationError):
            KEY.open(number, shorter.seal(number, PLAIN[number]))
    with pytest.raises(VerificationError):
        KEY.open(2, SEALED[2][:-1])
    with pytest.raises(VerificationError):
        KEY.open(3, SEALED[2])


def test_chunk_of_another_content_or_key_is_refused():
    for other in (
        ContentKey(RAW, b"another-id-of-16", SIZE),
        ContentKey(RAW[::-1], NAME, SIZE),
        ContentKey(RAW, NAME, SIZE + CHUNK),
    ):
        with pytest.raises(VerificationError):
            other.open(0, SEALED[0])


@given(st.integers(0, len(SEALED[2]) * 8 - 1))
def test_flipped_bit_is_refused(bit):
    changed = bytearray(SEALED[2])
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VerificationError):
        KEY.open(2, bytes(changed))


@given(st.integers(1, 5 * CHUNK))
def test_lengths_add_up(size):
    key = ContentKey(RAW, NAME, size)
    lengths = [key.length_of(number) for number in range(key.total)]
    assert sum(lengths) == size
    assert all(each == CHUNK for each in lengths[:-1])
    assert 0 < lengths[-1] <= CHUNK
    assert key.total == chunks_in(size)


def test_chunk_of_another_length_is_not_sealed():
    with pytest.raises(InvalidInputError):
        KEY.seal(0, PLAIN[0][:-1])
    with pytest.raises(InvalidInputError):
        ContentKey(RAW, NAME, 0)
    with pytest.raises(InvalidInputError):
        ContentKey(RAW[1:], NAME, 1)


def test_description_opens_in_its_envelope_with_its_part_key_only():
    sealed = seal_description(RAW, b"envelope", NAME, b"what it is")
    assert len(sealed) == len(b"what it is") + TAG
    assert open_description(RAW, b"envelope", NAME, sealed) == b"what it is"
    for part_key, envelope, name in (
        (RAW[::-1], b"envelope", NAME),
        (RAW, b"another", NAME),
        (RAW, b"envelope", b"another-id-of-16"),
    ):
        with pytest.raises(VerificationError) as refused:
            open_description(part_key, envelope, name, sealed)
        assert refused.value.code == "attachment.bad_description"
    with pytest.raises(VerificationError):
        open_description(RAW, b"envelope", NAME, b"short")
