"""One byte string for one signed entry, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.directory.leaf import (
    MAX_LEAF,
    approval_text,
    join_leaf,
    proof_text,
    split_leaf,
)
from services.node.domain.errors import InvalidInputError, RelaisError
from services.node.keys.encoding import lp
from services.node.wire.entries import (
    Approval,
    Entry,
    MemberSuspend,
    Proof,
    encode_entry,
)

NOW = datetime(2018, 3, 5, tzinfo=UTC)
ENTRY = Entry(1, "testland", "yen-bai", NOW, MemberSuspend("audit"))
RAW = encode_entry(ENTRY)
PROOF = Proof(b"\1" * 32, b"\2" * 64)
APPROVAL = Approval("lao-cai", 7, NOW, b"\3" * 64, b"\4" * 3309)


def code_of(leaf):
    with pytest.raises(RelaisError) as refused:
        split_leaf(leaf)
    return refused.value.code


def test_a_leaf_gives_back_what_was_joined():
    signed = split_leaf(join_leaf(RAW, [PROOF], [APPROVAL]))

    assert signed.raw == RAW
    assert signed.entry == ENTRY
    assert signed.proofs == (PROOF,)
    assert signed.approvals == (APPROVAL,)


def test_a_leaf_is_lp_of_entry_proofs_and_approvals():
    assert join_leaf(RAW) == lp(RAW, b"", b"")


def test_a_leaf_cut_short_anywhere_is_refused():
    leaf = join_leaf(RAW)

    for length in range(len(leaf)):
        assert code_of(leaf[:length]) == "directory.malformed_leaf"


@pytest.mark.parametrize(
    "leaf", [lp(RAW, b""), lp(RAW, b"", b"", b""), lp(RAW, b"", b"") + b"\0", b""]
)
def test_a_leaf_has_exactly_three_items(leaf):
    assert code_of(leaf) == "directory.malformed_leaf"


def test_a_length_beyond_the_leaf_is_refused():
    assert code_of(b"\xff" * 8 + RAW) == "directory.malformed_leaf"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_item_has_its_one_encoding(place):
    items = [RAW, b"", b""]
    items[place] += b"\xa8\x3f\x01"  # field 1013, known to nobody

    assert code_of(lp(*items)) == "wire.not_canonical"


def test_a_leaf_over_one_mebibyte_is_refused():
    assert code_of(bytes(MAX_LEAF + 1)) == "directory.leaf_too_large"


@given(st.binary(max_size=200))
def test_bytes_that_are_no_leaf_are_refused_with_a_code(raw):
    with pytest.raises(InvalidInputError):
        split_leaf(raw)


def test_proofs_and_approvals_sign_different_texts():
    assert proof_text(RAW) == lp("relais/v1/dir/proof", RAW)
    assert approval_text(RAW, 7, NOW) == lp(
        "relais/v1/dir/approve", RAW, 7, 1520208000000
    )


def test_an_approval_before_1970_signs_nothing():
    with pytest.raises(InvalidInputError) as refused:
        approval_text(RAW, 7, datetime(1969, 12, 31, tzinfo=UTC))
    assert refused.value.code == "keys.not_encodable"
