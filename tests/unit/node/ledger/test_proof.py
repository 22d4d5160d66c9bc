from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import VerificationError
from services.node.ledger.merkle import (
    appended_nodes,
    consistency_path,
    inclusion_path,
    leaf_hash,
    needed_for_consistency,
    needed_for_inclusion,
    node_hash,
    reader,
    root_of,
)
from services.node.ledger.proof import verify_consistency, verify_inclusion

SIZE = 70
HASHES = [leaf_hash(b"leaf %d" % index) for index in range(SIZE)]
ROOTS = [root_of(HASHES[:size]) for size in range(SIZE + 1)]
NODES = {
    (level, index): node for level, index, node in appended_nodes(0, reader({}), HASHES)
}


def included(index: int, size: int) -> tuple[bytes, ...]:
    needed = {address: NODES[address] for address in needed_for_inclusion(index, size)}
    return inclusion_path(index, size, reader(needed))


def consistent(m: int, n: int) -> tuple[bytes, ...]:
    needed = {address: NODES[address] for address in needed_for_consistency(m, n)}
    return consistency_path(m, n, reader(needed))


def inclusion_code(*arguments) -> str:
    with pytest.raises(VerificationError) as refused:
        verify_inclusion(*arguments)
    return refused.value.code


def consistency_code(*arguments) -> str:
    with pytest.raises(VerificationError) as refused:
        verify_consistency(*arguments)
    return refused.value.code


def test_every_leaf_of_every_tree_is_proved(leaves, mth):
    for size in range(1, SIZE + 1):
        root = mth(leaves[:size])
        for index in range(size):
            path = included(index, size)
            verify_inclusion(HASHES[index], index, size, path, root)


def test_every_tree_is_proved_to_extend_every_smaller_one():
    for n in range(1, SIZE + 1):
        for m in range(1, n + 1):
            verify_consistency(m, n, ROOTS[m], ROOTS[n], consistent(m, n))


places = st.integers(1, SIZE).flatmap(
    lambda n: st.tuples(st.integers(0, n - 1), st.just(n))
)


@given(places, st.integers(0, SIZE - 1), st.integers(1, SIZE))
def test_proof_of_one_place_proves_no_other(place, other_index, other_size):
    index, size = place
    if (other_index, other_size) == place:
        return
    path = included(index, size)
    code = inclusion_code(
        HASHES[index], other_index, other_size, path, ROOTS[other_size]
    )
    assert code == "ledger.bad_inclusion"


@given(places, st.data())
def test_inclusion_with_any_flipped_bit_is_refused(place, data):
    index, size = place
    hashes = [HASHES[index], ROOTS[size], *included(index, size)]
    at = data.draw(st.integers(0, len(hashes) - 1))
    bit = data.draw(st.integers(0, 255))
    hashes[at] = (int.from_bytes(hashes[at], "big") ^ 1 << bit).to_bytes(32, "big")
    leaf, root, *path = hashes
    assert inclusion_code(leaf, index, size, path, root) == "ledger.bad_inclusion"


@given(places, st.data())
def test_consistency_with_any_flipped_bit_is_refused(place, data):
    m, n = place[0] + 1, place[1]
    hashes = [ROOTS[m], ROOTS[n], *consistent(m, n)]
    at = data.draw(st.integers(0, len(hashes) - 1))
    bit = data.draw(st.integers(0, 255))
    hashes[at] = (int.from_bytes(hashes[at], "big") ^ 1 << bit).to_bytes(32, "big")
    old, new, *path = hashes
    assert consistency_code(m, n, old, new, path) == "ledger.bad_consistency"


@given(places, st.integers(0, 7), st.booleans())
def test_path_of_another_length_is_refused(place, at, longer):
    index, size = place
    path = list(included(index, size))
    if longer:
        path.insert(at, HASHES[0])
    elif path:
        del path[at % len(path)]
    else:
        return
    code = inclusion_code(HASHES[index], index, size, path, ROOTS[size])
    assert code == "ledger.bad_inclusion"
    proof = [*consistent(index + 1, size), HASHES[0]]
    code = consistency_code(index + 1, size, ROOTS[index + 1], ROOTS[size], proof)
    assert code == "ledger.bad_consistency"


def test_empty_path_to_a_larger_tree_is_refused():
    assert consistency_code(3, 7, ROOTS[3], ROOTS[7], ()) == "ledger.bad_consistency"


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_hash_of_another_length_is_refused(length):
    bad, path = bytes(length), included(1, 3)
    code = "ledger.bad_hash_length"
    assert inclusion_code(bad, 1, 3, path, ROOTS[3]) == code
    assert inclusion_code(HASHES[1], 1, 3, path, bad) == code
    assert inclusion_code(HASHES[1], 1, 3, (bad, *path[1:]), ROOTS[3]) == code
    assert consistency_code(1, 1, bad, bad, ()) == code
    assert consistency_code(2, 3, ROOTS[2], ROOTS[3], (bad,)) == code


@pytest.mark.parametrize("size", [0, -1, 1 << 63, 1 << 64])
def test_size_out_of_bounds_is_refused(size):
    root = ROOTS[1]
    assert inclusion_code(HASHES[0], 0, size, (), root) == "ledger.bad_inclusion"
    assert consistency_code(size, size, root, root, ()) == "ledger.bad_consistency"


def test_proof_that_folds_in_a_tree_beyond_all_bounds_is_refused():
    path = tuple(HASHES[:64])
    root = HASHES[0]
    for sibling in path:
        root = node_hash(root, sibling)
    code = inclusion_code(HASHES[0], 0, 1 << 64, path, root)
    assert code == "ledger.bad_inclusion"


def test_tree_cannot_shrink_and_nothing_follows_from_the_empty_one():
    code = "ledger.bad_consistency"
    assert consistency_code(3, 2, ROOTS[3], ROOTS[2], ()) == code
    assert consistency_code(0, 2, ROOTS[0], ROOTS[2], ()) == code


def test_equal_sizes_need_equal_roots():
    verify_consistency(5, 5, ROOTS[5], ROOTS[5], ())
    assert consistency_code(5, 5, ROOTS[5], ROOTS[6], ()) == "ledger.bad_consistency"


def test_refusal_says_what_was_expected_and_got():
    with pytest.raises(VerificationError) as refused:
        verify_inclusion(HASHES[0], 1, 2, included(1, 2), ROOTS[2])
    assert ROOTS[2].hex() in str(refused.value)
