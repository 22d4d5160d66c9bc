"""Evidence that does not hold proves nothing: no leaf, and a good one goes through."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from services.node.domain.errors import RelaisError
from services.node.flows.exchange import NO_HEAD
from services.node.ledger.evidence import Evidence, Opening
from services.node.ledger.leaf import directory_leaf
from services.node.wire.leaves import Outcome, encode_pers
from tests.network.hostile.hostile_peer import an_offer_of

LAO_CAI = "lao-cai"
NOTHING = Opening(b"", b"")


@pytest.fixture
def sealed(hostile):
    """A good envelope, not yet logged."""
    return hostile.seal(LAO_CAI, an_offer_of(hostile, LAO_CAI))


def spoilt(evidence: Evidence, how: str) -> Evidence:
    """The evidence with one thing wrong."""
    pers, link, path = evidence.pers, evidence.link, evidence.path
    changed: dict[str, dict[str, Any]] = {
        "no leaf": {"leaf": b""},
        "another leaf": {"leaf": evidence.leaf[:2] + os.urandom(96)},
        "a leaf of another version": {"leaf": b"\x02" + evidence.leaf[1:]},
        "a leaf of another kind": {"leaf": directory_leaf(b"x")},
        "another value": {"pers": replace(pers, value=pers.value + b"\0")},
        "another salt": {"pers": replace(pers, salt=bytes(32))},
        "a short salt": {"pers": replace(pers, salt=b"")},
        "another link": {"link": replace(link, value=os.urandom(16))},
        "no openings": {"pers": NOTHING, "link": NOTHING},
        "another index": {"index": evidence.index - 1},
        "an index beyond": {"index": 2**64 - 1},
        "another path": {"path": (os.urandom(32), *path[1:])},
        "a longer path": {"path": (*path, os.urandom(32))},
        "no path": {"path": ()},
        "short hashes": {"path": tuple(each[:31] for each in path)},
    }
    return replace(evidence, **changed[how])


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("no leaf", "ledger.bad_leaf"),
        ("another leaf", "ledger.bad_opening"),
        ("a leaf of another version", "ledger.bad_leaf"),
        ("a leaf of another kind", "ledger.bad_leaf"),
        ("another value", "ledger.bad_opening"),
        ("another salt", "ledger.bad_opening"),
        ("a short salt", "ledger.bad_salt"),
        ("another link", "ledger.bad_opening"),
        ("no openings", "ledger.bad_salt"),
        ("another index", "ledger.bad_inclusion"),
        ("an index beyond", "ledger.bad_inclusion"),
        ("another path", "ledger.bad_inclusion"),
        ("a longer path", "ledger.bad_inclusion"),
        ("no path", "ledger.bad_inclusion"),
        ("short hashes", "ledger.bad_hash_length"),
    ],
)
def test_evidence_with_one_thing_wrong_is_refused(attack, sealed, how, code):
    good = attack.peer.post(sealed)
    bad = replace(good, evidence=spoilt(good.evidence, how))
    attack.refused(bad, code, logged=False)


@pytest.mark.parametrize(
    "said",
    [
        {"digest": bytes(32)},
        {"outcome": Outcome.RECEIVED},
        {"outcome": Outcome.REFUSED},
        {"outcome": Outcome.RECORDED},
    ],
    ids=str,
)
def test_a_leaf_that_does_not_say_sent_is_no_evidence(attack, sealed, said):
    posted = attack.peer.post(sealed, **said)
    attack.refused(posted, "envelope.not_logged", logged=False)


def test_a_leaf_that_commits_to_no_value_of_ours_is_no_evidence(attack, sealed):
    def noise(pers):
        return encode_pers(pers) + b"\xff\xff"

    logged = attack.peer.log(sealed)
    value = noise(sealed.pers)
    spoiled = replace(logged, pers=replace(logged.pers, value=value))
    bad = attack.peer.consign(sealed, spoiled)
    attack.refused(bad, "ledger.bad_opening", logged=False)


def test_evidence_of_another_envelope_is_no_evidence(attack, sealed):
    another = attack.peer.seal(LAO_CAI, an_offer_of(attack.peer, LAO_CAI))
    theirs = attack.peer.log(another)
    attack.refused(
        attack.peer.consign(sealed, theirs), "envelope.not_logged", logged=False
    )


def test_an_envelope_that_was_never_logged_is_refused(attack, sealed):
    """Its leaf is well made and stands in no tree."""
    aside = attack.peer.ledger.fork()
    logged = attack.peer.log(sealed, ledger=aside)
    never = attack.peer.consign(sealed, logged, aside)
    attack.refused(never, "ledger.bad_inclusion", logged=False)


def test_bytes_changed_after_logging_are_refused(attack, sealed):
    good = attack.peer.post(sealed)
    content = bytearray(good.envelope.ciphertext)
    content[-1] ^= 1
    changed = replace(good.envelope, ciphertext=bytes(content))
    attack.refused(replace(good, envelope=changed), "envelope.not_logged", logged=False)


def test_a_checkpoint_signed_by_another_key_refuses_the_whole_batch(
    attack, other, sealed
):
    peer, victim = attack.peer, attack.victim
    posted = peer.post(sealed)
    growth = peer.ledger.growth(peer.seen.get(LAO_CAI, NO_HEAD))
    forged = replace(growth, checkpoint=peer.ledger.checkpoint(other.keys.ledger))
    size, stored = victim.size(), victim.stored()
    with pytest.raises(RelaisError) as refused:
        peer.deliver(LAO_CAI, posted, growth=forged)
    assert refused.value.code == "ledger.unsigned_note"
    assert (victim.size(), victim.stored()) == (size, stored)
    attack.good_one_goes_through()


def test_another_members_checkpoint_refuses_the_whole_batch(attack, other, sealed):
    peer, victim = attack.peer, attack.victim
    logged = other.log(sealed)
    size = victim.size()
    with pytest.raises(RelaisError) as refused:
        peer.deliver(
            LAO_CAI, other.consign(sealed, logged), growth=other.ledger.growth()
        )
    assert refused.value.code in {"ledger.wrong_origin", "ledger.unsigned_note"}
    assert victim.size() == size
    attack.good_one_goes_through()


@pytest.mark.parametrize(
    "note",
    [b"", b"\xff\xfe", b"a\n1\nAAAA\n", os.urandom(200)],
    ids=["empty", "no text", "unsigned", "noise"],
)
def test_a_malformed_checkpoint_refuses_the_whole_batch(attack, sealed, note):
    peer, victim = attack.peer, attack.victim
    posted = peer.post(sealed)
    growth = replace(peer.ledger.growth(), checkpoint=note)
    size = victim.size()
    with pytest.raises(RelaisError) as refused:
        peer.deliver(LAO_CAI, posted, growth=growth)
    assert refused.value.code == "ledger.bad_note"
    assert victim.size() == size
    attack.good_one_goes_through()
