from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import VerificationError
from services.node.sealing.padding import BUCKETS, bucket, pad, padded_length, unpad

lengths = st.integers(0, 1 << 33)


@given(lengths)
def test_bucket_holds_the_plaintext_and_is_its_own_bucket(length):
    assert bucket(length) >= length
    assert bucket(bucket(length)) == bucket(length)


@given(lengths, lengths)
def test_longer_plaintext_never_has_a_smaller_bucket(one, other):
    assert (bucket(one) <= bucket(other)) or one > other


@given(st.integers(BUCKETS[-1] + 1, 1 << 40))
def test_padding_above_a_mebibyte_adds_at_most_an_eighth(length):
    assert bucket(length) <= length * 1.12


@given(st.integers(BUCKETS[-1] + 1, 1 << 40))
def test_lengths_above_a_mebibyte_are_padme(length):
    """Padmé keeps as many leading bits as the exponent has bits of its own."""
    padded = bucket(length)
    exponent = len(f"{padded:b}") - 1
    kept = len(f"{exponent:b}")
    assert padded % (1 << (exponent - kept)) == 0


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 4096),
        (4096, 4096),
        (4097, 16384),
        (16385, 65536),
        (65537, 262144),
        (262145, 1048576),
        (1048576, 1048576),
        (1048577, 1081344),
        (9_000_000, 9_175_040),
    ],
)
def test_buckets_are_those_of_the_protocol(length, padded):
    assert bucket(length) == padded


@given(st.binary(max_size=5000), st.binary(max_size=32))
def test_padded_content_comes_back(content, salt):
    plain = pad(content, salt)
    assert len(plain) == padded_length(len(content), len(salt))
    assert unpad(plain, len(salt)) == (content, salt)


def test_short_answers_look_alike():
    assert len(pad(b"accept", bytes(32))) == len(
        pad(b"decline, no capacity", bytes(32))
    )


@given(st.integers(4 + 7, 4095), st.integers(1, 255))
def test_padding_that_is_not_zero_is_refused(at, value):
    plain = bytearray(pad(b"content"))
    plain[at] = value
    with pytest.raises(VerificationError) as refused:
        unpad(bytes(plain))
    assert refused.value.code == "envelope.bad_padding"


@pytest.mark.parametrize("length", [0, 1, 4, 4095, 4097, 8192, 1048577])
def test_plaintext_that_fills_no_bucket_is_refused(length):
    with pytest.raises(VerificationError) as refused:
        unpad(bytes(length))
    assert refused.value.code == "envelope.bad_padding"


@pytest.mark.parametrize("length", [4096 - 4 - 32 + 1, 4096, 0xFFFFFFFF])
def test_length_beyond_the_plaintext_is_refused(length):
    with pytest.raises(VerificationError) as refused:
        unpad(length.to_bytes(4, "big") + bytes(4092), 32)
    assert refused.value.code == "envelope.bad_padding"
    assert "bucket" in refused.value.message


def test_content_that_fills_its_bucket_comes_back():
    content = b"x" * (4096 - 4)
    assert len(pad(content)) == 4096
    assert unpad(pad(content)) == (content, b"")
