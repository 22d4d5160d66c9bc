"""A new member's keys and configuration, on the member's own machine.

Promises: nothing is overwritten; what is written can be loaded. Leaves to
others: the database and its roles (deploy/postgres), and the admission to the
directory, which two other members approve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.node.config.limits import LimitsSection
from services.node.config.network import MemberDeclaration
from services.node.config.node import (
    CaseClockSection,
    DatabaseSection,
    DirectorySection,
    GuardSection,
    KeysSection,
    LocalSection,
    LogSection,
    MemberSection,
    NodeConfig,
    load_node_config,
)
from services.node.config.writing import render_node_config
from services.node.domain.errors import ConflictError
from services.node.keys.files import create_member_keys


@dataclass(frozen=True, slots=True)
class NodePlan:
    """What a new node is made from."""

    member: MemberDeclaration
    network: str
    folder: Path
    directory: Path
    fingerprint: str
    database: tuple[str, int]
    """Host (or socket folder) and port."""
    listen: str
    """Host of the peers listener; the port is the declared one."""


def init_node(plan: NodePlan, now: datetime) -> Path:
    """Makes key folder and ``node.toml``; the path of the latter.

    Raises:
        ConflictError: ``node.exists``, or the key folder holds files.
        ConfigError: what was asked for makes no configuration that can be used;
            nothing is left behind but the folder.
    """
    file = plan.folder / "node.toml"
    if file.exists():
        raise ConflictError(
            "node.exists",
            "A node was set up here before; nothing is overwritten.",
            where=str(file),
        )
    plan.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = _config(plan)
    unchecked = plan.folder / ".node.toml.new"
    unchecked.write_text(render_node_config(config, plan.folder), encoding="utf-8")
    try:
        load_node_config(unchecked)
        create_member_keys(plan.folder / "keys", plan.member.name, now)
    except BaseException:
        unchecked.unlink()
        raise
    for guard in config.guard.paths:
        guard.parent.mkdir(mode=0o700, exist_ok=True)
    unchecked.rename(file)
    return file


def _config(plan: NodePlan) -> NodeConfig:
    name, folder = plan.member.name, plan.folder
    host, port = plan.database
    return NodeConfig(
        member=MemberSection(name, plan.member.kind, plan.network),
        peers=plan.member.listens(plan.listen, plan.member.peers_port),
        local=LocalSection(folder / "local.sock"),
        database=DatabaseSection(
            host=host,
            port=port,
            name=name,
            user=name,
            password_file=folder / "database.password",
        ),
        keys=KeysSection(folder / "keys"),
        directory=DirectorySection(plan.directory, plan.fingerprint),
        guard=GuardSection((folder / "guard-a" / "head", folder / "guard-b" / "head")),
        limits=LimitsSection(),
        log=LogSection(),
        case_clock=CaseClockSection(),
    )
