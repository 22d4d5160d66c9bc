"""How a network begins, who joins it, and which keys never enter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.directory.fold import fold
from services.node.directory.genesis import genesis_leaf
from services.node.directory.home import (
    Home,
    entry_bytes,
    introduction,
    prove,
    prove_admission,
    public_keys,
)
from services.node.directory.leaf import join_leaf, split_leaf
from services.node.directory.state import Directory
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer
from services.node.wire.entries import (
    Founder,
    MemberClose,
    PublicKey,
    encode_entry,
)

LOW_ORDER = bytes([1]) + bytes(31)  # the neutral element of edwards25519


def refounded(world, change_genesis):
    """The code that voids a first leaf whose entry was changed, then signed anew."""
    signed = split_leaf(world.draft.leaves[0])
    change = change_genesis(signed.entry.change)
    raw = encode_entry(replace(signed.entry, change=change))
    keys = [world.signers.ed25519, world.signers.ml_dsa_44]
    proofs = list(prove(raw, *keys))
    for name in world.FOUNDERS:
        proofs.extend(prove_admission(world.homes[name], raw))
    return code_of(world, join_leaf(raw, proofs))


def code_of(world, leaf):
    directory = fold([leaf], world.NETWORK)
    assert directory.genesis is None
    assert directory.members == {}
    (void,) = directory.void
    return void.code


def joining(world, name, change, home=None):
    """A MEMBER_ADD of ``change``, approved and signed by whatever ``home`` holds."""
    raw = world.raw(name, change)
    proofs = prove_admission(home or world.homes["dien-bien"], raw)
    return join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))


def newcomer(world):
    return introduction(world.homes["dien-bien"], world.describe("dien-bien"))


def test_three_founders_found_a_network(newborn):
    directory = newborn.directory

    assert set(directory.members) == set(newborn.FOUNDERS)
    assert all(member.founder for member in directory.members.values())
    assert directory.head_key == newborn.signers.ed25519.public_raw
    assert directory.genesis is not None


def test_two_founders_cannot_found_a_network(newborn):
    code = refounded(newborn, lambda it: replace(it, founders=it.founders[:2]))

    assert code == "directory.too_few_founders"


def test_one_founder_under_two_names_does_not_count_as_two(newborn):
    def doubled(it):
        again = Founder("copy", it.founders[0].member)
        return replace(it, founders=(*it.founders[:2], again))

    assert refounded(newborn, doubled) == "directory.key_known"


def test_one_name_cannot_found_twice(newborn):
    def doubled(it):
        return replace(it, founders=(*it.founders, it.founders[0]))

    assert refounded(newborn, doubled) == "directory.name_taken"


@pytest.mark.parametrize("missing", range(14))
def test_every_key_of_the_genesis_signs_it(newborn, missing):
    signed = split_leaf(newborn.draft.leaves[0])
    assert len(signed.proofs) == 2 + 3 * 4
    proofs = signed.proofs[:missing] + signed.proofs[missing + 1 :]

    code = code_of(newborn, join_leaf(signed.raw, proofs))

    assert code == "directory.missing_proof"


def test_a_genesis_needs_both_directory_keys(newborn):
    code = refounded(
        newborn, lambda it: replace(it, directory_keys=it.directory_keys[:1])
    )

    assert code == "directory.wrong_keys"


def test_a_founders_key_cannot_sign_the_directorys_heads(newborn):
    def shared(it):
        ledger = it.founders[0].member.ledger_keys
        return replace(it, directory_keys=ledger)

    assert refounded(newborn, shared) == "directory.key_known"


def test_a_genesis_is_about_no_member(newborn):
    signed = split_leaf(newborn.draft.leaves[0])
    raw = encode_entry(replace(signed.entry, subject="ministry"))

    assert code_of(newborn, join_leaf(raw, signed.proofs)) == "directory.bad_subject"


def test_a_network_is_founded_once(world):
    other = Directory(world.NETWORK)
    founders = [world.candidate(name) for name in ("yen-bai", "dien-bien", "son-la")]
    homes = {each.name: world.make_home(each.name) for each in founders}
    leaf = genesis_leaf(world.NETWORK, founders, homes, world.signers, world.NOW)
    assert not other.size

    assert world.refusal(leaf) == "directory.second_genesis"


def test_without_genesis_nothing_holds(newborn):
    leaf = newborn.admission("yen-bai", "ministry", "lao-cai")

    assert code_of(newborn, leaf) == "directory.no_genesis"


def test_a_void_genesis_cannot_be_made_good_later(newborn):
    good = newborn.draft.leaves[0]

    directory = fold([good[:-1], good], newborn.NETWORK)

    assert [void.code for void in directory.void] == [
        "directory.malformed_leaf",
        "directory.second_genesis",
    ]


def test_a_member_name_is_not_used_twice(world):
    leaf = joining(world, "yen-bai", newcomer(world))

    assert world.refusal(leaf) == "directory.name_taken"


def test_a_closed_members_name_and_keys_stay_its_own(world):
    closed = world.after(
        world.decided("yen-bai", MemberClose("merged"), "ministry", "lao-cai")
    )
    home = closed.homes["yen-bai"]
    change = introduction(home, closed.describe("yen-bai"))

    same_name = joining(closed, "yen-bai", newcomer(closed))
    same_keys = joining(closed, "yen-bai-2", change, home)

    assert closed.refusal(same_name) == "directory.name_taken"
    assert closed.refusal(same_keys) == "directory.key_known"


@pytest.mark.parametrize("kind", ["identity_keys", "ledger_keys"])
def test_a_key_under_two_names_is_refused(world, kind):
    taken = introduction(world.homes["yen-bai"], world.describe("yen-bai"))
    change = replace(newcomer(world), **{kind: getattr(taken, kind)})

    assert world.refusal(joining(world, "dien-bien", change)) == "directory.key_known"


def test_one_key_cannot_serve_two_purposes(world):
    mine = newcomer(world)
    shared = (mine.identity_keys[0], mine.ledger_keys[1])

    leaf = joining(world, "dien-bien", replace(mine, ledger_keys=shared))

    assert world.refusal(leaf) == "directory.key_known"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (LOW_ORDER, "keys.low_order"),
        (bytes(32), "keys.low_order"),
        (b"\xff" * 32, "keys.not_canonical"),
        (bytes(31), "keys.bad_length"),
        (b"", "keys.bad_length"),
    ],
)
def test_an_ed25519_key_that_only_looks_like_one_is_refused(world, raw, code):
    mine = newcomer(world)
    keys = (PublicKey("ed25519", raw), mine.identity_keys[1])

    leaf = joining(world, "dien-bien", replace(mine, identity_keys=keys))

    assert world.refusal(leaf) == code


@pytest.mark.parametrize("kind", ["identity_keys", "ledger_keys"])
def test_a_newcomer_brings_one_key_of_each_algorithm(world, kind):
    mine = newcomer(world)
    pair = getattr(mine, kind)
    for keys in [(), pair[:1], pair[1:], (*pair, pair[0])]:
        leaf = joining(world, "dien-bien", replace(mine, **{kind: keys}))

        assert world.refusal(leaf) == "directory.wrong_keys"


def test_identity_and_ledger_keys_are_not_interchangeable(world):
    mine = newcomer(world)
    swapped = replace(
        mine, identity_keys=mine.ledger_keys, ledger_keys=mine.identity_keys
    )

    leaf = joining(world, "dien-bien", swapped)

    assert world.refusal(leaf) == "directory.wrong_keys"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "dien bien",
        "dien+bien",
        "Dien-bien",
        "dien_bien",
        "dien/2",
        "điện-biên",
        "-dien",
        "dien-",
        "dien\n",
        "directory",
        "a" * 256,
    ],
)
def test_a_name_that_could_be_mistaken_is_refused(world, name):
    leaf = joining(world, name, newcomer(world))

    assert world.refusal(leaf) == "directory.bad_name"


def test_the_longest_name_has_255_bytes(world):
    name = "a" * 255

    after = world.after(joining(world, name, newcomer(world)))

    assert after.directory.member(name).active


def test_a_newcomers_description_is_checked(world):
    bad = replace(world.describe("dien-bien"), kind="ngo")

    leaf = joining(world, "dien-bien", replace(newcomer(world), description=bad))

    assert world.refusal(leaf) == "directory.bad_description"


def test_a_member_joins_with_what_it_said(world):
    after = world.after(joining(world, "dien-bien", newcomer(world)))
    home: Home = world.homes["dien-bien"]
    member = after.directory.member("dien-bien")

    assert member.description == world.describe("dien-bien")
    assert member.names == {"vi": "Dien-Bien", "en": "dien-bien"}
    assert member.joined_at == world.directory.size
    assert not member.founder
    assert [key.raw for key in member.ledger_keys] == [
        each.raw for each in public_keys(home.keys.ledger, home.keys.ledger_ml_dsa)
    ]


def test_an_entry_of_another_network_is_refused(world):
    raw = entry_bytes("elsewhere", "dien-bien", newcomer(world), world.NOW)
    proofs = prove_admission(world.homes["dien-bien"], raw)

    leaf = join_leaf(raw, proofs, world.approvals(raw, "ministry", "lao-cai"))

    assert world.refusal(leaf) == "directory.wrong_network"


def test_fresh_keys_need_their_own_proofs(world):
    """Keys copied from elsewhere cannot be listed by one who does not hold them."""
    strangers = public_keys(Ed25519Signer.generate(), MlDsa44Signer.generate())

    leaf = joining(world, "dien-bien", replace(newcomer(world), ledger_keys=strangers))

    assert world.refusal(leaf) == "directory.unexpected_proof"
