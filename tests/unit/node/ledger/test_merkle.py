from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.ledger.merkle import (
    EMPTY_ROOT,
    MAX_SIZE,
    appended_nodes,
    consistency_nodes,
    inclusion_nodes,
    leaf_hash,
    needed_for_append,
    needed_for_consistency,
    needed_for_inclusion,
    node_hash,
    nodes_for_root,
    reader,
    root_from,
    root_of,
)

HASHES = [leaf_hash(b"leaf %d" % index) for index in range(200)]
sizes = st.integers(1, 1 << 62)


def append(nodes: dict, size: int, count: int) -> None:
    """Add leaves as a node does: fetch what is needed, write what is new."""
    fetched = {address: nodes[address] for address in needed_for_append(size)}
    added = appended_nodes(size, reader(fetched), HASHES[size : size + count])
    fresh = {(level, index): node for level, index, node in added}
    assert len(fresh) == len(added)
    assert not fresh.keys() & nodes.keys()
    nodes |= fresh


def test_leaf_and_node_hashes_are_apart():
    assert leaf_hash(b"ab") == hashlib.sha256(b"\x00ab").digest()
    assert node_hash(b"a", b"b") == hashlib.sha256(b"\x01ab").digest()


@pytest.mark.parametrize("size", range(70))
def test_root_is_that_of_the_rfc(size, leaves, mth):
    assert root_of(HASHES[:size]) == mth(leaves[:size])


@given(st.lists(st.integers(0, 30), max_size=6))
def test_tree_grown_in_batches_is_the_tree_from_scratch(batches):
    nodes: dict = {}
    size = 0
    for count in batches:
        append(nodes, size, count)
        size += count
        assert root_from(size, reader(nodes)) == root_of(HASHES[:size])
    scratch: dict = {}
    append(scratch, 0, size)
    assert nodes == scratch


def test_every_complete_subtree_and_no_other_is_stored():
    nodes: dict = {}
    append(nodes, 0, 70)
    complete = {(level, index) for level in range(8) for index in range(70 >> level)}
    assert nodes.keys() == complete


@pytest.mark.parametrize("size", range(1, 70))
def test_old_roots_are_found_in_a_grown_tree(size):
    nodes: dict = {}
    append(nodes, 0, 70)
    fetched = {address: nodes[address] for address in nodes_for_root(size)}
    assert root_from(size, reader(fetched)) == root_of(HASHES[:size])


def test_empty_tree_has_the_hash_of_nothing():
    assert root_from(0, reader({})) == root_of([]) == EMPTY_ROOT
    assert nodes_for_root(0) == []


@given(sizes, st.data())
def test_nodes_needed_are_complete_and_few_in_a_tree_of_any_size(size, data):
    index = data.draw(st.integers(0, size - 1))
    m = data.draw(st.integers(1, size))
    needed = (
        needed_for_append(size),
        needed_for_inclusion(index, size),
        needed_for_consistency(m, size),
    )
    for addresses in needed:
        assert all((i + 1) << level <= size for level, i in addresses)
        assert len(addresses) <= 2 * 63
    assert len(inclusion_nodes(index, size)) <= 63
    assert len(consistency_nodes(m, size)) <= 64


def test_missing_node_is_named():
    with pytest.raises(VerificationError) as refused:
        root_from(3, reader({(1, 0): HASHES[0]}))
    assert refused.value.code == "ledger.missing_node"
    assert refused.value.where == "level 0, index 2"


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1)])
def test_no_path_leads_to_a_leaf_outside_the_tree(index, size):
    with pytest.raises(InvalidInputError) as refused:
        inclusion_nodes(index, size)
    assert refused.value.code == "ledger.bad_index"


@pytest.mark.parametrize(("m", "n"), [(0, 1), (2, 1), (-1, 1), (1, MAX_SIZE + 1)])
def test_no_proof_leads_to_a_smaller_tree_or_from_the_empty_one(m, n):
    with pytest.raises(InvalidInputError) as refused:
        consistency_nodes(m, n)
    assert refused.value.code == "ledger.bad_size"


@pytest.mark.parametrize("size", [-1, MAX_SIZE + 1])
def test_size_out_of_bounds_is_refused(size):
    with pytest.raises(InvalidInputError):
        nodes_for_root(size)
