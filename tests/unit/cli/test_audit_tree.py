"""The signed root tells which of leaves and stored hashes are the right ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli.audit_tree import FURTHEST, Hashes, Tree, settle
from services.node.keys.encoding import sha256
from services.node.ledger.merkle import root_of


def hashes_of(count: int) -> list[bytes]:
    return [sha256(b"leaf %d" % index) for index in range(count)]


def kept(hashes: list[bytes | None]) -> Hashes:
    level = Hashes()
    for index, digest in enumerate(hashes):
        if digest is not None:
            assert level.put(index, digest)
    return level


def stored_of(hashes: list[bytes]) -> list[list[bytes | None]]:
    """Every complete subtree, level by level."""
    tree = Tree(kept(list(hashes)), len(hashes))
    return [
        [tree.read(level, index) for index in range(len(hashes) >> level)]
        for level in range(tree.height)
    ]


def test_a_hash_is_kept_once_and_near_the_others():
    level = Hashes()
    assert level.put(3, b"x" * 32)
    assert not level.put(3, b"y" * 32)
    assert not level.put(-1, b"x" * 32)
    assert not level.put(4 + FURTHEST, b"x" * 32)
    assert not level.put(0, b"short")
    assert (level.get(3), level.get(2), level.get(4)) == (b"x" * 32, None, None)
    assert not level.complete(4)


@given(st.integers(1, 70))
def test_a_tree_has_the_root_of_every_beginning(count):
    hashes = hashes_of(count)
    tree = Tree(kept(list(hashes)), count)
    assert [tree.root_at(size) for size in range(count + 1)] == [
        root_of(hashes[:size]) for size in range(count + 1)
    ]


@settings(deadline=None)
@given(st.integers(1, 40), st.data())
def test_whatever_leaves_were_changed_are_found_by_the_stored_hashes(count, data):
    right = hashes_of(count)
    wrong = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    missing = data.draw(st.sets(st.sampled_from(sorted(wrong))))
    given_hashes: list[bytes | None] = list(right)
    for index in wrong:
        given_hashes[index] = None if index in missing else sha256(b"other")
    tree = Tree(kept(given_hashes), count)
    assert settle(tree, [kept(each) for each in stored_of(right)], root_of(right))
    assert tree.wrong == wrong
    assert [tree.read(0, index) for index in range(count)] == right


@settings(deadline=None)
@given(st.integers(1, 40), st.data())
def test_changed_stored_hashes_never_make_a_leaf_wrong(count, data):
    right = hashes_of(count)
    stored = stored_of(right)
    everywhere = [
        (level, i) for level, row in enumerate(stored) for i in range(len(row))
    ]
    for level, index in data.draw(st.sets(st.sampled_from(everywhere))):
        stored[level][index] = data.draw(st.sampled_from([None, sha256(b"other")]))
    tree = Tree(kept(list(right)), count)
    assert settle(tree, [kept(each) for each in stored], root_of(right))
    assert tree.wrong == set()


@settings(deadline=None)
@given(st.integers(2, 40), st.data())
def test_one_leaf_and_one_stored_hash_elsewhere_are_told_apart(count, data):
    right = hashes_of(count)
    stored = stored_of(right)
    leaf = data.draw(st.integers(0, count - 1))
    elsewhere = [
        (level, index)
        for level, row in enumerate(stored)
        for index in range(len(row))
        if leaf >> level != index
    ]
    if not elsewhere:
        return
    level, index = data.draw(st.sampled_from(elsewhere))
    stored[level][index] = sha256(b"other")
    given_hashes: list[bytes | None] = list(right)
    given_hashes[leaf] = sha256(b"another")
    tree = Tree(kept(given_hashes), count)
    assert settle(tree, [kept(each) for each in stored], root_of(right))
    assert tree.wrong == {leaf}
    assert [tree.read(0, each) for each in range(count)] == right


@pytest.mark.parametrize(
    ("leaves", "peaks"),
    [
        ({1}, {(1, 2), (0, 6)}),
        ({1, 6}, {(1, 2)}),
        ({4}, {(2, 0), (0, 6)}),
        ({6}, set()),
    ],
)
def test_each_part_under_the_root_is_believed_by_itself(leaves, peaks):
    """Seven leaves: parts of four, two and one, some wrong here, others there."""
    right = hashes_of(7)
    stored = stored_of(right)
    for level, index in peaks:
        stored[level][index] = sha256(b"other")
    given_hashes: list[bytes | None] = list(right)
    for leaf in leaves:
        given_hashes[leaf] = sha256(b"another")
    tree = Tree(kept(given_hashes), 7)
    assert settle(tree, [kept(each) for each in stored], root_of(right))
    assert tree.wrong == leaves


def test_a_root_that_nothing_makes_is_not_explained():
    tree = Tree(kept(list(hashes_of(5))), 5)
    assert not settle(tree, [], sha256(b"no root"))
