"""The same leaves always make the same directory."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.node.directory.fold import apply, check_entry, fold
from services.node.directory.state import Directory
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.ledger.merkle import leaf_hash, root_of
from services.node.wire.entries import MemberSuspend

SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_all_at_once_equals_one_at_a_time(world):
    assert fold(world.draft.leaves, world.NETWORK) == world.directory


def test_a_directory_that_grew_does_not_change_the_one_before(world):
    before = fold(world.draft.leaves, world.NETWORK)

    world.after(world.decided("hanoi", MemberSuspend("x"), "ministry", "lao-cai"))

    assert world.directory == before
    with pytest.raises(TypeError):
        world.directory.members["hanoi"] = None


@SLOW
@given(st.data())
def test_any_mix_of_leaves_folds_and_its_root_is_the_trees(world, data):
    """Good leaves in any order, doubled, dropped, or cut: never an exception."""
    good = st.sampled_from(world.draft.leaves)
    cut = st.builds(lambda leaf, n: leaf[:n], good, st.integers(0, 4000))
    leaves = data.draw(st.lists(good | cut | st.binary(max_size=40), max_size=8))

    directory = fold(leaves, world.NETWORK)

    assert directory.size == len(leaves)
    assert directory.root == root_of([leaf_hash(leaf) for leaf in leaves])
    assert directory == fold(leaves, world.NETWORK)
    assert len({void.index for void in directory.void}) == len(directory.void)


@SLOW
@given(st.data())
def test_a_flipped_byte_makes_an_entry_void(world, data):
    """What is not void after a flip was not signed; there must be nothing such."""
    index = data.draw(st.integers(0, len(world.draft.leaves) - 1))
    leaf = bytearray(world.draft.leaves[index])
    place = data.draw(st.integers(0, len(leaf) - 1))
    leaf[place] ^= data.draw(st.integers(1, 255))
    leaves = list(world.draft.leaves)
    leaves[index] = bytes(leaf)

    directory = fold(leaves, world.NETWORK)

    assert index in [void.index for void in directory.void]


def test_a_void_entry_counts_for_size_and_root_only(world):
    after = apply(world.directory, world.directory.size, b"noise")

    assert after.size == world.directory.size + 1
    assert after.root != world.directory.root
    assert after.members == world.directory.members
    assert after.time == world.directory.time
    assert [void.code for void in after.void] == ["directory.malformed_leaf"]


def test_leaves_are_taken_in_order(world):
    for index in (world.directory.size - 1, world.directory.size + 1):
        with pytest.raises(InvalidInputError) as refused:
            apply(world.directory, index, b"")
        assert refused.value.code == "directory.not_next"


def test_the_same_entry_is_not_applied_twice(world):
    """Nor with other approvals: it is the entry that was done."""
    for leaf in world.draft.leaves:
        assert world.refusal(leaf) == "directory.entry_known"


def test_an_empty_directory_is_nobodys():
    directory = fold([], "testland")

    assert directory == Directory("testland")
    assert directory.size == 0


def test_an_entry_from_the_future_is_not_taken(world):
    leaf = world.decided("hanoi", MemberSuspend("x"), "ministry", "lao-cai")

    with pytest.raises(InvalidInputError) as refused:
        check_entry(world.directory, leaf, world.NOW - timedelta(minutes=16))
    assert refused.value.code == "directory.from_the_future"
    check_entry(world.directory, leaf, world.NOW - timedelta(minutes=15))


def test_an_approval_that_ran_out_by_the_clock_is_not_taken(world):
    leaf = world.decided("hanoi", MemberSuspend("x"), "ministry", "lao-cai")

    with pytest.raises(NotLawfulError) as refused:
        check_entry(world.directory, leaf, world.NOW + world.WEEK)
    assert refused.value.code == "directory.approval_expired"
    check_entry(world.directory, leaf, world.NOW + world.WEEK - timedelta(seconds=1))
