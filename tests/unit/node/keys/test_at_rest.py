from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.at_rest import (
    WRAPPED_LENGTH,
    KeyEncryptionEpoch,
    new_data_key,
    open_record,
    record_key,
    seal_record,
)

KEK = KeyEncryptionEpoch(1, bytes(range(32)))
CATEGORY_KEY = bytes(range(32, 64))
numbers = st.integers(0, 2**63 - 1)


def flipped(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data, "big") ^ (1 << bit % (len(data) * 8))
    return number.to_bytes(len(data), "big")


def test_wrapped_key_opens_in_its_epoch():
    key = new_data_key()
    wrapped = KEK.wrap(key)
    assert len(wrapped) == WRAPPED_LENGTH
    assert KEK.unwrap(wrapped) == key


def test_two_wraps_of_one_key_look_unlike():
    key = new_data_key()
    assert KEK.wrap(key) != KEK.wrap(key)


@pytest.mark.parametrize(
    "other",
    [KeyEncryptionEpoch(2, KEK.key), KeyEncryptionEpoch(1, bytes(32))],
    ids=["number", "key"],
)
def test_wrapped_key_cannot_be_opened_in_another_epoch(other):
    with pytest.raises(VerificationError) as refused:
        other.unwrap(KEK.wrap(new_data_key()))
    assert refused.value.code == "keys.bad_wrap"


@given(st.integers(0, WRAPPED_LENGTH * 8 - 1))
def test_wrapped_key_with_any_flipped_bit_is_refused(bit):
    with pytest.raises(VerificationError) as refused:
        KEK.unwrap(flipped(KEK.wrap(CATEGORY_KEY), bit))
    assert refused.value.code == "keys.bad_wrap"


@pytest.mark.parametrize("length", [0, 11, 12, 28, 59, 61])
def test_wrapped_key_of_another_length_is_refused(length):
    with pytest.raises(VerificationError) as refused:
        KEK.unwrap(bytes(length))
    assert refused.value.code == "keys.bad_wrap"


@pytest.mark.parametrize(("number", "length"), [(0, 32), (-1, 32), (1, 31), (1, 33)])
def test_epoch_that_is_none_is_refused(number, length):
    with pytest.raises(InvalidInputError):
        KeyEncryptionEpoch(number, bytes(length))


def test_only_data_keys_are_wrapped():
    with pytest.raises(InvalidInputError):
        KEK.wrap(bytes(31))


def test_epoch_shows_no_key_in_its_repr():
    assert repr(KEK.key) not in repr(KEK)


@given(numbers, numbers, st.binary(max_size=200))
def test_record_opens_in_its_place(row, version, plain):
    nonce, sealed = seal_record(CATEGORY_KEY, "identity", row, version, plain)
    again = open_record(CATEGORY_KEY, "identity", row, version, nonce, sealed)
    assert again == plain


@pytest.mark.parametrize(
    "place",
    [
        (new_data_key(), "identity", 42, 3),
        (CATEGORY_KEY, "identities", 42, 3),
        (CATEGORY_KEY, "identity", 43, 3),
        (CATEGORY_KEY, "identity", 42, 4),
    ],
    ids=["key", "table", "row", "version"],
)
def test_record_cannot_be_moved(place):
    nonce, sealed = seal_record(CATEGORY_KEY, "identity", 42, 3, b"plain")
    key, table, row, version = place
    with pytest.raises(VerificationError) as refused:
        open_record(key, table, row, version, nonce, sealed)
    assert refused.value.code == "keys.bad_record"


@given(st.integers(0, 10_000))
def test_record_with_any_flipped_bit_is_refused(bit):
    nonce, sealed = seal_record(CATEGORY_KEY, "identity", 42, 3, b"plain")
    changed = flipped(nonce + sealed, bit)
    with pytest.raises(VerificationError) as refused:
        open_record(CATEGORY_KEY, "identity", 42, 3, changed[:12], changed[12:])
    assert refused.value.code == "keys.bad_record"


def test_refusal_names_the_place_and_not_the_plain():
    nonce, sealed = seal_record(CATEGORY_KEY, "identity", 42, 3, b"plain")
    with pytest.raises(VerificationError) as refused:
        open_record(CATEGORY_KEY, "identity", 42, 2, nonce, sealed)
    assert refused.value.where == "identity 42 version 2"


def test_rows_have_keys_of_their_own():
    keys = {record_key(CATEGORY_KEY, t, r) for t in ("a", "b") for r in (1, 2)}
    assert len(keys) == 4
