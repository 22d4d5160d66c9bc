"""How keys and certificates enter and end after joining."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.directory.home import certificate_leaf, prove, public_keys
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer, MlDsa65Signer
from services.node.wire.entries import (
    KeyAdd,
    KeyCompromised,
    KeyRetire,
    SigningPurpose,
    TlsCert,
)

OTHERS = ("ministry", "lao-cai")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def with_key(world, name, signer, purpose, *approvers):
    """The leaf that adds ``signer`` to a member, proved and vouched for."""
    change = KeyAdd(purpose, public_keys(signer)[0])
    proofs = prove(world.raw(name, change), signer)
    return world.own(name, change, *approvers, proofs=proofs)


def test_a_member_alone_publishes_a_certificate(world):
    after = world.after(certificate_leaf(world.homes["hanoi"], world.NOW))
    (fingerprint,) = after.directory.member("hanoi").certificates

    assert after.directory.member_of_certificate(fingerprint).name == "hanoi"


def test_a_members_certificate_cannot_be_listed_by_another(world):
    (der,) = world.directory.member("yen-bai").certificates.values()

    leaf = world.own("hanoi", TlsCert(der))

    assert world.refusal(leaf) == "directory.key_known"


def test_a_retired_certificate_is_nobodys(world):
    (listed,) = world.directory.member("yen-bai").certificate_history

    after = world.after(world.own("yen-bai", KeyRetire(listed.key_id)))

    assert after.directory.member_of_certificate(listed.fingerprint) is None
    again = after.own("yen-bai", TlsCert(listed.der), now=world.NOW + MINUTE)
    assert after.refusal(again) == "directory.key_known"


@pytest.mark.parametrize(
    ("purpose", "signer"),
    [
        (SigningPurpose.IDENTITY, Ed25519Signer),
        (SigningPurpose.IDENTITY, MlDsa65Signer),
        (SigningPurpose.LEDGER, Ed25519Signer),
        (SigningPurpose.LEDGER, MlDsa44Signer),
        (SigningPurpose.WITNESS, Ed25519Signer),
        (SigningPurpose.WITNESS, MlDsa44Signer),
    ],
)
def test_a_member_gains_a_signing_key(world, purpose, signer):
    fresh = signer.generate()

    after = world.after(with_key(world, "yen-bai", fresh, purpose, *OTHERS))

    (added,) = (
        key
        for key in after.directory.member("yen-bai").signing_keys()
        if key.key_id == fresh.key_id
    )
    assert added.purpose is purpose


def test_a_signing_key_needs_two_approvals(world):
    fresh = Ed25519Signer.generate()

    leaf = with_key(world, "yen-bai", fresh, SigningPurpose.LEDGER, "ministry")

    assert world.refusal(leaf) == "directory.too_few_approvals"


def test_a_signing_key_proves_itself(world):
    change = KeyAdd(SigningPurpose.LEDGER, public_keys(Ed25519Signer.generate())[0])

    leaf = world.own("yen-bai", change, *OTHERS)

    assert world.refusal(leaf) == "directory.missing_proof"


def test_approvers_cannot_give_a_member_a_key_it_did_not_ask_for(world):
    fresh = Ed25519Signer.generate()
    forger = replace(world, homes={**world.homes, "yen-bai": world.homes["hanoi"]})

    leaf = with_key(forger, "yen-bai", fresh, SigningPurpose.LEDGER, *OTHERS)

    assert world.refusal(leaf) == "directory.unexpected_proof"


@pytest.mark.parametrize(
    ("purpose", "signer"),
    [
        (SigningPurpose.IDENTITY, MlDsa44Signer),
        (SigningPurpose.LEDGER, MlDsa65Signer),
        (SigningPurpose.WITNESS, MlDsa65Signer),
    ],
)
def test_a_key_of_the_wrong_algorithm_is_refused(world, purpose, signer):
    leaf = with_key(world, "yen-bai", signer.generate(), purpose, *OTHERS)

    assert world.refusal(leaf) == "directory.wrong_keys"


def test_a_listed_key_is_not_added_again(world):
    signer = world.homes["lao-cai"].keys.ledger

    leaf = with_key(world, "yen-bai", signer, SigningPurpose.WITNESS, *OTHERS)

    assert world.refusal(leaf) == "directory.key_known"


def test_a_retired_ledger_key_is_good_up_to_its_leaf(world):
    old = world.homes["yen-bai"].keys.ledger
    fresh = Ed25519Signer.generate()
    grown = world.after(
        with_key(world, "yen-bai", fresh, SigningPurpose.LEDGER, *OTHERS)
    )
    both = grown.directory.size
    after = grown.after(grown.own("yen-bai", KeyRetire(old.key_id), *OTHERS))

    keys_at = after.directory.ledger_keys_at
    assert keys_at("yen-bai", 1) == ()
    assert keys_at("yen-bai", 2) == (old.public_raw,)
    assert keys_at("yen-bai", both) == (old.public_raw, fresh.public_raw)
    assert keys_at("yen-bai", both + 1) == (fresh.public_raw,)


def test_a_members_last_key_cannot_retire(world):
    for key in world.directory.member("yen-bai").signing_keys():
        leaf = world.own("yen-bai", KeyRetire(key.key_id), *OTHERS)

        assert world.refusal(leaf) == "directory.last_key"


def test_a_signing_key_retires_with_two_approvals(world):
    fresh = Ed25519Signer.generate()
    grown = world.after(
        with_key(world, "yen-bai", fresh, SigningPurpose.LEDGER, *OTHERS)
    )

    leaf = grown.own("yen-bai", KeyRetire(fresh.key_id), "ministry")

    assert grown.refusal(leaf) == "directory.too_few_approvals"


def test_a_compromised_ledger_key_ends_at_once_even_the_last(world):
    key = world.homes["yen-bai"].keys.ledger
    size = world.directory.size
    since = world.NOW - DAY

    after = world.after(world.own("yen-bai", KeyCompromised(key.key_id, since)))

    assert after.directory.ledger_keys_at("yen-bai", size) == (key.public_raw,)
    assert after.directory.ledger_keys_at("yen-bai", size + 1) == ()
    listed = after.directory.member("yen-bai").ledger_keys[0]
    assert listed.life.compromised_since == since


def test_a_retired_key_may_still_be_reported_and_keeps_its_end(world):
    epoch = world.directory.member("yen-bai").sealing_epochs[0]
    retired = world.after(world.own("yen-bai", KeyRetire(epoch.key_id)))

    lost = KeyCompromised(epoch.key_id, world.NOW)
    after = retired.after(retired.own("yen-bai", lost))

    life = after.directory.member("yen-bai").sealing_epochs[0].life
    assert life.ended_at == world.directory.size
    assert life.compromised_since == world.NOW


def test_a_key_ends_once(world):
    epoch = world.directory.member("yen-bai").sealing_epochs[0]
    lost = world.after(
        world.own("yen-bai", KeyCompromised(epoch.key_id, world.NOW - DAY))
    )

    again = lost.own("yen-bai", KeyCompromised(epoch.key_id, world.NOW))
    retire = lost.own("yen-bai", KeyRetire(epoch.key_id))

    assert lost.refusal(again) == "directory.key_ended"
    assert lost.refusal(retire) == "directory.key_ended"


def test_a_key_is_not_compromised_in_the_future(world):
    epoch = world.directory.member("yen-bai").sealing_epochs[0]

    leaf = world.own("yen-bai", KeyCompromised(epoch.key_id, world.NOW + DAY))

    assert world.refusal(leaf) == "directory.bad_instant"


@pytest.mark.parametrize("report", [KeyRetire, None])
def test_a_member_cannot_end_anothers_key(world, report):
    key_id = world.directory.member("lao-cai").ledger_keys[0].key_id
    change = report(key_id) if report else KeyCompromised(key_id, world.NOW)

    assert world.refusal(world.own("yen-bai", change)) == "directory.unknown_key"
