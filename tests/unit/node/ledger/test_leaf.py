from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.ledger.leaf import (
    Kind,
    Leaf,
    commit,
    directory_leaf,
    dummy_leaf,
    event_leaf,
    rotation_leaf,
    salt_link,
    salt_meta,
    salt_pers,
)

hashes = st.binary(min_size=32, max_size=32)
ZERO = bytes(32)


def code_of(raw: bytes) -> str:
    with pytest.raises(VerificationError) as refused:
        Leaf.from_bytes(raw)
    return refused.value.code


@given(hashes, hashes, hashes)
def test_event_leaf_comes_back(meta, pers, link):
    raw = event_leaf(meta, pers, link)
    assert len(raw) == 98
    leaf = Leaf.from_bytes(raw)
    assert leaf == Leaf(Kind.EVENT, meta, pers, link)
    assert leaf.to_bytes() == raw


def test_leaves_of_heads_come_back_and_differ():
    adopted, rotated = directory_leaf(b"head"), rotation_leaf(b"head")
    assert Leaf.from_bytes(adopted).kind is Kind.DIRECTORY
    assert Leaf.from_bytes(rotated).kind is Kind.ROTATION
    assert adopted[2:] == rotated[2:] == commit("meta", ZERO, b"head") + bytes(64)


def test_dummy_looks_like_an_event_and_differs_by_index_and_key():
    dummies = {dummy_leaf(key, index) for key in (ZERO, b"k" * 32) for index in (0, 1)}
    assert len(dummies) == 4
    for raw in dummies:
        leaf = Leaf.from_bytes(raw)
        assert leaf.kind is Kind.EVENT
        assert ZERO not in {leaf.c_meta, leaf.c_pers, leaf.c_link}


@pytest.mark.parametrize("length", [0, 1, 97, 99])
def test_leaf_of_another_length_is_refused(length):
    assert code_of(b"\x01" * length) == "ledger.bad_leaf"


@given(st.integers(0, 255), st.integers(0, 255))
def test_only_known_versions_and_kinds_are_read(version, kind):
    raw = bytes((version, kind)) + bytes(96)
    if version == 1 and kind in {1, 2, 5}:
        assert Leaf.from_bytes(raw).kind == kind
    else:
        assert code_of(raw) == "ledger.bad_leaf"


@pytest.mark.parametrize("at", [34, 65, 66, 97])
@pytest.mark.parametrize("make", [directory_leaf, rotation_leaf])
def test_head_leaf_holds_nothing_else(make, at):
    raw = bytearray(make(b"head"))
    raw[at] = 1
    assert code_of(bytes(raw)) == "ledger.bad_leaf"


def test_commitments_differ_by_slot_salt_and_value():
    commitments = {
        commit(which, salt, value)
        for which in ("meta", "pers", "link")
        for salt in (ZERO, b"s" * 32)
        for value in (b"", b"a")
    }
    assert len(commitments) == 12


@pytest.mark.parametrize("length", [0, 31, 33])
def test_salt_of_another_length_is_refused(length):
    with pytest.raises(InvalidInputError) as refused:
        commit("meta", bytes(length), b"value")
    assert refused.value.code == "ledger.bad_salt"


def test_salts_differ_by_slot_key_and_context():
    salts = {
        salt(key, digest)
        for salt in (salt_pers, salt_meta, salt_link)
        for key in (ZERO, b"k" * 32)
        for digest in (b"a", b"b")
    }
    assert len(salts) == 12


def test_commitment_of_another_length_is_refused():
    with pytest.raises(InvalidInputError):
        event_leaf(ZERO, ZERO, bytes(31))
