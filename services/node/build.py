"""The one composition root: a configuration becomes a node, ready to serve.

In order: keys, directory, policy, database, guard, ledger, listeners. Each step
refuses what does not fit before anything is served or signed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import structlog
from grpc_health.v1 import health

from services.node.clocks import DrivenClocks, RealClocks
from services.node.config.node import NodeConfig
from services.node.config.writing import render_node_config
from services.node.directory.load import load_directory
from services.node.directory.state import Directory
from services.node.domain.errors import (
    ConfigError,
    UnavailableError,
    VerificationError,
)
from services.node.domain.policy import Policy, parse_policy
from services.node.domain.upkeep import Lying
from services.node.flows.begin import begin
from services.node.flows.credentials import SignInDesk
from services.node.flows.guard import Guard
from services.node.flows.hashing import Hashing
from services.node.flows.keep_letter import Quota
from services.node.flows.mailbox import Mailbox
from services.node.flows.moment import Clocks
from services.node.flows.own import Adopted, OwnMember
from services.node.flows.post import Post
from services.node.flows.published import Published
from services.node.flows.read_letters import Reader
from services.node.flows.reception import Reception
from services.node.flows.upkeep import Premises
from services.node.flows.vault import Vault
from services.node.keys.files import MemberKeys
from services.node.keys.successors import with_newest_listed
from services.node.keys.tls import check_certificate, fingerprint, to_der
from services.node.loops.access_log import prune_looks
from services.node.loops.answers import answer_acceptances
from services.node.loops.collector import Collector
from services.node.loops.expiry import expire_letters
from services.node.loops.fetcher import Fetcher
from services.node.loops.forgetting import forget_in_time
from services.node.loops.lookout import look_out
from services.node.loops.postman import Postman
from services.node.loops.recalls import answer_recalls
from services.node.loops.relay import Relay
from services.node.loops.statements import state_days
from services.node.loops.timers import TimerLoop
from services.node.loops.webhooks import WebhookLoop
from services.node.loops.writer import Writer
from services.node.places import open_places
from services.node.profile import LETTERS, Profile
from services.node.rpc.allowance import Allowances
from services.node.rpc.collect_client import CollectClient
from services.node.rpc.collecting import Collectors
from services.node.rpc.desk.desk import Desk
from services.node.rpc.local_calls import LocalCalls, as_it_was_asked
from services.node.rpc.mailbox_client import MailboxClient
from services.node.rpc.measuring import Measuring
from services.node.rpc.peer_client import PeerClient
from services.node.rpc.server import local_server, peers_server
from services.node.rpc.services import ServiceParts, mounts_for
from services.node.rpc.ways import Ways
from services.node.rpc.webhook_client import WebhookClient
from services.node.store import events as event_store
from services.node.store import ledger as ledger_store
from services.node.store.pool import Address, Database, open_database
from services.node.wire.entries import DirectoryFile, decode_directory_file

#: Room for a batch's checkpoint, proofs and answers beside its envelopes, in bytes.
_BATCH_OVERHEAD = 4_000_000
_RETRY_SECONDS = 0.5
_MEGABYTE = 1_000_000
_DRIVEN = "driven"

Loops = tuple[Coroutine[Any, Any, None], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A node that listens: ``loops`` run for ever, ``halted`` tells why not.

    ``peers`` is None for a member that only dials out.
    """

    own: OwnMember
    peers: grpc.aio.Server | None
    local: grpc.aio.Server
    gateway: grpc.aio.Server
    health: health.aio.HealthServicer
    client: PeerClient
    collectors: Collectors
    published: Published
    loops: Loops


async def build(profile: Profile, config: NodeConfig, clock: datetime | None) -> Node:
    """Compose a node; raises RelaisError with everything that does not fit.

    ``clock`` drives the case clock from there on; None leaves it real.
    """
    _check_clock(config, clock)
    places = open_places(config)
    file, directory = _directory(config, places.directory)
    keys = _checked(profile, config, places.keys, directory, datetime.now(UTC))
    own = OwnMember(
        name=config.member.name,
        network=config.member.network,
        kind=profile.kind.value,
        keys=keys,
        keys_folder=config.keys.folder,
        vault=Vault(places.keys.at_rest),
        database=await _database(config, places.password),
        adopted=Adopted(directory, _policy(directory)),
        envelope_limit=config.limits.envelope_bytes,
        batch=config.limits.batch,
        keep_looks_years=config.access_log.keep_years,
        room=config.limits.room,
    )
    published = Published()
    writer = await _writer(own, config, file, published)
    clocks = await _clocks(own, config, clock)
    client = PeerClient(own, _message_limit(config))
    collectors, heard = Collectors(), _hearing(published, clocks)
    ways, boxes = Ways(own, client, collectors, heard), MailboxClient(client)
    post = Post(own, published, boxes, clocks)
    relay = Relay(own, published, ways, clocks, post)
    parts = ServiceParts(
        desk=Desk(own, published, as_it_was_asked(own, writer.submit), clocks),
        sign_in=SignInDesk(own, Hashing(), config.gateway.origins),
        client=client,
        collectors=collectors,
        quota=_quota(config),
        heard_from=_both(heard, relay.heard_from),
        is_full=lambda: writer.backlog > config.limits.inbox_backlog,
        webhook_hosts=config.webhooks.private_hosts,
        premises=_premises(config),
    )
    peers, locals_, servicer = _listeners(own, profile, config, parts)
    loops: Loops = (
        writer.run(),
        relay.run(),
        answer_acceptances(own, published, writer.submit, clocks),
        TimerLoop(own, published, writer.submit, clocks).run(),
        answer_recalls(own, published, writer.submit, clocks),
        prune_looks(own, clocks),
        forget_in_time(own, clocks),
        state_days(own, writer.submit, clocks),
        WebhookLoop(own, published, _receivers(config), clocks).run(),
        Fetcher(own, published, ways, clocks).run(),
        _lookout(parts),
    )
    if config.peers.dials_out:
        loops += _collecting(parts, config, boxes, post)
    loops += _sweeping(parts, profile)
    return Node(own, peers, *locals_, servicer, client, collectors, published, loops)


async def _writer(
    own: OwnMember, config: NodeConfig, file: DirectoryFile, published: Published
) -> Writer:
    """The guard agrees, the ledger begins or goes on, its head is published."""
    guard = Guard(config.guard.paths)
    head = await begin(own, guard, file.leaves, file.checkpoint)
    async with own.database.connection() as connection:
        database_id = await ledger_store.system_identity(connection)
    # Room for what is done here, too, while others have filled their part of it.
    most = 2 * config.limits.inbox_backlog
    writer = Writer(own, guard, published, database_id, most)
    await asyncio.to_thread(guard.write, writer.guard_state(head))
    published.advance(head)
    return writer


def _collecting(
    parts: ServiceParts,
    config: NodeConfig,
    boxes: MailboxClient,
    post: Post,
) -> Loops:
    """What a member does that nobody can dial: it goes and takes what waits."""
    desk, heard_from = parts.desk, parts.heard_from
    own, published = desk.own, desk.published
    streams = CollectClient(own, parts.client, Allowances(config.limits))
    reception = Reception(own, published, desk.submit, desk.clocks, parts.is_full)
    reader = Reader(own, published, post, reception.take, desk.clocks)
    tick = config.mailbox.tick_milliseconds / 1000
    return (
        Collector(own, streams, reception, heard_from).run(),
        Postman(own, post, boxes, reader, heard_from, tick).run(),
    )


def _sweeping(parts: ServiceParts, profile: Profile) -> Loops:
    """What whoever keeps letters does beside."""
    if not set(LETTERS) <= set(profile.peers):
        return ()
    return (expire_letters(_mailbox(parts)),)


def _mailbox(parts: ServiceParts) -> Mailbox:
    desk = parts.desk
    return Mailbox(desk.own, desk.published, desk.submit, desk.clocks, parts.quota)


def _hearing(published: Published, clocks: Clocks) -> Callable[[str], None]:
    """What notes that a member's node called or answered."""
    return lambda member: published.contacts.heard(member, clocks.now().wire)


def _both(
    first: Callable[[str], None], second: Callable[[str], None]
) -> Callable[[str], None]:
    def each(member: str) -> None:
        first(member)
        second(member)

    return each


def _lookout(parts: ServiceParts) -> Coroutine[Any, Any, None]:
    desk, contacts = parts.desk, parts.desk.published.contacts
    measuring = Measuring(desk.own, parts.client, contacts, desk.clocks)
    return look_out(desk.own, contacts, measuring)


def _premises(config: NodeConfig) -> Premises:
    guards = tuple((Lying.GUARD, path.parent) for path in config.guard.paths)
    return Premises(
        # Paths are written whole: who reads it knows no folder of the file.
        render_node_config(config, Path()),
        (*guards, (Lying.KEYS, config.keys.folder)),
        config.mailbox.days,
    )


def _quota(config: NodeConfig) -> Quota:
    section = config.mailbox
    return Quota(section.letters, section.megabytes * _MEGABYTE, section.days)


def _receivers(config: NodeConfig) -> WebhookClient:
    section = config.webhooks
    try:
        return WebhookClient(section.private_hosts, section.authorities)
    except OSError as error:
        problem = f"webhooks.authorities: cannot be read ({type(error).__name__})"
        raise ConfigError((problem,), where=str(section.authorities)) from error


def _check_clock(config: NodeConfig, clock: datetime | None) -> None:
    if clock is not None and config.case_clock.mode != _DRIVEN:
        raise ConfigError(
            ("case_clock.mode is real, and --clock drives a clock that is driven",),
            where="--clock",
        )


async def _clocks(
    own: OwnMember, config: NodeConfig, driven_from: datetime | None
) -> Clocks:
    if config.case_clock.mode != _DRIVEN:
        return RealClocks()
    async with own.database.connection() as connection:
        newest = await event_store.newest_recorded_at(connection, own.name)
    # It goes on from the newest act of this node: a case clock never goes back.
    known = [each for each in (driven_from, newest) if each is not None]
    return DrivenClocks(max(known, default=datetime.now(UTC)))


def _listeners(
    own: OwnMember, profile: Profile, config: NodeConfig, parts: ServiceParts
) -> tuple[
    grpc.aio.Server | None,
    tuple[grpc.aio.Server, grpc.aio.Server],
    health.aio.HealthServicer,
]:
    limit, peers = _message_limit(config), None
    if not config.peers.dials_out:
        mounts = mounts_for(parts, profile.peers)
        peers = peers_server(own, config.peers.address, limit, config.limits, mounts)
    servicer = health.aio.HealthServicer()

    def local(socket: Path, *, gateway: bool) -> grpc.aio.Server:
        return local_server(
            own,
            socket,
            limit,
            mounts_for(parts, profile.local),
            profile.local,
            servicer,
            LocalCalls(own, lambda: parts.desk.now().wire, gateway=gateway),
        )

    own_socket, gateway_socket = config.local.socket, config.local.gateway_socket
    both = local(own_socket, gateway=False), local(gateway_socket, gateway=True)
    return peers, both, servicer


def _message_limit(config: NodeConfig) -> int:
    """Bytes of one gRPC message: an envelope of the largest size always fits."""
    return config.limits.envelope_bytes + _BATCH_OVERHEAD


def _directory(config: NodeConfig, raw: bytes) -> tuple[DirectoryFile, Directory]:
    directory = load_directory(raw, config.member.network, config.directory.fingerprint)
    return decode_directory_file(raw), directory


def _checked(
    profile: Profile,
    config: NodeConfig,
    keys: MemberKeys,
    directory: Directory,
    now: datetime,
) -> MemberKeys:
    """The keys that serve; member, keys and kind are what the directory says."""
    member = directory.active_member(config.member.name)
    keys = with_newest_listed(keys, config.keys.folder, member.lists)
    problems = []
    if config.member.kind != profile.kind or member.kind != profile.kind:
        problems.append(
            f"member.kind: this is the service {profile.kind}, the file says "
            f"{config.member.kind}, the directory {member.kind}"
        )
    if keys.ledger.public_raw not in directory.ledger_keys_at(
        member.name, directory.size
    ):
        problems.append("keys.folder: the directory lists another ledger key")
    if config.peers.dials_out and member.peers_address:
        problems.append(
            f"peers.dials_out: the directory lists {member.peers_address} as this "
            "member's address; change its entry first"
        )
    if not (config.peers.dials_out or member.peers_address):
        problems.append(
            "peers.listen: the directory lists no address of this member; let it "
            "collect (dials_out), or change its entry first"
        )
    certificate = to_der(keys.tls_cert_pem)
    if not member.lists(fingerprint(certificate)):
        problems.append("keys.folder: the directory does not list tls.crt")
    try:
        check_certificate(certificate, now)
    except VerificationError as error:
        problems.append(f"keys.folder: tls.crt: {error.message}")
    if problems:
        raise ConfigError(tuple(problems), where=str(config.keys.folder))
    return keys


def _policy(directory: Directory) -> Policy:
    if directory.policy is None:
        raise VerificationError(
            "directory.no_policy",
            "The directory holds no policy to rule by.",
            remedy="Found the network with its policy tables.",
        )
    return parse_policy(directory.policy.version, directory.policy.tables)


async def _database(config: NodeConfig, password: str) -> Database:
    """Connect, waiting for a database that is away as long as configured."""
    section = config.database
    address = Address(
        section.host,
        section.port,
        section.name,
        section.user,
        password,
    )
    loop = asyncio.get_running_loop()
    deadline = loop.time() + section.wait_seconds
    log = structlog.get_logger()
    while True:
        try:
            return await open_database(address, section.pool_size)
        except UnavailableError as error:
            if loop.time() + _RETRY_SECONDS > deadline:
                raise
            log.warning("store.waiting", code=error.code)
            await asyncio.sleep(_RETRY_SECONDS)
