"""Makes a network on this machine: keys, databases, directory, configurations.

Promises: each member gets a key folder, a database with two roles and a
``node.toml`` of its own; the directory is founded from the key folders as it
would be from many machines; the mark *complete* is written last, so that what a
killed run left is made anew and never half used.

Leaves to others: starting the nodes (network.py); a founding on many machines,
where no one holds all keys (``directory.genesis`` step by step).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from services.cli.cluster import PORT
from services.cli.databases import create_databases, migrate_databases
from services.cli.network_state import MemberPlace, NetworkState
from services.cli.ports import HOST
from services.node.config.limits import LimitsSection
from services.node.config.mailbox import MailboxSection
from services.node.config.network import MemberDeclaration, NetworkDeclaration
from services.node.config.node import (
    CaseClockSection,
    DatabaseSection,
    DirectorySection,
    GatewaySection,
    GuardSection,
    KeysSection,
    LocalSection,
    LogSection,
    MemberSection,
    NodeConfig,
)
from services.node.config.writing import render_node_config
from services.node.directory.fingerprint import short_words
from services.node.directory.genesis import Candidate, DirectorySigners, found
from services.node.keys.files import create_member_keys, write_secret
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer
from services.node.ledger.merkle import leaf_hash
from services.node.wire.entries import (
    Description,
    LocalName,
    Policy,
    PolicyTable,
    decode_directory_file,
)

_KEYS_AT_ONCE = 4
#: On one machine letters need not hide in what many members send.
_LETTERS = MailboxSection(tick_milliseconds=200)


def make_network(
    state: NetworkState,
    declared: NetworkDeclaration,
    ports: Mapping[str, int],
    now: datetime,
    *,
    driven: bool,
    gateways: Mapping[str, int] | None = None,
) -> None:
    """Makes everything of ``declared`` in the empty folder of ``state``.

    ``ports`` gives each member the port of its peers listener, ``gateways`` that of
    its console; ``now`` is aware,
    wire clock; ``driven`` says whether the nodes' case clocks may be driven. The
    cluster runs afterwards, no node does.
    """
    state.prepare()
    places = {each.name: state.member(each.name) for each in declared.members}
    with ThreadPoolExecutor(_KEYS_AT_ONCE) as workers:
        cluster = workers.submit(state.cluster.start)
        made = [
            workers.submit(create_member_keys, place.keys, place.name, now)
            for place in places.values()
        ]
        for each in (*made, cluster):
            each.result()
        tables = workers.submit(_make_databases, state, list(places.values()))
        fingerprint = _found_directory(state, declared, ports, now)
        tables.result()
    for member in declared.members:
        config = member_config(
            state, declared.name, member, ports[member.name], fingerprint
        )
        mode = "driven" if driven else "real"
        origins = (
            (gateway_origin(member.name, gateways[member.name]),) if gateways else ()
        )
        config = replace(
            config,
            case_clock=CaseClockSection(mode),
            gateway=GatewaySection(origins),
        )
        write_config(places[member.name], config)
    state.mark_complete()


def gateway_origin(member: str, port: int) -> str:
    """What a browser shows of a member's console on this machine."""
    return f"https://{member}.localhost:{port}"


def member_config(
    state: NetworkState,
    network: str,
    member: MemberDeclaration,
    port: int,
    fingerprint: str,
) -> NodeConfig:
    """The configuration of one member's node on this machine."""
    place = state.member(member.name)
    return NodeConfig(
        member=MemberSection(member.name, member.kind, network),
        peers=member.listens(HOST, port),
        local=LocalSection(place.local_socket),
        database=DatabaseSection(
            host=str(state.cluster.sockets),
            port=PORT,
            name=member.name,
            user=member.name,
            password_file=place.database.node_password_file,
        ),
        keys=KeysSection(place.keys),
        directory=DirectorySection(state.directory, fingerprint),
        guard=GuardSection(place.guards),
        limits=LimitsSection(),
        log=LogSection(format="json"),
        case_clock=CaseClockSection(),
        mailbox=_LETTERS if member.dials_out else MailboxSection(),
    )


def write_config(place: MemberPlace, config: NodeConfig) -> None:
    """Writes ``node.toml`` and makes the folders it names."""
    for guard in place.guards:
        guard.parent.mkdir(mode=0o700, exist_ok=True)
    text = render_node_config(config, place.folder)
    place.config.write_text(text, encoding="utf-8")


def describe(member: MemberDeclaration, port: int) -> Description:
    """What ``member`` tells about itself in the directory."""
    names = tuple(
        LocalName(language, name) for language, name in sorted(member.names.items())
    )
    return Description(
        kind=member.kind,
        functions=member.functions,
        country=member.country,
        province=member.province,
        names=names,
        peers_address=member.listens(HOST, port).address,
        office=member.office,
    )


def read_policy(declared: NetworkDeclaration) -> Policy:
    """The policy tables as the founders adopt them, in order of name."""
    tables = tuple(
        PolicyTable(file.stem, file.read_bytes())
        for file in sorted(declared.policy.glob("*.csv"))
    )
    return Policy(declared.policy.name, tables, declared.approver_functions)


def _make_databases(state: NetworkState, places: list[MemberPlace]) -> None:
    databases = [place.database for place in places]
    create_databases(state.cluster, databases)
    migrate_databases(state.cluster, databases)


def _found_directory(
    state: NetworkState,
    declared: NetworkDeclaration,
    ports: Mapping[str, int],
    now: datetime,
) -> str:
    signers = DirectorySigners(Ed25519Signer.generate(), MlDsa44Signer.generate())
    folder = state.folder / "directory-keys"
    folder.mkdir(mode=0o700)
    _write_key(folder / "head-ed25519.key", signers.ed25519.private_raw)
    _write_key(folder / "head-ml-dsa-44.key", signers.ml_dsa_44.private_raw)
    candidates = {
        member.name: Candidate(
            member.name,
            describe(member, ports[member.name]),
            state.member(member.name).keys,
        )
        for member in declared.members
    }
    file = found(
        declared.name,
        [candidates[m.name] for m in declared.members if m.founder],
        [candidates[m.name] for m in declared.members if not m.founder],
        read_policy(declared),
        signers,
        now,
    )
    state.directory.write_bytes(file)
    return short_words(leaf_hash(decode_directory_file(file).leaves[0]))


def _write_key(path: Path, raw: bytes) -> None:
    write_secret(path, raw.hex().encode() + b"\n")
