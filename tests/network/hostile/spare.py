"""Copies of a member's node: own database, guard, port and socket, same keys.

A start test spoils one thing of a copy and leaves the network alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from services.cli import ports, processes
from services.cli.network import Network
from services.node.config.node import (
    GuardSection,
    LocalSection,
    NodeConfig,
    PeersSection,
)
from services.node.config.writing import render_node_config
from tests.warm import run_to_its_end

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a start ended."""

    code: int
    said: str


class Spare:
    """One copy; ``change`` its configuration, then ``start`` or ``fails``."""

    def __init__(self, network: Network, member: str, folder: Path) -> None:
        self.network = network
        self.member = member
        self.folder = folder
        self.name = f"{member}-{next(_NUMBERS)}"
        folder.mkdir(parents=True)
        self.copy_database(member, self.name)
        guards = (folder / "guard-a" / "head", folder / "guard-b" / "head")
        for mine, theirs in zip(guards, network.place(member).guards, strict=True):
            mine.parent.mkdir()
            shutil.copy(theirs, mine)
        usual = network.config(member)
        (port,) = ports.choose_free([self.name]).values()
        self.config: NodeConfig = replace(
            usual,
            peers=PeersSection(ports.HOST, port),
            local=LocalSection(usual.local.socket.with_name(f"{self.name}.sock")),
            database=replace(usual.database, name=self.name),
            guard=GuardSection(guards),
        )

    @property
    def address(self) -> str:
        """host:port of its peers listener."""
        return f"{self.config.peers.host}:{self.config.peers.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.folder / "node.log"

    def copy_database(self, source: str, name: str) -> None:
        """A database like another, of which nobody is connected to."""
        self.network.state.cluster.query(
            f'CREATE DATABASE "{name}" OWNER "{self.member}_owner" '
            f'TEMPLATE "{source}";'
            f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;'
            f'GRANT CONNECT ON DATABASE "{name}" TO "{self.member}";'
        )

    def change(self, section: str, **values: Any) -> None:
        """Change keys of one section of the configuration."""
        changed = replace(getattr(self.config, section), **values)
        self.config = replace(self.config, **{section: changed})

    def own_keys(self) -> Path:
        """A copy of the key folder, to be spoilt."""
        keys = self.folder / "keys"
        shutil.copytree(self.config.keys.folder, keys)
        self.change("keys", folder=keys)
        return keys

    def write(self) -> Path:
        """The configuration file."""
        file = self.folder / "node.toml"
        file.write_text(render_node_config(self.config, self.folder), "utf-8")
        return file

    def fails(self, file: Path | None = None, kind: str = "", clock: str = "") -> Ended:
        """Start it and wait for its end."""
        log = self.folder / f"ended-{next(_NUMBERS)}.log"
        code = run_to_its_end(
            f"services.{kind or self.config.member.kind}",
            (
                *("--config", str(file or self.write())),
                *(("--clock", clock) if clock else ()),
            ),
            log,
        )
        return Ended(code, log.read_text("utf-8"))

    @contextmanager
    def running(self) -> Iterator[psutil.Process]:
        """Start it, wait until it is ready, stop it at the end."""
        record = self.folder / "process.json"
        arguments = ("--config", str(self.write()))
        module = f"services.{self.config.member.kind}"
        program = processes.Program(self.name, module, arguments, record, self.log)
        (starting,) = processes.start_together([program], "services.node.serve")
        try:
            processes.await_ready([starting], 60)
            yield psutil.Process(starting.pid)
        finally:
            processes.stop([record])
