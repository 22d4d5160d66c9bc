"""Two histories of one ledger: a peer's are noticed, one's own is never signed."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from relais.exchange.v1.deliver_pb2 import DeliverRequest
from services.node.domain.errors import RelaisError
from services.node.flows.exchange import NO_HEAD, Delivery, Growth, KnownHead
from services.node.ledger.checkpoint import (
    Checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from services.node.rpc.conversions import answer_from, delivery_to
from tests.network.hostile.hostile_peer import Talk, an_offer_of
from tests.network.hostile.memory_ledger import MemoryLedger

LAO_CAI = "lao-cai"
MINISTRY = "ministry"


def refused_call(attack, *consignments, **said) -> str:
    """The code by which the whole batch is refused; nothing of it was taken."""
    size, stored = attack.victim.size(), attack.victim.stored()
    with pytest.raises(RelaisError) as refused:
        attack.peer.deliver(LAO_CAI, *consignments, **said)
    assert (attack.victim.size(), attack.victim.stored()) == (size, stored)
    return refused.value.code


def kept_head(attack) -> list[str]:
    """What the victim keeps of the peer's ledger, and of nobody else's."""
    rows = attack.victim.query("SELECT member, size, root FROM peer_head").splitlines()
    return [row for row in rows if row.startswith(attack.peer.name)]


# --- a peer with two histories


def forked(peer, leaves: int):
    """A second history of the peer with so many leaves of its own, and an envelope."""
    aside = peer.ledger.fork()
    sealed = peer.seal(LAO_CAI, an_offer_of(peer, LAO_CAI))
    logged = peer.log(sealed, ledger=aside)
    for _ in range(leaves - 1):
        peer.log(peer.seal(LAO_CAI, an_offer_of(peer, LAO_CAI)), ledger=aside)
    return aside, peer.consign(sealed, logged, aside)


@pytest.mark.parametrize("leaves", [2, 3, 7])
def test_a_second_history_is_refused_and_the_first_is_remembered(attack, leaves):
    aside, never = forked(attack.peer, leaves)
    attack.good_one_goes_through()
    head = kept_head(attack)
    grown = aside.growth(attack.peer.seen[LAO_CAI])
    for _ in range(2):
        code = refused_call(attack, never, growth=grown)
        assert code == "ledger.bad_consistency"
        assert kept_head(attack) == head
    attack.good_one_goes_through()


CONTRADICTIONS = """
SELECT encode(known_checkpoint, 'hex') || ' ' || encode(checkpoint, 'hex')
FROM peer_contradiction WHERE member = 'liaison-yunnan'
"""
MOST_KEPT = 16


def test_both_heads_of_a_fork_are_kept_and_alarmed_and_fill_no_disk(attack):
    """Each bears the member's signature: whoever holds both can show them."""
    asides = [forked(attack.peer, 1)[0] for _ in range(MOST_KEPT + 4)]
    attack.good_one_goes_through()
    for aside in asides:
        with pytest.raises(RelaisError):
            attack.peer.deliver(LAO_CAI, growth=aside.growth())
    rows = attack.victim.query(CONTRADICTIONS).splitlines()
    assert len(rows) == MOST_KEPT
    ledger = attack.peer.ledger
    for row in rows:
        known, shown = (
            verify_checkpoint(
                bytes.fromhex(each), ledger.origin, [ledger.signer.public_raw]
            )
            for each in row.split()
        )
        assert known != shown
    alarms = [e for e in attack.victim.status().alarms if e.code.startswith("ledger.")]
    assert {each.member for each in alarms} == {attack.peer.name}
    assert "ledger.fork" in {each.code for each in alarms}
    assert sum(each.times for each in alarms) == MOST_KEPT
    log = attack.victim.network.place(LAO_CAI).log.read_text("utf-8")
    assert log.count("ledger.contradicted") == MOST_KEPT


@pytest.mark.parametrize("from_known", [False, True])
def test_a_second_head_of_the_same_size_is_refused(attack, from_known):
    aside, never = forked(attack.peer, 1)
    attack.good_one_goes_through()
    size = attack.peer.seen[LAO_CAI].size
    assert aside.size == size
    growth = Growth(aside.checkpoint(), size if from_known else 0, ())
    code = "ledger.bad_consistency" if from_known else "ledger.fork"
    assert refused_call(attack, never, growth=growth) == code
    attack.good_one_goes_through()


def test_a_proof_of_noise_is_refused(attack):
    attack.peer.log(attack.peer.seal(LAO_CAI, an_offer_of(attack.peer, LAO_CAI)))
    good = attack.peer.ledger.growth(attack.peer.seen[LAO_CAI])
    noise = tuple(os.urandom(32) for _ in good.path)
    code = refused_call(attack, growth=replace(good, path=noise))
    assert code == "ledger.bad_consistency"
    attack.good_one_goes_through()


def test_a_ledger_that_went_back_is_not_believed(attack):
    """A smaller head than the known one proves nothing; it is asked for growth."""
    before = attack.peer.ledger.fork()
    sealed = attack.peer.seal(LAO_CAI, an_offer_of(attack.peer, LAO_CAI))
    logged = attack.peer.log(sealed, ledger=before)
    for _ in range(3):
        attack.good_one_goes_through()
    size, head = attack.victim.size(), kept_head(attack)
    old = attack.peer.consign(sealed, logged, before)
    (answer,) = attack.peer.deliver(LAO_CAI, old, growth=before.growth()).answers
    assert answer.receipt is None
    assert answer.refusal.code == "ledger.growth_missing"
    assert answer.refusal.transient
    assert (attack.victim.size(), kept_head(attack)) == (size, head)
    attack.good_one_goes_through()


def second_history(peer) -> tuple[MemoryLedger, DeliverRequest]:
    """One more leaf on a history of its own, and the batch that shows it."""
    history = peer.ledger.fork()
    sealed = peer.seal(LAO_CAI, an_offer_of(peer, LAO_CAI))
    envelope = peer.consign(sealed, peer.log(sealed, ledger=history), history)
    growth = history.growth(peer.seen[LAO_CAI])
    return history, delivery_to(Delivery(NO_HEAD, growth, (envelope,)))


HELD = """
BEGIN; SELECT FROM peer_head WHERE member = 'liaison-yunnan' FOR UPDATE;
SELECT pg_sleep(2); COMMIT;
"""
SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


def test_histories_that_arrive_at_once_are_never_both_believed(attack):
    """A lock on the known head brings them to the same place at the same time."""
    attack.good_one_goes_through()
    peer = attack.peer
    histories, batches = zip(*(second_history(peer) for _ in range(3)), strict=True)

    def send(batch):
        try:
            with peer.channel(LAO_CAI) as channel:
                return answer_from(peer.call(channel, batch)).answers[0].refusal
        except RelaisError as error:
            return error

    with ThreadPoolExecutor(4) as at_once:
        holder = at_once.submit(attack.victim.query, HELD)
        while attack.victim.query(SLEEPING) != "1":
            assert not holder.done()
        came = list(at_once.map(send, batches))
    assert came.count(None) == 1, came
    assert {each.code for each in came if each} == {"ledger.fork"}
    peer.ledger = histories[came.index(None)]
    # This greeting proves nothing; its answer names the head that is believed.
    peer.deliver(LAO_CAI, growth=peer.ledger.growth())
    attack.good_one_goes_through()


# --- what a peer claims about the victim's own history


def claims(attack, how: str) -> KnownHead:
    """A head of the victim's ledger that it never signed."""
    peer, size = attack.peer, attack.victim.size()
    origin = f"{peer.directory.network}/{LAO_CAI}"
    root = os.urandom(32)
    forged = sign_checkpoint(Checkpoint(origin, size + 9, root), peer.keys.ledger)
    return {
        "larger": KnownHead(size + 9, root, b""),
        "largest": KnownHead(2**64 - 1, root, b""),
        "signed by another": KnownHead(size + 9, root, forged),
        "another root": KnownHead(size - 1, root, b""),
        "a short root": KnownHead(size - 1, b"x", b""),
        "another's checkpoint": KnownHead(size + 9, root, peer.ledger.checkpoint()),
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "larger",
        "largest",
        "signed by another",
        "another root",
        "a short root",
        "another's checkpoint",
    ],
)
def test_a_head_that_the_victim_never_signed_does_not_stop_it(attack, how):
    code = refused_call(attack, your_head=claims(attack, how))
    assert code == "peer.false_head"
    attack.good_one_goes_through()


def test_a_true_head_with_another_root_does_not_stop_it(attack):
    """The signature is the victim's own, what is claimed beside it is not."""
    peer = attack.peer
    own = peer.deliver(LAO_CAI).my_growth.checkpoint
    claim = KnownHead(attack.victim.size(), os.urandom(32), own)
    assert refused_call(attack, your_head=claim) == "peer.false_head"
    attack.good_one_goes_through()


def test_a_true_older_head_is_answered_with_its_growth(attack):
    peer = attack.peer
    own = peer.deliver(LAO_CAI).my_growth.checkpoint
    keys = peer.directory.ledger_keys_at(LAO_CAI, peer.directory.size)
    head = verify_checkpoint(own, f"{peer.directory.network}/{LAO_CAI}", keys)
    attack.good_one_goes_through()
    grown = peer.deliver(LAO_CAI, your_head=KnownHead(head.size, head.root, own))
    assert grown.my_growth.from_size == head.size


# --- a node whose database is not what it has published


def guard_of(spare) -> dict:
    state: dict = json.loads(spare.config.guard.paths[0].read_text())
    return state


def write_guard(spare, **changes) -> None:
    text = json.dumps({**guard_of(spare), **changes})
    for path in spare.config.guard.paths:
        path.write_text(text)


def test_a_node_without_its_guard_does_not_start(spare):
    for path in spare.config.guard.paths:
        path.unlink()
    ended = spare.fails()
    assert ended.code == 78
    assert "[guard.missing]" in ended.said


def test_one_copy_of_the_guard_is_enough_to_start(spare):
    spare.config.guard.paths[0].unlink()
    with spare.running() as process:
        assert process.is_running()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"system_id": "1"}, "guard.other_database"),
        ({"origin": "vietnam.relais.invalid/lao-cai"}, "guard.other_origin"),
        ({"root": "00" * 32}, "guard.other_history"),
        ({"size": 5}, "guard.older_database"),
        ({"directory_size": 99}, "guard.older_directory"),
        ({"more": 1}, "guard.unreadable"),
    ],
    ids=lambda said: "-".join(said) if isinstance(said, dict) else said,
)
def test_a_guard_that_does_not_fit_refuses_the_start(spare, changes, code):
    write_guard(spare, **changes)
    ended = spare.fails()
    assert ended.code == 78
    assert f"[{code}]" in ended.said


def test_the_newer_copy_of_the_guard_counts(spare):
    """One storage was restored from a backup, the other one was not."""
    newer = json.dumps({**guard_of(spare), "size": 5})
    spare.config.guard.paths[1].write_text(newer)
    assert "[guard.older_database]" in spare.fails().said


def test_a_guard_cut_short_refuses_the_start(spare):
    spare.config.guard.paths[1].write_bytes(b"")
    assert "[guard.unreadable]" in spare.fails().said


def test_a_restored_node_does_not_sign_a_second_history(spare, hostile):
    """Neither with the newest guard, nor with one restored as well, once a peer
    shows what this very ledger has signed since."""
    older = f"{spare.name}-older"
    spare.copy_database(spare.name, older)
    kept = [path.read_bytes() for path in spare.config.guard.paths]
    with spare.running():
        hostile.seen.pop(MINISTRY, None)
        logged = Talk(hostile, MINISTRY).offer()
        answer = hostile.deliver(MINISTRY, logged, address=spare.address)
        assert answer.answers[0].receipt is not None
    note = answer.my_growth.checkpoint
    keys = hostile.directory.ledger_keys_at(MINISTRY, hostile.directory.size)
    head = verify_checkpoint(note, f"{hostile.directory.network}/{MINISTRY}", keys)

    spare.change("database", name=older)
    assert "[guard.older_database]" in spare.fails().said

    for path, raw in zip(spare.config.guard.paths, kept, strict=True):
        path.write_bytes(raw)
    with spare.running() as process:
        hostile.seen.pop(MINISTRY, None)
        false = KnownHead(head.size, os.urandom(32), note)
        with pytest.raises(RelaisError) as refused:
            hostile.deliver(MINISTRY, your_head=false, address=spare.address)
        assert refused.value.code == "peer.false_head"
        assert process.is_running()

        true = KnownHead(head.size, head.root, note)
        with pytest.raises(RelaisError) as refused:
            hostile.deliver(MINISTRY, your_head=true, address=spare.address)
        assert refused.value.code == "ledger.behind_peer"
        process.wait(timeout=20)
    assert "[ledger.behind_peer]" in spare.log.read_text()
