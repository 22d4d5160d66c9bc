"""What one log alone cannot show: a cut end, a second truth, a missing half."""

from __future__ import annotations

from dataclasses import replace

from services.cli.audit_verify import FaultKind
from services.node.directory.home import own_leaf
from services.node.keys.tls import create_certificate, to_der
from services.node.wire.audit import (
    LoggedLeaf,
    OpeningState,
    ReceivedEnvelope,
    StoredCheckpoint,
)
from services.node.wire.entries import TlsCert
from services.node.wire.leaves import Outcome

K = FaultKind
MEMBER = "lao-cai"


def found(report):
    return sorted(((f.member, f.index, f.kind) for f in report.faults), key=str)


def test_a_log_rolled_back_whole_is_sound_alone_and_behind_among_others(empty_world):
    earlier = empty_world.copy().logs[MEMBER]
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED)
    assert empty_world.verify(earlier.items()).sound
    report = empty_world.verify_all(lao_cai=earlier.items())
    assert found(report) == [(MEMBER, None, K.LOG_BEHIND)]
    assert "hanoi" in report.faults[0].detail


def test_a_log_written_anew_is_a_fork(empty_world):
    """The member signs another history of the same length."""
    earlier = empty_world.copy()
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED)
    earlier.inside(MEMBER)
    anew = earlier.items(MEMBER)
    assert earlier.verify(anew).sound
    assert found(empty_world.verify_all(lao_cai=anew)) == [(MEMBER, 2, K.FORK)]


def test_a_checkpoint_that_a_peer_holds_cannot_be_taken_out(audit_world):
    held = 0
    for size in range(1, 9):
        items = [
            item
            for item in audit_world.items(MEMBER)
            if not (isinstance(item, StoredCheckpoint) and item.size == size)
        ]
        faults = found(audit_world.verify_all(lao_cai=items))
        assert faults in ([], [(MEMBER, size, K.CHECKPOINT_MISSING)])
        held += bool(faults)
    assert held == 6  # all but the adoption's and that of an act within


def test_an_erased_event_under_another_subject_is_told_by_its_peer(audit_world):
    """Nothing at home commits to the subject any more; the sender's receipt does."""
    received = audit_world.logs[MEMBER].received[0]
    items = [
        replace(item, subject=b"s" * 32, pers=None, pers_state=OpeningState.ERASED)
        if isinstance(item, LoggedLeaf) and item.subject == received.digest
        else item
        for item in audit_world.items(MEMBER)
        if item != received
    ]
    assert isinstance(received, ReceivedEnvelope)
    assert audit_world.verify(items).sound
    assert found(audit_world.verify_all(lao_cai=items)) == [
        (MEMBER, 1, K.HANDOFF_DIFFERS)
    ]


def _with_certificate(world, log, name):
    home = world.logs[name].home
    _, certificate = create_certificate(name, world.NOW)
    leaf = own_leaf(home, TlsCert(to_der(certificate)), world.NOW)
    world.adopt(log, log.draft.with_leaf(leaf, world.NOW))


def test_a_member_with_an_older_directory_is_sound(empty_world):
    _with_certificate(empty_world, empty_world.logs[MEMBER], MEMBER)
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED)
    assert empty_world.verify_all().faults == ()


def test_members_with_two_directories_are_named(empty_world):
    _with_certificate(empty_world, empty_world.logs[MEMBER], MEMBER)
    _with_certificate(empty_world, empty_world.logs["hanoi"], "hanoi")
    report = empty_world.verify_all()
    assert [each.kind for each in report.faults] == [K.DIRECTORY_FORK]


def test_two_networks_in_one_audit_are_named(empty_world, audit_world):
    """Their directories have different founders."""
    report = empty_world.verify(
        empty_world.items("hanoi"), audit_world.items("ministry")
    )
    assert K.DIRECTORY_FORK in {each.kind for each in report.faults}


def test_a_handoff_under_way_is_no_fault(empty_world):
    """The recipient has logged it; the receipt has not come back yet."""
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED)
    (row,) = empty_world.logs["hanoi"].sent
    empty_world.logs["hanoi"].sent[:] = [
        replace(row, receipt=b"", receipt_index=0, state="waiting")
    ]
    report = empty_world.verify_all()
    assert report.faults == ()
    assert (report.handoffs, report.receipts) == (1, 0)
