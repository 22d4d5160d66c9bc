"""What a node refuses to start on: told at once, with file and key, and exit codes
of sysexits.h: 78 for what somebody must correct, 69 for what may come back."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from services.cli import ports
from services.node.directory.genesis import Draft, directory_file
from services.node.directory.home import (
    Home,
    certificate_leaf,
    entry_bytes,
    own_leaf,
)
from services.node.directory.load import load_directory
from services.node.directory.state import Directory
from services.node.flows.own_keys import sealing_until
from services.node.keys.files import load_member_keys
from services.node.keys.sealing_batches import make_batch
from services.node.keys.signing import Ed25519Signer
from services.node.keys.successors import make_successor
from services.node.keys.tls import create_certificate, fingerprint, to_der
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.rpc.upkeep_values import OwnKeysRead
from services.node.wire.entries import KeyRetire, TlsCert, decode_directory_file
from tests.network.command_line import relais

CONFIG, UNAVAILABLE = 78, 69


def listens(spare) -> bool:
    with socket.socket() as line:
        return line.connect_ex((ports.HOST, spare.config.peers.port)) == 0


# --- configuration


def test_a_wrong_file_lists_every_problem_with_file_and_key(spare):
    file = spare.write()
    text = file.read_text("utf-8")
    for good, bad in (
        ('kind = "ministry"', 'kind = "palace"'),
        ("wait_seconds = 30", 'wait_seconds = "soon"'),
        ("envelope_bytes = 1500000", "envelope_bytes = 1"),
        ("[log]", "[logs]"),
        (f'listen = "{spare.address}"', 'listen = "everywhere"'),
    ):
        assert text.count(good) == 1
        text = text.replace(good, bad)
    file.write_text(text, "utf-8")
    ended = spare.fails(file, kind="ministry")
    assert ended.code == CONFIG
    said = ended.said
    assert "[config.invalid]" in said
    assert str(file) in said
    for place in ("kind", "wait_seconds", "envelope_bytes", "logs", "listen"):
        assert place in said
    assert len(said.strip().splitlines()) == 1


def test_another_kinds_program_does_not_run_this_member(spare):
    ended = spare.fails(kind="province")
    assert ended.code == CONFIG
    assert "member.kind" in ended.said


def test_a_member_that_the_directory_does_not_list_does_not_start(spare):
    spare.change("member", name="nha-hoa-ban")
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[directory.unknown_member]" in ended.said


def test_another_networks_name_does_not_start(spare):
    spare.change("member", network="elsewhere.relais.invalid")
    assert spare.fails().code == CONFIG


# --- keys and certificates


def test_keys_with_open_modes_are_all_named_with_their_remedy(spare):
    keys = spare.own_keys()
    opened = {"audit.key": 0o644, "tls.key": 0o640, "ledger-ed25519.key": 0o604}
    for name, mode in opened.items():
        (keys / name).chmod(mode)
    ended = spare.fails()
    assert ended.code == CONFIG
    for name in opened:
        assert f"chmod 600 {keys / name}" in ended.said


def test_an_open_password_file_is_refused(spare):
    password = spare.folder / "password"
    password.write_bytes(spare.config.database.password_file.read_bytes())
    password.chmod(0o644)
    spare.change("database", password_file=password)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert f"database.password_file: {password}" in ended.said
    assert f"chmod 600 {password}" in ended.said


def test_everything_that_the_file_names_is_tried_before_the_start_is_refused(spare):
    folder = spare.folder
    (folder / "a-file").write_text("somebody's")
    spare.change("keys", folder=folder / "no-keys")
    spare.change("database", password_file=folder / "no-password")
    spare.change("directory", file=folder / "no-directory")
    spare.change("local", socket=folder / "a-file" / "x.sock")
    guards = (folder / "a-file" / "a" / "head", folder / "guard-b" / "head")
    spare.change("guard", paths=guards)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[config.invalid] 5 problem(s)" in ended.said
    for key in (
        *("keys.folder", "database.password_file", "directory.file"),
        *("local.socket", "guard.paths"),
    ):
        assert f"{key}: {folder}" in ended.said
    assert "Traceback" not in ended.said


def test_a_file_that_is_no_socket_is_never_replaced_by_one(spare):
    taken = spare.folder / "letters.txt"
    taken.write_text("somebody's")
    spare.change("local", socket=taken)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "local.socket" in ended.said
    assert taken.read_text() == "somebody's"


def test_a_real_case_clock_is_not_driven(spare):
    spare.change("case_clock", mode="real")
    ended = spare.fails(clock="2018-03-05T08:00:00+07:00")
    assert ended.code == CONFIG
    assert "case_clock.mode" in ended.said


def test_an_expired_certificate_does_not_start_and_says_since_when(spare):
    keys = spare.own_keys()
    made = datetime.now(UTC) - timedelta(days=100)
    key_pem, cert_pem = create_certificate("ministry", made)
    (keys / "tls.key").write_bytes(key_pem)
    (keys / "tls.crt").write_bytes(cert_pem)
    ended = spare.fails()
    assert ended.code == CONFIG
    expired = made + timedelta(days=90)
    assert f"A certificate expired on {expired:%Y-%m-%d}" in ended.said


def test_keys_of_another_member_do_not_start(spare):
    spare.change("keys", folder=spare.network.place("yen-bai").keys)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "another ledger key" in ended.said
    assert "does not list tls.crt" in ended.said


def test_a_node_does_not_dial_out_only_while_others_are_sent_to_an_address(spare):
    spare.change("peers", host="", port=0, dials_out=True)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "peers.dials_out: the directory lists 127.0.0.1:" in ended.said


# --- ports


def test_a_port_in_use_is_named_and_nothing_is_served(spare):
    with socket.create_server((ports.HOST, spare.config.peers.port)):
        ended = spare.fails()
    assert ended.code == UNAVAILABLE
    assert "[node.port_in_use]" in ended.said
    assert spare.address in ended.said
    assert not spare.config.local.socket.exists()


# --- the database


def test_a_database_that_stays_away_ends_the_start_with_its_code(spare):
    spare.change("database", host=str(spare.folder / "nowhere"), wait_seconds=1)
    ended = spare.fails()
    assert ended.code == UNAVAILABLE
    assert "[store.unreachable]" in ended.said
    assert not listens(spare)


def test_a_node_starts_when_its_database_comes_up_within_the_wait(spare):
    """The way to it appears when the node says that it waits."""
    way = spare.folder / "pg"
    spare.change("database", host=str(way), wait_seconds=60)

    def come_up():
        while not (spare.log.exists() and "store.waiting" in spare.log.read_text()):
            time.sleep(0.05)
        way.symlink_to(spare.network.state.cluster.sockets)

    coming = threading.Thread(target=come_up, daemon=True)
    coming.start()
    with spare.running():
        assert listens(spare)
    coming.join()


def test_a_wrong_password_is_not_shown(spare):
    password = spare.folder / "password"
    password.write_text("a-wrong-secret\n")
    password.chmod(0o600)
    spare.change("database", password_file=password, wait_seconds=0)
    ended = spare.fails()
    assert ended.code in {CONFIG, UNAVAILABLE}
    assert "a-wrong-secret" not in ended.said


# --- the directory file


class Founders:
    """Who holds the directory's keys and may write another directory."""

    def __init__(self, spare) -> None:
        self.spare = spare
        state, network = spare.network.state, spare.config.member.network
        self.raw = state.directory.read_bytes()
        self.leaves = decode_directory_file(self.raw).leaves
        key = (state.folder / "directory-keys" / "head-ed25519.key").read_text()
        self.signer = Ed25519Signer.from_private_raw(bytes.fromhex(key))
        self.home = Home(
            network, "ministry", load_member_keys(spare.config.keys.folder)
        )
        self.now = datetime.now(UTC)

    def first(self) -> Draft:
        """The genesis alone."""
        directory = Directory(self.home.network)
        return Draft(directory).with_leaf(self.leaves[0], self.now)

    def grown(self) -> Draft:
        """Today's directory with one more certificate of the ministry."""
        whole = Draft(load_directory(self.raw, self.home.network), self.leaves)
        _, pem = create_certificate("ministry", self.now)
        leaf = own_leaf(self.home, TlsCert(to_der(pem)), self.now)
        return whole.with_leaf(leaf, self.now)

    def give(self, file: bytes) -> None:
        """Give the spare node this directory file."""
        path = self.spare.folder / "directory.bin"
        path.write_bytes(file)
        self.spare.change("directory", file=path)


@pytest.fixture
def founders(spare):
    return Founders(spare)


@pytest.mark.parametrize("place", [0.5, 1.0])
def test_a_tampered_directory_file_is_refused(spare, founders, place):
    raw = bytearray(founders.raw)
    raw[int(place * (len(raw) - 2))] ^= 1
    founders.give(bytes(raw))
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[directory." in ended.said
    assert not listens(spare)


def test_a_directory_without_policy_is_refused(spare, founders):
    leaf = certificate_leaf(founders.home, founders.now)
    draft = founders.first().with_leaf(leaf, founders.now)
    founders.give(directory_file(draft, founders.signer))
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[directory.no_policy]" in ended.said


def test_another_fingerprint_is_refused(spare):
    spare.change("directory", fingerprint="-".join(["babab"] * 12))
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[directory.wrong_fingerprint]" in ended.said


def test_a_directory_file_that_is_not_there_is_named(spare):
    gone = spare.folder / "gone.bin"
    spare.change("directory", file=gone)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert str(gone) in ended.said


def test_a_successor_serves_once_it_is_listed_and_no_older_directory_is_taken(
    spare, founders, tmp_path
):
    keys = spare.own_keys()
    made = make_successor(keys, spare.member, founders.now)
    # A quarter later: the weeks after the last one that is listed.
    directory = load_directory(founders.raw, founders.home.network)
    until = sealing_until(directory.member(spare.member))
    assert until is not None
    batch = make_batch(keys, until, 13, founders.now)
    with spare.running():
        assert shown_by(spare) != made.fingerprint
        told = keys_of(spare).sealing.made
        assert told is not None
        assert (told.weeks, told.name) == (13, batch.name)
    # As the keepers of the keys do it: sign, enter, hand out, start again.
    entry, signed, after = (tmp_path / each for each in ("entry", "signed", "after"))
    change = TlsCert(made.certificate)
    network = founders.home.network
    entry.write_bytes(entry_bytes(network, spare.member, change, made.made_at))
    state = spare.network.state
    key = state.folder / "directory-keys" / "head-ed25519.key"
    words = spare.config.directory.fingerprint
    said = keeper("sign", entry, "--keys", keys, "--out", signed)
    assert made.fingerprint.hex() in said.stdout
    of = ("--directory", state.directory, "--network", network, "--words", words)
    done = keeper("enter", signed, *of, "--key", key, "--out", after)
    assert done.returncode == 0, done.stderr
    weeks, vouched, last = (tmp_path / each for each in ("weeks", "vouched", "last"))
    weeks.write_bytes(told.entry)
    said = keeper("sign", weeks, "--keys", keys, "--out", vouched)
    assert told.digest.hex() in said.stdout
    of = ("--directory", after, "--network", network, "--words", words)
    done = keeper("enter", vouched, *of, "--key", key, "--out", last)
    assert done.returncode == 0, done.stderr
    founders.give(last.read_bytes())
    with spare.running():
        assert shown_by(spare) == made.fingerprint
        found = keys_of(spare)
        assert (found.sealing_until, found.sealing.made) == (batch.ends_at, None)
        # It opens what is sealed to the keys before and to the new ones.
        assert all(each.held for each in found.keys if each.use == "sealing")
    # An older directory than the adopted one is refused.
    founders.give(founders.raw)
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[guard.older_directory]" in ended.said
    other = tmp_path / "other"
    retire = KeyRetire(bytes(32))
    other.write_bytes(entry_bytes(network, spare.member, retire, founders.now))
    refused = keeper("sign", other, "--keys", keys, "--out", tmp_path / "no")
    assert "[directory.not_of_own_keys]" in refused.stderr


def keeper(*words):
    return relais("directory", *(str(each) for each in words))


def keys_of(spare) -> OwnKeysRead:
    """The keys of a member as its running node tells them."""

    socket = spare.config.local.socket

    async def ask() -> OwnKeysRead:
        async with (
            DeskClient(socket, spare.member) as desk,
            UpkeepClient(socket, spare.member) as client,
        ):
            # Other tests may have entered people before the copy was made.
            everybody = await desk.list_officers()
            who = [e.pseudonym for e in everybody if e.role == "administrator"]
            return await client.list_keys(who[0] if who else "")

    return asyncio.run(ask())


def shown_by(spare) -> bytes:
    """The fingerprint of the certificate that its peers listener shows."""
    host, _, port = spare.address.rpartition(":")
    return fingerprint(ssl.get_server_certificate((host, int(port))).encode())


def test_another_directory_of_the_same_size_is_refused(spare, founders):
    """Signed by the directory's own key: a fork."""
    founders.give(directory_file(founders.grown(), founders.signer))
    with spare.running():
        assert listens(spare)
    founders.give(directory_file(founders.grown(), founders.signer))
    ended = spare.fails()
    assert ended.code == CONFIG
    assert "[directory.fork]" in ended.said
