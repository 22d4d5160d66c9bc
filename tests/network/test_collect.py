"""A house that nobody can dial: it dials out, and is handed what waits for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from services.cli.demo.answers import identity, offer, profile
from services.cli.demo.stage import Acting
from services.cli.demo.stories.telling import Telling
from services.cli.network import Network
from services.node.config.node import PeersSection
from services.node.config.writing import render_node_config
from services.node.domain.bodies import Completion, Offer
from services.node.domain.closed_to_new import ClosedToNew
from services.node.domain.identifiers import new_id
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.desk_values import CaseRead, ReferralRead
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.serve import EXIT_CONFIG
from tests.network.part_of_vietnam import part_of_vietnam
from tests.network.test_returns import played
from tests.network.traces import FILES, LOG, MEMORY, ROWS, where_found

PROVINCE, HOUSE = "lao-cai", "nha-hoa-ban"
MEMBERS = (PROVINCE, HOUSE, "hotline-hanoi", "ministry")
CLOCK = "2018-03-05T08:00:00+07:00"
_LISTENS = "0A"
_PATIENCE = 30.0
NEED = "A quiet room above the river, and somebody to talk to."
FILE = b"%PDF-1.4\n" + b"An invented paper. " * 100_000 + b"%%EOF\n"
"""Two windows of chunks."""


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with part_of_vietnam(MEMBERS, CLOCK, dialling_out=[HOUSE]) as running:
        yield running


def a_room(t: Telling) -> Offer:
    return offer(t.cast, "reception", "urgent", NEED, "safe_accommodation")


async def begun(t: Telling) -> None:
    await t.on(0, "09:00")
    await t.opens(PROVINCE, "rescued", profile(t.cast), identity(t.cast))
    await t.asks(PROVINCE, ("reception_shelter", HOUSE, "D1", True))


def ports_of(pid: int) -> list[str]:
    """The TCP ports on which the process listens."""
    descriptors = (Path("/proc") / str(pid) / "fd").iterdir()
    sockets = {str(each.readlink()) for each in descriptors if each.is_symlink()}
    lines = [
        line.split()
        for family in ("tcp", "tcp6")
        for line in (Path("/proc/net") / family).read_text("ascii").splitlines()[1:]
    ]
    return [
        local
        for _, local, _, state, _, _, _, _, _, inode, *_ in lines
        if state == _LISTENS and f"socket:[{inode}]" in sockets
    ]


def pid_of(network: Network, member: str) -> int:
    (pid,) = (each.pid for each in network.members() if each.name == member)
    assert pid is not None
    return pid


# --- a whole referral


@dataclass(frozen=True, slots=True)
class Received:
    """A referral from offer to completion, as both ends have it."""

    house: CaseRead
    province: CaseRead
    ended: ReferralRead


@pytest.fixture(scope="module")
def received(network: Network) -> Received:
    return played(network, 81, whole_referral)


async def whole_referral(t: Telling) -> Received:
    await begun(t)
    await t.offers("room", PROVINCE, HOUSE, a_room(t), "D1")
    await t.accepts("room", HOUSE)
    house = await t.at(HOUSE).case(t.journey.cases[HOUSE])
    done = Completion("successful", "service_given")
    await t.takes("room", HOUSE, done, other=PROVINCE, state="done")
    who = t.at(PROVINCE)
    ended = await who.desk.await_referral(
        who.officer, t.journey.referrals["room"], settled=True
    )
    return Received(house, await who.case(t.journey.cases[PROVINCE]), ended)


def test_a_house_that_only_dials_out_listens_to_no_peer(network):
    assert ports_of(pid_of(network, PROVINCE))
    assert ports_of(pid_of(network, HOUSE)) == []
    assert network.peers_address(HOUSE) == ""


def test_it_is_offered_accepts_and_answers_for_her(received):
    assert received.house.answerable == "answerable"
    assert received.province.answerable == "handed"
    (before,), (now,) = received.province.periods, received.house.periods
    assert before.until_event == now.since_event


def test_every_step_of_both_ends_has_its_receipt(received):
    assert received.ended.state == "done"
    assert received.ended.delivered


def test_who_has_no_part_in_it_holds_nothing_of_it(network, received):
    """Not even in memory or in what a deleted row left; who has a part does."""
    traces = {
        "alias": received.ended.alias,
        "referral": received.ended.referral_id,
        "need": NEED,
        **{f"event {each.step}": each.event_id for each in received.house.timeline},
    }
    assert len(traces) > len(received.house.timeline)
    elsewhere = where_found(network, "hotline-hanoi", traces)
    assert {name: places for name, places in elsewhere.items() if places} == {}
    key = (network.place(PROVINCE).keys / "tls.key").read_bytes()
    here = where_found(network, PROVINCE, {**traces, "key": key, "peer": HOUSE})
    assert here["alias"] >= {ROWS, FILES}
    assert here["referral"] >= {ROWS, FILES}
    assert here["key"] == {MEMORY}
    assert LOG in here["peer"]
    assert not here["need"] & {ROWS, FILES, LOG}


def test_it_does_not_start_where_others_would_have_to_dial_it(network, tmp_path):
    listening = replace(network.config(HOUSE), peers=PeersSection("127.0.0.1", 7411))
    file = tmp_path / "node.toml"
    file.write_text(render_node_config(listening, tmp_path), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "services.shelter", "--config", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == EXIT_CONFIG
    assert "peers.listen: the directory lists no address" in done.stderr


# --- a file that the house encloses is asked for on its stream


async def with_a_file(t: Telling) -> bytes:
    """The house offers her case with a file; the file as the province reads it."""
    await t.on(0, "09:00")
    case = await t.opens(HOUSE, "rescued", profile(t.cast), identity(t.cast))
    await t.asks(HOUSE, ("reception_shelter", PROVINCE, "D1 D2", True))
    house, province = t.at(HOUSE), t.at(PROVINCE)
    upload, file = new_id(), house.desk
    await file.begin_upload(house.officer, upload, case, "D2", len(FILE))
    for at in range(0, len(FILE), PIECE):
        await file.keep_piece(house.officer, upload, at, FILE[at : at + PIECE])
    number = (await file.finish_upload(house.officer, upload)).attachment_id
    made = await file.make_offer(
        house.officer, case, PROVINCE, a_room(t), ["D1", "D2"], attachment_ids=[number]
    )
    there = await province.accept(made.referral_id)
    async with asyncio.timeout(_PATIENCE):
        while True:
            (found,) = await province.desk.list_attachments(province.officer, there)
            if found.state == "whole":
                break
            await asyncio.sleep(0.05)
    pieces = province.desk.read_attachment(province.officer, there, found.attachment_id)
    return b"".join([piece async for piece in pieces])


def test_a_file_that_it_enclosed_is_fetched_on_its_stream(network):
    assert played(network, 84, with_a_file) == FILE


# --- what waits is handed over when it comes, and when the other is back


async def offered_anew(t: Telling, name: str) -> None:
    await begun(t)
    t.journey.referrals[name] = await t.at(PROVINCE).offer(
        t.journey.cases[PROVINCE], HOUSE, a_room(t), "D1"
    )


async def why_it_waits(t: Telling) -> str:
    """The code with which what waits for the house was put off."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            status = await t.at(PROVINCE).desk.get_status()
            for each in status.waiting:
                if each.recipient == HOUSE and each.last_problem:
                    return each.last_problem
            await asyncio.sleep(0.05)


def test_what_was_offered_while_it_was_away_is_handed_over_when_it_comes(network):
    async def away(t: Telling) -> str:
        await begun(t)
        await asyncio.to_thread(network.kill, HOUSE)
        t.journey.referrals["room"] = await t.at(PROVINCE).offer(
            t.journey.cases[PROVINCE], HOUSE, a_room(t), "D1"
        )
        why = await why_it_waits(t)
        await asyncio.to_thread(network.restart, HOUSE)
        await t.on(0, "09:30")
        await t.accepts("room", HOUSE)
        return why

    assert played(network, 82, away) == "peer.not_collecting"


def test_it_comes_again_by_itself_when_the_other_node_is_back(network):
    async def back(t: Telling) -> str:
        await begun(t)
        await asyncio.to_thread(network.kill, PROVINCE)
        await asyncio.to_thread(network.restart, PROVINCE)
        await t.on(0, "09:30")
        await t.offers("room", PROVINCE, HOUSE, a_room(t), "D1")
        return await t.accepts("room", HOUSE)

    assert played(network, 83, back)


# --- whether somebody new is received is told both ways


async def closed_words(t: Telling, socket: Path) -> tuple[bool, bool]:
    """What each of the two says of itself, as it reaches the other."""
    province, house = t.at(PROVINCE), t.at(HOUSE)
    until = datetime.now(UTC) + timedelta(days=2)
    word = ClosedToNew(until, until, (), "full")
    for who in (house, province):
        await who.desk.say_closed_to_new(who.officer, word)
    async with UpkeepClient(socket, HOUSE) as upkeep:
        # It is dialled by nobody: it hears what it asks for.
        await upkeep.measure_peers("administrator")
    heard = await hears(province, HOUSE), await hears(house, PROVINCE)
    for who in (house, province):
        await who.desk.say_closed_to_new(who.officer, None)
    return heard


async def hears(who: Acting, other: str) -> bool:
    """Whether the other's word is there, at the latest when patience ends."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            cards = await who.desk.list_members(who.officer)
            (word,) = (each.word for each in cards if each.name == other)
            if word is not None and word.closed is not None:
                return word.closed.reason == "full" and not word.untold
            await asyncio.sleep(0.05)


def test_who_dials_out_tells_that_it_is_closed_to_new_and_hears_it(network):
    said = partial(closed_words, socket=network.local_socket(HOUSE))
    assert played(network, 85, said) == (True, True)
