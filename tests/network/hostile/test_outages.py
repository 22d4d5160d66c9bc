"""What goes away and comes back: nothing is lost, and nobody has to restart it."""

from __future__ import annotations

import json
import time

import pytest

from services.cli import processes
from services.node.domain.errors import RelaisError
from tests.network.command_line import relais
from tests.network.hostile.hostile_peer import an_offer_of

LAO_CAI = "lao-cai"
SOON = 20.0


def eventually(act, seconds: float = SOON):
    """What ``act`` returns as soon as it does not raise."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return act()
        except (RelaisError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def pids(network):
    return {each.name: each.pid for each in network.members() if each.pid}


def waiting_for(giver, member: str) -> int:
    """How many envelopes wait for a member."""
    waiting = giver.status().waiting
    return sum(each.waiting for each in waiting if each.recipient == member)


def test_a_database_that_goes_away_loses_nothing_and_needs_no_restart(
    attack, victims, network
):
    peer, victim = attack.peer, attack.victim
    running, size = pids(network), victim.size()
    sealed = peer.seal(LAO_CAI, an_offer_of(peer, LAO_CAI))
    logged = peer.log(sealed)
    network.state.cluster.stop()
    try:
        for act in (
            victim.open_case,
            victim.status,
            lambda: peer.deliver(LAO_CAI, peer.consign(sealed, logged)),
        ):
            with pytest.raises(RelaisError) as refused:
                act()
            assert refused.value.code == "store.unreachable"
            assert refused.value.transient
        assert victims["hotline-hanoi"].officer
    finally:
        network.state.cluster.start()
    assert eventually(victim.size) == size
    answer = eventually(lambda: attack.answer(peer.consign(sealed, logged)))
    assert answer.refusal is None
    assert victim.size() == size + 1
    victim.open_case()
    assert pids(network) == running
    attack.good_one_goes_through()


def test_a_handoff_waits_for_a_peer_that_is_down_and_is_received_later(
    victims, network
):
    giver, receiver = victims["liaison-laos"], victims[LAO_CAI]
    network.kill(LAO_CAI)
    try:
        referral_id = giver.make_offer(LAO_CAI, "tracing")
        assert waiting_for(giver, LAO_CAI) == 1
    finally:
        network.restart(LAO_CAI)
    found = eventually(lambda: receiver.referral(referral_id).referral)
    assert (found.peer, found.state) == (giver.name, "offered")

    def nothing_waits():
        assert waiting_for(giver, LAO_CAI) == 0

    eventually(nothing_waits)


def test_a_peer_that_never_answers_holds_up_nobody_else(victims, network):
    """The hostile province is down: its envelopes wait, the others' do not."""
    giver, receiver = victims["liaison-laos"], victims[LAO_CAI]
    assert processes.find(network.place("yen-bai").process) is None
    giver.make_offer("yen-bai", "tracing")
    referral_id = giver.make_offer(LAO_CAI, "tracing")
    eventually(lambda: receiver.referral(referral_id))
    assert waiting_for(giver, "yen-bai") > 0


def outbox(network, *words: str) -> str:
    """What ``relais outbox`` prints at the giver's node."""
    socket = str(network.local_socket("liaison-laos"))
    done = relais("outbox", *words, "--as", "admin", "--socket", socket)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_operator_sees_what_waits_and_gives_it_back_or_tries_it_now(
    victims, network
):
    giver, receiver = victims["liaison-laos"], victims[LAO_CAI]

    def line():
        listed = json.loads(outbox(network, "list", "--json"))
        return {each["recipient"]: each for each in listed}.get(LAO_CAI)

    def it_is_not_reached():
        found = line()
        assert found is not None
        assert (found["circuit"], found["last_problem"]) == ("open", "peer.unreachable")
        return found

    def nothing_is_left_of_others():
        assert line() is None

    eventually(nothing_is_left_of_others)
    network.kill(LAO_CAI)
    try:
        referral_id = giver.make_offer(LAO_CAI, "tracing")
        found = eventually(it_is_not_reached)
        assert found["waiting"] == 1
        assert found["next_try_at"] > found["waits_since"]
        (letter,) = json.loads(outbox(network, "show", LAO_CAI, "--json"))
        assert letter["problem"] == "peer.unreachable"
        short = letter["digest"][:16]
        assert short in outbox(network, "show", LAO_CAI)
        assert "is given back" in outbox(network, "return", short)
        summary = giver.referral(referral_id).referral
        assert (summary.reach, summary.problem) == ("returned", "peer.unreachable")
    finally:
        network.restart(LAO_CAI)
    assert "is asked now" in outbox(network, "retry", LAO_CAI)
    eventually(lambda: receiver.referral(referral_id))

    def it_is_reached():
        found = line()
        assert found is None
        assert giver.referral(referral_id).referral.reach == "delivered"

    eventually(it_is_reached)
    done = relais(
        "outbox", "retry", "--letter", short, "--as", "admin",
        "--socket", str(network.local_socket("liaison-laos")),
    )  # fmt: skip
    assert (done.returncode, "cli.which_letter" in done.stderr) == (1, True)


def test_nobody_but_the_administrator_looks_after_the_outbox(victims, network):
    giver = victims["liaison-laos"]
    socket = str(network.local_socket("liaison-laos"))
    done = relais("outbox", "list", "--as", giver.officer, "--socket", socket)
    assert done.returncode == 1
