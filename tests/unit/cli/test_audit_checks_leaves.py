"""Leaves and openings: what is missing, unreadable, erased or unlawful."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.cli.audit_verify import FaultKind
from services.node.directory.home import own_leaf
from services.node.keys.tls import create_certificate, to_der
from services.node.ledger.leaf import rotation_leaf
from services.node.wire.audit import LoggedLeaf, OpeningState
from services.node.wire.entries import TlsCert

K = FaultKind
MEMBER = "hanoi"


def verdict(world, index, **changes):
    """What a log is said to be whose leaf row ``index`` was changed."""
    items = [
        replace(item, **changes)
        if isinstance(item, LoggedLeaf) and item.index == index
        else item
        for item in world.items(MEMBER)
    ]
    report = world.verify(items)
    return report, [(each.index, each.kind) for each in report.faults]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (OpeningState.ABSENT, K.OPENING_MISSING),
        (OpeningState.UNREADABLE, K.OPENING_UNREADABLE),
    ],
)
def test_an_opening_that_is_not_there_is_named(audit_world, state, kind):
    _, faults = verdict(audit_world, 2, pers=None, pers_state=state)
    assert faults == [(2, kind)]
    _, faults = verdict(audit_world, 2, meta=None, link=None, public_state=state)
    assert faults == [(2, kind)]


def test_an_erased_opening_is_counted_and_no_fault(audit_world):
    report, faults = verdict(audit_world, 2, pers=None, pers_state=OpeningState.ERASED)
    assert faults == []
    assert report.erased == 1


def test_an_adopted_head_under_another_subject_is_named(audit_world):
    _, faults = verdict(audit_world, 0, subject=b"s" * 32)
    assert faults == [(0, K.SUBJECT_ALTERED)]


def test_a_log_that_begins_without_the_directory_is_unlawful(empty_world):
    log = empty_world.logs[MEMBER]
    log.leaves.clear()
    log.nodes.clear()
    log.checkpoints.clear()
    empty_world.inside(MEMBER)
    report = empty_world.verify(log.items())
    assert [(f.index, f.kind) for f in report.faults] == [(0, K.LEAF_UNLAWFUL)]


def test_an_empty_log_lacks_its_first_leaf(empty_world):
    log = empty_world.logs[MEMBER]
    log.leaves.clear()
    log.nodes.clear()
    log.checkpoints.clear()
    report = empty_world.verify(log.items())
    assert (0, K.LEAF_MISSING) in {(f.index, f.kind) for f in report.faults}


def test_a_leaf_of_a_kind_not_known_here_is_unlawful(empty_world):
    log = empty_world.logs[MEMBER]
    absent = OpeningState.ABSENT
    leaf = rotation_leaf(b"head")
    log.append(LoggedLeaf(1, leaf, b"s" * 32, None, None, None, absent, absent))
    report = empty_world.verify(log.items())
    assert [(f.index, f.kind) for f in report.faults] == [(1, K.LEAF_UNLAWFUL)]


def test_a_head_adopted_twice_is_unlawful(empty_world):
    log = empty_world.logs[MEMBER]
    log.append(replace(log.leaves[0], index=1))
    report = empty_world.verify(log.items())
    assert (1, K.LEAF_UNLAWFUL) in {(f.index, f.kind) for f in report.faults}


def test_a_newer_directory_is_adopted_in_order(empty_world):
    log = empty_world.logs[MEMBER]
    now = empty_world.NOW
    _, certificate = create_certificate(MEMBER, now)
    leaf = own_leaf(log.home, TlsCert(to_der(certificate)), now)
    empty_world.inside(MEMBER)
    empty_world.adopt(log, log.draft.with_leaf(leaf, now))
    empty_world.inside(MEMBER)
    assert empty_world.verify(log.items()).faults == ()
