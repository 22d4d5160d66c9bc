"""Who must sign an entry, and which signatures count for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.directory.home import (
    introduction,
    own_leaf,
    prove,
    prove_admission,
    vouch,
)
from services.node.directory.leaf import join_leaf
from services.node.wire.entries import (
    KeyCompromised,
    MemberChange,
    MemberSuspend,
    Proof,
    SigningPurpose,
)

SUSPEND = MemberSuspend("audit")


def change_of(world, name="yen-bai"):
    return MemberChange(replace(world.describe(name), peers_address="10.0.0.1:7000"))


def test_two_approvers_admit_a_member(world):
    after = world.after(world.admission("dien-bien", "lao-cai", "ministry"))

    assert after.directory.member("dien-bien").active
    assert after.directory.void == ()


@pytest.mark.parametrize("approvers", [(), ("ministry",)])
def test_fewer_than_two_approvers_cannot_admit_a_member(world, approvers):
    leaf = world.admission("dien-bien", *approvers)

    assert world.refusal(leaf) == "directory.too_few_approvals"


def test_one_approver_twice_does_not_count_as_two(world):
    leaf = world.admission("dien-bien", "ministry", "ministry")

    assert world.refusal(leaf) == "directory.approver_twice"


def test_one_approver_under_two_approvals_does_not_count_as_two(world):
    raw = world.raw(
        "dien-bien",
        introduction(world.homes["dien-bien"], world.describe("dien-bien")),
    )
    early = world.approvals(raw, "ministry", base_size=1)
    late = world.approvals(raw, "ministry")
    proofs = prove_admission(world.homes["dien-bien"], raw)

    refusal = world.refusal(join_leaf(raw, proofs, early + late))

    assert refusal == "directory.approver_twice"


def test_a_member_cannot_approve_itself(world):
    leaf = world.own("yen-bai", change_of(world), "ministry", "yen-bai")

    assert world.refusal(leaf) == "directory.approver_is_subject"


def test_a_newcomer_cannot_approve_itself(world):
    leaf = world.admission("dien-bien", "ministry", "dien-bien")

    assert world.refusal(leaf) == "directory.approver_is_subject"


def test_a_member_without_approver_function_cannot_approve(world):
    leaf = world.admission("dien-bien", "ministry", "hanoi")

    assert world.refusal(leaf) == "directory.not_an_approver"


def test_a_stranger_cannot_approve(world):
    leaf = world.decided("yen-bai", SUSPEND, "ministry", "dien-bien")

    assert world.refusal(leaf) == "directory.not_an_approver"


def test_a_suspended_member_cannot_approve(world):
    suspended = world.after(world.decided("yen-bai", SUSPEND, "ministry", "lao-cai"))

    leaf = suspended.admission("dien-bien", "ministry", "yen-bai")

    assert suspended.refusal(leaf) == "directory.not_an_approver"


def test_before_a_policy_founders_approve_whatever_their_function(newborn):
    after = newborn.after(newborn.admission("dien-bien", "hanoi", "lao-cai"))

    assert "dien-bien" in after.directory.members


def test_before_a_policy_others_cannot_approve(newborn):
    grown = newborn.after(newborn.admission("yen-bai", "ministry", "lao-cai"))

    leaf = grown.admission("dien-bien", "ministry", "yen-bai")

    assert grown.refusal(leaf) == "directory.not_an_approver"


def test_an_expired_approval_does_not_count(world):
    raw = world.raw("yen-bai", SUSPEND)
    approvals = world.approvals(raw, "ministry", "lao-cai", not_after=world.NOW)

    leaf = join_leaf(raw, (), approvals)

    assert world.refusal(leaf) == "directory.approval_expired"


def test_an_approval_expires_by_what_entered_the_directory_since(world):
    """An entry held back until its approvals ran out is void without a clock too."""
    raw = world.raw("yen-bai", SUSPEND)
    soon = world.NOW + timedelta(hours=1)
    leaf = join_leaf(
        raw, (), world.approvals(raw, "ministry", "lao-cai", not_after=soon)
    )
    later = world.NOW + timedelta(hours=2)
    key_id = world.directory.member("lao-cai").sealing_epochs[0].key_id
    lost = own_leaf(world.homes["lao-cai"], KeyCompromised(key_id, world.NOW), later)
    grown = world.after(lost, later)

    assert grown.refusal(leaf) == "directory.approval_expired"


def test_an_approval_for_a_bigger_directory_does_not_count_yet(world):
    raw = world.raw("yen-bai", SUSPEND)
    size = world.directory.size + 1
    approvals = world.approvals(raw, "ministry", "lao-cai", base_size=size)

    leaf = join_leaf(raw, (), approvals)

    assert world.refusal(leaf) == "directory.approval_too_early"


def test_an_approval_of_another_entry_does_not_count(world):
    other = world.raw("yen-bai", MemberSuspend("other_reason"))
    raw = world.raw("yen-bai", SUSPEND)

    leaf = join_leaf(raw, (), world.approvals(other, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.bad_approval"


@pytest.mark.parametrize("half", ["ed25519_signature", "ml_dsa_65_signature"])
def test_an_approval_needs_both_signatures(world, half):
    raw = world.raw("yen-bai", SUSPEND)
    first, second = world.approvals(raw, "ministry", "lao-cai")

    leaf = join_leaf(raw, (), [first, replace(second, **{half: b""})])

    assert world.refusal(leaf) == "directory.bad_approval"


def test_an_approval_in_anothers_name_does_not_count(world):
    raw = world.raw("yen-bai", SUSPEND)
    first, second = world.approvals(raw, "ministry", "hanoi")

    leaf = join_leaf(raw, (), [first, replace(second, approver="lao-cai")])

    assert world.refusal(leaf) == "directory.bad_approval"


def test_a_third_bad_approval_spoils_two_good_ones(world):
    leaf = world.decided("yen-bai", SUSPEND, "ministry", "lao-cai", "hanoi")

    assert world.refusal(leaf) == "directory.not_an_approver"


@pytest.mark.parametrize("missing", range(4))
def test_a_newcomer_proves_every_signing_key(world, missing):
    home = world.homes["dien-bien"]
    raw = world.raw("dien-bien", introduction(home, world.describe("dien-bien")))
    proofs = list(prove_admission(home, raw))
    del proofs[missing]

    leaf = join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.missing_proof"


def test_a_proof_over_another_entry_does_not_hold(world):
    home = world.homes["dien-bien"]
    raw = world.raw("dien-bien", introduction(home, world.describe("dien-bien")))
    proofs = prove_admission(home, raw + b"\0")

    leaf = join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.bad_proof"


@pytest.mark.parametrize("half", [0, 1])
def test_a_member_vouches_with_both_identity_keys(world, half):
    home = world.homes["yen-bai"]
    raw = world.raw("yen-bai", change_of(world))
    approvals = world.approvals(raw, "ministry", "lao-cai")

    leaf = join_leaf(raw, vouch(home, raw)[half : half + 1], approvals)

    assert world.refusal(leaf) == "directory.missing_proof"


def test_two_approvers_cannot_write_a_members_own_entry(world):
    raw = world.raw("yen-bai", change_of(world))

    leaf = join_leaf(raw, (), world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.missing_proof"


def test_a_member_cannot_vouch_for_another(world):
    raw = world.raw("yen-bai", change_of(world))
    proofs = vouch(world.homes["hanoi"], raw)

    leaf = join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.unexpected_proof"


def test_a_ledger_key_cannot_stand_in_for_an_identity_key(world):
    home = world.homes["yen-bai"]
    raw = world.raw("yen-bai", change_of(world))
    proofs = prove(raw, home.keys.ledger, home.identity.ml_dsa_65)

    leaf = join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.unexpected_proof"


def test_a_signature_nobody_asked_for_is_refused(world):
    raw = world.raw("yen-bai", SUSPEND)
    proofs = vouch(world.homes["yen-bai"], raw)

    leaf = join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.unexpected_proof"


def test_a_key_signs_an_entry_once(world):
    raw = world.raw("yen-bai", change_of(world))
    proofs = vouch(world.homes["yen-bai"], raw)
    approvals = world.approvals(raw, "ministry", "lao-cai")

    leaf = join_leaf(raw, (*proofs, proofs[0]), approvals)

    assert world.refusal(leaf) == "directory.proof_twice"


@pytest.mark.parametrize("key_id", [b"", b"\0" * 32])
def test_a_proof_by_an_unknown_key_is_refused(world, key_id):
    leaf = world.own(
        "yen-bai",
        change_of(world),
        "ministry",
        "lao-cai",
        proofs=(Proof(key_id, b"\0" * 64),),
    )

    assert world.refusal(leaf) == "directory.unexpected_proof"


def test_a_compromised_identity_neither_vouches_nor_approves(world):
    keys = world.directory.member("lao-cai").identity_keys
    assert keys[0].purpose is SigningPurpose.IDENTITY
    lost = KeyCompromised(keys[0].key_id, world.NOW)
    grown = world.after(world.own("lao-cai", lost))

    own = grown.own("lao-cai", change_of(grown), "ministry", "yen-bai")
    approved = grown.decided("yen-bai", SUSPEND, "ministry", "lao-cai")

    assert grown.refusal(own) == "directory.no_identity"
    assert grown.refusal(approved) == "directory.bad_approval"
