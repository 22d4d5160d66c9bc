"""What a member signs at home shows nothing of its private keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.directory.home import approve, introduction, vouch
from services.node.directory.leaf import approval_text, proof_text, split_leaf
from services.node.domain.errors import NotFoundError
from services.node.keys.signing import verify
from services.node.wire.entries import SealingEpochs


def test_without_its_identity_a_member_signs_no_entry(world):
    home = world.homes["yen-bai"]
    offline = replace(home, keys=replace(home.keys, identity=None))

    for act in (
        lambda: vouch(offline, b"entry"),
        lambda: approve(offline, b"entry", 0, world.NOW),
        lambda: introduction(offline, world.describe("yen-bai")),
    ):
        with pytest.raises(NotFoundError) as refused:
            act()
        assert refused.value.code == "directory.identity_offline"


def test_vouching_signs_with_both_identity_keys(world):
    identity = world.homes["yen-bai"].identity

    first, second = vouch(world.homes["yen-bai"], b"entry")

    for proof, key in ((first, identity.ed25519), (second, identity.ml_dsa_65)):
        assert proof.key_id == key.key_id
        verify(key.algorithm, key.public_raw, proof.signature, proof_text(b"entry"))


def test_an_approval_binds_entry_size_and_time(world):
    identity = world.homes["lao-cai"].identity

    approval = approve(world.homes["lao-cai"], b"entry", 7, world.NOW)

    text = approval_text(b"entry", 7, world.NOW)
    assert approval.approver == "lao-cai"
    verify("ed25519", identity.ed25519.public_raw, approval.ed25519_signature, text)
    verify(
        "ml-dsa-65", identity.ml_dsa_65.public_raw, approval.ml_dsa_65_signature, text
    )


def test_no_leaf_holds_a_private_key(world):
    leaves = b"".join(world.draft.leaves)
    for home in world.homes.values():
        secrets = [
            home.identity.ed25519.private_raw,
            home.identity.ml_dsa_65.private_raw,
            home.keys.ledger.private_raw,
            home.keys.ledger_ml_dsa.private_raw,
            home.keys.audit_key,
            home.keys.at_rest.key,
            *(each.key.raw for each in home.keys.sealing_epochs),
        ]
        assert not any(secret in leaves for secret in secrets)


def test_published_sealing_epochs_are_those_of_the_key_folder(world):
    leaf = world.draft.leaves[2]
    change = split_leaf(leaf).entry.change
    assert isinstance(change, SealingEpochs)
    mine = world.homes["lao-cai"].keys.sealing_epochs

    assert [each.key.raw for each in change.epochs] == [
        each.key.public_raw for each in mine
    ]
    assert [each.begins_at for each in change.epochs] == [each.begins for each in mine]
