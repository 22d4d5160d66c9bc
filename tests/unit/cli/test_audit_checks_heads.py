"""Leaves, stored hashes and signed heads: what was done to them is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.cli.audit_verify import AuditReport, FaultKind
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.wire.audit import (
    LoggedLeaf,
    LogHead,
    LogItem,
    StoredCheckpoint,
    StoredNode,
)

K = FaultKind
MEMBER = "lao-cai"


def found(report: AuditReport) -> list[tuple[int | None, FaultKind]]:
    assert {each.member for each in report.faults} <= {MEMBER}
    return sorted(((f.index, f.kind) for f in report.faults), key=str)


def each_of(items: list[LogItem], kind: type, change) -> list[LogItem]:
    return [change(item) if isinstance(item, kind) else item for item in items]


def leaves_of(items: list[LogItem]) -> list[LoggedLeaf]:
    return [item for item in items if isinstance(item, LoggedLeaf)]


def with_leaves(items: list[LogItem], leaves: list[LoggedLeaf]) -> list[LogItem]:
    first = next(n for n, item in enumerate(items) if isinstance(item, LoggedLeaf))
    rest = [item for item in items if not isinstance(item, LoggedLeaf)]
    return [*rest[:first], *leaves, *rest[first:]]


def swapped(leaves: list[LoggedLeaf], one: int, other: int) -> list[LoggedLeaf]:
    """Two rows with their indexes exchanged, in the order of an export."""
    leaves = list(leaves)
    leaves[one], leaves[other] = (
        replace(leaves[other], index=one),
        replace(leaves[one], index=other),
    )
    return leaves


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (3, 7), (7, 8), (0, 8)])
def test_two_swapped_leaves_are_both_named(audit_world, one, other):
    items = audit_world.items(MEMBER)
    leaves = swapped(leaves_of(items), one, other)
    report = audit_world.verify_all(lao_cai=with_leaves(items, leaves))
    named = found(report)
    assert (one, K.LEAF_MISPLACED) in named
    assert (other, K.LEAF_MISPLACED) in named


def test_two_leaves_swapped_under_their_subjects_are_both_named(audit_world):
    items = audit_world.items(MEMBER)
    leaves = leaves_of(items)
    leaves[2], leaves[5] = (
        replace(leaves[2], leaf=leaves[5].leaf),
        replace(leaves[5], leaf=leaves[2].leaf),
    )
    report = audit_world.verify_all(lao_cai=with_leaves(items, leaves))
    assert found(report) == [(2, K.LEAF_MISPLACED), (5, K.LEAF_MISPLACED)]


def test_a_leaf_taken_out_and_the_rest_moved_up_is_seen(audit_world):
    items = audit_world.items(MEMBER)
    leaves = leaves_of(items)
    del leaves[3]
    moved = [replace(leaf, index=index) for index, leaf in enumerate(leaves)]
    named = found(audit_world.verify_all(lao_cai=with_leaves(items, moved)))
    for index in range(3, 8):
        assert (index, K.LEAF_MISPLACED) in named
    assert (8, K.LEAF_MISSING) in named


def test_every_leaf_deleted_is_named(audit_world):
    items = audit_world.items(MEMBER)
    named = found(audit_world.verify(with_leaves(items, [])))
    assert {(index, K.LEAF_MISSING) for index in range(9)} <= set(named)


def test_a_byte_in_every_leaf_at_once_is_named_in_every_leaf(audit_world):
    items = each_of(
        audit_world.items(MEMBER),
        LoggedLeaf,
        lambda item: replace(item, leaf=item.leaf[:-1] + bytes((item.leaf[-1] ^ 1,))),
    )
    named = found(audit_world.verify_all(lao_cai=items))
    assert [each for each in named if each[1] is K.LEAF_ALTERED] == [
        (index, K.LEAF_ALTERED) for index in range(9)
    ]


def test_a_byte_in_every_stored_hash_at_once_is_named_in_each(audit_world):
    items = each_of(
        audit_world.items(MEMBER),
        StoredNode,
        lambda item: replace(item, hash=bytes((item.hash[0] ^ 1,)) + item.hash[1:]),
    )
    report = audit_world.verify_all(lao_cai=items)
    nodes = [item for item in items if isinstance(item, StoredNode)]
    assert found(report) == sorted(((n.index, K.NODE_ALTERED) for n in nodes), key=str)
    assert {fault.detail.split(" of ")[0] for fault in report.faults} == {
        f"Level {node.level}" for node in nodes
    }


def test_a_byte_in_every_checkpoint_at_once_is_named_in_each(audit_world):
    items = each_of(
        audit_world.items(MEMBER),
        StoredCheckpoint,
        lambda item: replace(item, note=item.note.replace(b"\n", b"\r", 1)),
    )
    assert found(audit_world.verify_all(lao_cai=items)) == [
        (size, K.CHECKPOINT_ALTERED) for size in range(1, 10)
    ]


def test_two_checkpoints_exchanged_are_named(audit_world):
    items = audit_world.items(MEMBER)
    checkpoints = [each for each in items if isinstance(each, StoredCheckpoint)]
    notes = {2: checkpoints[5].note, 6: checkpoints[1].note}
    items = each_of(
        items,
        StoredCheckpoint,
        lambda item: replace(item, note=notes.get(item.size, item.note)),
    )
    assert found(audit_world.verify_all(lao_cai=items)) == [
        (2, K.CHECKPOINT_ALTERED),
        (6, K.CHECKPOINT_ALTERED),
    ]


def test_a_tail_cut_off_under_an_older_head_is_told_by_the_newer_checkpoint(
    audit_world,
):
    log = audit_world.logs[MEMBER]
    items = [item for item in log.items() if not _beyond(item, 6)]
    head = items[-1]
    assert isinstance(head, LogHead)
    older = replace(head, size=6, root=log.root(6), checkpoint=log.sign(6))
    cut = [item for item in log.items() if isinstance(item, StoredCheckpoint)][6:]
    at = next(n for n, each in enumerate(items) if isinstance(each, StoredCheckpoint))
    named = found(
        audit_world.verify([*items[: at + 6], *cut, *items[at + 6 : -1], older])
    )
    assert (None, K.HEAD_ALTERED) in named
    assert {(index, K.LEAF_MISSING) for index in (6, 7, 8)} <= set(named)


def _beyond(item: LogItem, size: int) -> bool:
    """Whether the item came later than the first ``size`` leaves."""
    match item:
        case LoggedLeaf():
            return item.index >= size
        case StoredNode():
            return item.index >= size >> item.level
        case StoredCheckpoint():
            return item.size > size
    return False


def test_leaves_beyond_the_signed_head_are_named(audit_world):
    items = audit_world.items(MEMBER)
    leaves = leaves_of(items)
    extra = replace(leaves[-1], index=9, subject=b"s" * 32)
    named = found(audit_world.verify(with_leaves(items, [*leaves, extra])))
    assert (9, K.LEAF_EXTRA) in named


def test_a_stored_hash_that_no_tree_has_is_named(audit_world):
    items = audit_world.items(MEMBER)
    last = next(n for n, each in enumerate(items) if isinstance(each, StoredCheckpoint))
    items.insert(last, StoredNode(3, 1, b"h" * 32))
    assert found(audit_world.verify(items)) == [(1, K.NODE_EXTRA)]


def test_a_head_without_its_checkpoint_is_named(audit_world):
    items = [
        each
        for each in audit_world.items(MEMBER)
        if not (isinstance(each, StoredCheckpoint) and each.size == 9)
    ]
    assert found(audit_world.verify(items)) == [(9, K.CHECKPOINT_MISSING)]


def test_a_member_that_signed_two_truths_is_named(audit_world):
    log = audit_world.logs[MEMBER]
    other = Checkpoint(f"{log.home.network}/{MEMBER}", 4, b"r" * 32)
    note = sign_checkpoint(other, log.home.keys.ledger)
    items = each_of(
        audit_world.items(MEMBER),
        StoredCheckpoint,
        lambda item: replace(item, note=note) if item.size == 4 else item,
    )
    assert found(audit_world.verify(items)) == [(4, K.FORK)]


def test_a_checkpoint_signed_by_another_member_is_named(audit_world):
    log, other = audit_world.logs[MEMBER], audit_world.logs["hanoi"]
    checkpoint = Checkpoint(f"{log.home.network}/{MEMBER}", 4, log.root(4))
    note = sign_checkpoint(checkpoint, other.home.keys.ledger)
    items = each_of(
        audit_world.items(MEMBER),
        StoredCheckpoint,
        lambda item: replace(item, note=note) if item.size == 4 else item,
    )
    assert found(audit_world.verify(items)) == [(4, K.CHECKPOINT_ALTERED)]


def test_leaves_and_hashes_that_fit_each_other_and_no_signed_root_are_seen(
    audit_world, empty_world
):
    """Another log's leaves and hashes under this one's heads."""
    for _ in range(8):
        empty_world.inside(MEMBER)
    foreign = [
        item
        for item in empty_world.items(MEMBER)
        if isinstance(item, LoggedLeaf | StoredNode)
    ]
    own = audit_world.items(MEMBER)
    rest = [item for item in own if not isinstance(item, LoggedLeaf | StoredNode)]
    at = next(n for n, each in enumerate(rest) if isinstance(each, StoredCheckpoint))
    named = found(audit_world.verify([*rest[:at], *foreign, *rest[at:]]))
    assert (None, K.ROOT_UNEXPLAINED) in named


def test_a_head_signed_far_beyond_everything_else_is_named(audit_world):
    """No memory is reserved for leaves that nothing else speaks of."""
    log = audit_world.logs[MEMBER]
    far = Checkpoint(f"{log.home.network}/{MEMBER}", 1 << 60, b"r" * 32)
    note = sign_checkpoint(far, log.home.keys.ledger)
    *rest, head = audit_world.items(MEMBER)
    report = audit_world.verify(
        [*rest, replace(head, size=far.size, root=far.root, checkpoint=note)]
    )
    assert (None, K.HEAD_ALTERED) in found(report)
    assert report.leaves == 9
