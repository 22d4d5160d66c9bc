"""Description, suspension, closing and policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.directory.home import certificate_leaf
from services.node.wire.entries import (
    KeyCompromised,
    KeyRetire,
    MemberChange,
    MemberClose,
    MemberSuspend,
    PolicyTable,
    SealingEpochs,
    TlsCert,
)

SUSPEND = MemberSuspend("audit")
OTHERS = ("ministry", "lao-cai")


def test_a_members_description_changes_with_two_approvals(world):
    moved = replace(world.describe("yen-bai"), peers_address="10.1.1.1:9000")

    after = world.after(world.own("yen-bai", MemberChange(moved), *OTHERS))
    alone = world.own("yen-bai", MemberChange(moved))

    assert after.directory.member("yen-bai").peers_address == "10.1.1.1:9000"
    assert world.refusal(alone) == "directory.too_few_approvals"


def test_a_changed_description_is_checked(world):
    bad = replace(world.describe("yen-bai"), functions=())

    leaf = world.own("yen-bai", MemberChange(bad), *OTHERS)

    assert world.refusal(leaf) == "directory.bad_description"


def test_a_member_that_is_not_there_makes_no_entries(world):
    changes = [
        MemberChange(world.describe("dien-bien")),
        SealingEpochs(()),
        TlsCert(b""),
        KeyRetire(bytes(32)),
        KeyCompromised(bytes(32), world.NOW),
        SUSPEND,
        MemberClose("left"),
    ]
    for change in changes:
        leaf = world.own("dien-bien", change, *OTHERS)

        assert world.refusal(leaf) == "directory.unknown_member"


def test_a_suspended_members_own_entries_are_void(world):
    suspended = world.after(world.decided("yen-bai", SUSPEND, *OTHERS))
    key_id = world.directory.member("yen-bai").sealing_epochs[0].key_id
    leaves = [
        certificate_leaf(world.make_home("yen-bai"), world.NOW),
        suspended.own("yen-bai", SealingEpochs(())),
        suspended.own("yen-bai", MemberChange(world.describe("yen-bai")), *OTHERS),
        suspended.own("yen-bai", KeyRetire(key_id)),
        suspended.decided("yen-bai", MemberSuspend("again"), *OTHERS),
    ]

    assert suspended.directory.member("yen-bai").suspended
    for leaf in leaves:
        assert suspended.refusal(leaf) == "directory.suspended"


def test_a_suspended_member_still_reports_a_compromised_key(world):
    suspended = world.after(world.decided("yen-bai", SUSPEND, *OTHERS))
    key_id = world.directory.member("yen-bai").ledger_keys[0].key_id

    lost = suspended.own("yen-bai", KeyCompromised(key_id, world.NOW))

    listed = suspended.after(lost).directory.member("yen-bai").ledger_keys[0]
    assert not listed.life.live


def test_a_suspended_member_may_be_closed_and_nothing_follows(world):
    suspended = world.after(world.decided("yen-bai", SUSPEND, *OTHERS))
    closed = suspended.after(suspended.decided("yen-bai", MemberClose("left"), *OTHERS))
    again = closed.decided("yen-bai", MemberClose("once_more"), *OTHERS)
    own = closed.own(
        "yen-bai", KeyCompromised(world.homes["yen-bai"].keys.ledger.key_id, world.NOW)
    )

    assert closed.directory.member("yen-bai").closed
    assert closed.refusal(again) == "directory.closed"
    assert closed.refusal(own) == "directory.closed"


@pytest.mark.parametrize("reason", ["", "Two words", "x" * 65, "a\nb"])
def test_a_reason_is_a_code(world, reason):
    for change in (MemberSuspend(reason), MemberClose(reason)):
        leaf = world.decided("yen-bai", change, *OTHERS)

        assert world.refusal(leaf) == "directory.bad_reason"


def test_a_policy_by_one_approver_is_void(world):
    leaf = world.decided("", replace(world.POLICY, version="test-2"), "ministry")

    assert world.refusal(leaf) == "directory.too_few_approvals"


def test_a_policy_is_about_no_single_member(world):
    leaf = world.decided("hanoi", replace(world.POLICY, version="test-2"), *OTHERS)

    assert world.refusal(leaf) == "directory.bad_subject"


def test_a_newer_policy_replaces_tables_and_approvers(world):
    policy = replace(
        world.POLICY,
        version="test-2",
        tables=(PolicyTable("deadlines", b"days\n"),),
        approver_functions=("HOTLINE", "FOCAL_MINISTRY"),
    )

    after = world.after(world.decided("", policy, *OTHERS))

    assert after.directory.policy.version == "test-2"
    assert after.directory.policy.tables == {"deadlines": b"days\n"}
    assert after.directory.policy.adopted_at == world.directory.size
    assert after.directory.approvers == {"hanoi", "ministry"}


def test_an_older_policy_never_comes_back(world):
    newer = world.after(
        world.decided("", replace(world.POLICY, version="test-2"), *OTHERS)
    )
    old_leaf = world.draft.leaves[-1]
    rewritten = newer.decided("", replace(world.POLICY, tables=()), *OTHERS)

    assert newer.refusal(old_leaf) == "directory.entry_known"
    assert newer.refusal(rewritten) == "directory.policy_known"


def test_a_policy_cannot_lock_everybody_out(world):
    policy = replace(world.POLICY, version="t2", approver_functions=("HOTLINE",))

    leaf = world.decided("", policy, *OTHERS)

    assert world.refusal(leaf) == "directory.policy_locks_out"


def test_a_policy_that_cannot_be_read_is_refused(world):
    leaf = world.decided("", replace(world.POLICY, version=""), *OTHERS)

    assert world.refusal(leaf) == "directory.bad_policy"
