from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError
from services.node.keys.encoding import hkdf, hkdf_expand, lp

lists = st.lists(st.binary(max_size=20), max_size=6)


def unpack(packed: bytes) -> list[bytes]:
    items = []
    while packed:
        length = int.from_bytes(packed[:8], "big")
        items.append(packed[8 : 8 + length])
        assert len(items[-1]) == length
        packed = packed[8 + length :]
    return items


@given(lists)
def test_lp_can_be_taken_apart_into_the_same_items(items):
    assert unpack(lp(*items)) == items


@given(lists, lists)
def test_two_different_lists_never_share_their_bytes(one, other):
    assert (lp(*one) == lp(*other)) == (one == other)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=4), st.integers(0, 3))
def test_joining_neighbours_changes_the_bytes(items, at):
    joined = [*items[:at], b"".join(items[at : at + 2]), *items[at + 2 :]]
    if len(items) > at + 1:
        assert lp(*joined) != lp(*items)


@given(st.integers(0, 2**64 - 1))
def test_number_is_encoded_as_u64(number):
    assert lp(number) == lp(number.to_bytes(8, "big"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_is_encoded_as_utf8(text):
    assert lp(text) == lp(text.encode())


@pytest.mark.parametrize("item", [-1, 2**64, "\ud800"])
def test_lp_refuses_what_has_no_encoding(item):
    with pytest.raises(InvalidInputError) as refused:
        lp(item)
    assert refused.value.code == "keys.not_encodable"


def test_derivations_differ_by_label_context_and_kind():
    ikm = bytes(32)
    derived = {
        hkdf(ikm, "a"),
        hkdf(ikm, "b"),
        hkdf(ikm, "a", "c"),
        hkdf(ikm, "a", b"", "c"),
        hkdf_expand(ikm, "a"),
    }
    assert len(derived) == 5
    assert len(hkdf(ikm, "a", length=96)) == 96
    assert len(hkdf_expand(ikm, "a", length=96)) == 96
