from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import RelaisError, VerificationError
from services.node.ledger.checkpoint import Checkpoint
from services.node.ledger.evidence import Evidence, Opening, verify_evidence
from services.node.ledger.leaf import commit, directory_leaf, event_leaf
from services.node.ledger.merkle import (
    appended_nodes,
    inclusion_path,
    leaf_hash,
    reader,
    root_of,
)

PERS = Opening(b"p" * 32, b"outcome and digest")
LINK = Opening(b"l" * 32, b"event id")
LEAF = event_leaf(
    bytes(32),
    commit("pers", PERS.salt, PERS.value),
    commit("link", LINK.salt, LINK.value),
)
HEAD_LEAF = directory_leaf(b"head")


def evidence_at(index: int, leaves: list[bytes]) -> tuple[Evidence, Checkpoint]:
    hashes = [leaf_hash(each) for each in leaves]
    nodes = {(lv, ix): node for lv, ix, node in appended_nodes(0, reader({}), hashes)}
    path = inclusion_path(index, len(leaves), reader(nodes))
    head = Checkpoint("vietnam.relais/lao-cai", len(leaves), root_of(hashes))
    return Evidence(leaves[index], PERS, LINK, index, path, b""), head


LEAVES = [HEAD_LEAF, LEAF, HEAD_LEAF, HEAD_LEAF, HEAD_LEAF]
EVIDENCE, HEAD = evidence_at(1, LEAVES)


def code_of(evidence: Evidence, head: Checkpoint = HEAD) -> str:
    with pytest.raises(RelaisError) as refused:
        verify_evidence(evidence, head)
    return refused.value.code


def flip(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data, "big") ^ (1 << bit % (len(data) * 8))
    return number.to_bytes(len(data), "big")


@pytest.mark.parametrize("size", range(1, 20))
def test_evidence_of_any_leaf_holds(size):
    for index in range(size):
        verify_evidence(*evidence_at(index, [LEAF] * size))


@pytest.mark.parametrize("name", ["pers", "link"])
@pytest.mark.parametrize("field", ["salt", "value"])
@given(bit=st.integers(0, 500))
def test_opening_with_any_flipped_bit_is_refused(name, field, bit):
    opening = getattr(EVIDENCE, name)
    changed = replace(opening, **{field: flip(getattr(opening, field), bit)})
    assert code_of(replace(EVIDENCE, **{name: changed})) == "ledger.bad_opening"


@given(st.integers(0, 98 * 8 - 1))
def test_leaf_with_any_flipped_bit_is_refused(bit):
    with pytest.raises(VerificationError):
        verify_evidence(replace(EVIDENCE, leaf=flip(LEAF, bit)), HEAD)


@given(st.integers(0, 2), st.integers(0, 255))
def test_path_with_any_flipped_bit_is_refused(at, bit):
    path = list(EVIDENCE.path)
    path[at] = flip(path[at], bit)
    assert code_of(replace(EVIDENCE, path=tuple(path))) == "ledger.bad_inclusion"


def test_openings_cannot_be_exchanged():
    swapped = replace(EVIDENCE, pers=LINK, link=PERS)
    assert code_of(swapped) == "ledger.bad_opening"


def test_salt_of_another_length_is_refused():
    short = Opening(b"p" * 31, PERS.value)
    assert code_of(replace(EVIDENCE, pers=short)) == "ledger.bad_salt"


def test_leaf_of_a_head_is_no_evidence_of_an_event():
    evidence, head = evidence_at(0, LEAVES)
    assert code_of(evidence, head) == "ledger.bad_leaf"


@pytest.mark.parametrize("index", [-1, 0, 2, 5, 1 << 64])
def test_evidence_at_another_index_is_refused(index):
    assert code_of(replace(EVIDENCE, index=index)) == "ledger.bad_inclusion"


def test_evidence_under_another_head_is_refused():
    assert code_of(EVIDENCE, replace(HEAD, size=9)) == "ledger.bad_inclusion"
    assert code_of(EVIDENCE, replace(HEAD, root=bytes(32))) == "ledger.bad_inclusion"
