"""Seven real nodes whose lines to each other and to PostgreSQL can be cut.

Behind each member's address stands a line (small_network.py), and so it does
before its database (database_line.py). One copy of its guard lies on a small disk
of its own, which can be filled, where this machine lets us mount one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from services.cli.cluster import PORT
from services.node.config.node import NodeConfig
from services.node.domain.errors import UnavailableError
from tests.chaos.database_line import HandoffLine
from tests.chaos.plan import MEMBERS
from tests.fault.small_network import SmallNetwork

_DISK = "64k"
_STARTS = 3
_START = """
import sys
from pathlib import Path
from services.cli.cluster import Cluster
Cluster(*map(Path, sys.argv[1:])).start()
"""


class World(SmallNetwork):
    """The network under ``folder``; a context manager that starts and stops it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, MEMBERS)
        self.database_lines: dict[str, HandoffLine] = {}
        self.disks: dict[str, Path] = {}
        """The folder of the first guard of each member, if it is a disk."""

    def placed(self, member: str, config: NodeConfig) -> NodeConfig:
        """Its database behind a line, its first guard on a disk of its own."""
        disk = config.guard.paths[0].parent
        disk.mkdir(mode=0o700, exist_ok=True)
        if _mounted(disk):
            self.disks[member] = disk
        line = HandoffLine(Path(config.database.host), PORT)
        self.in_background(line.__aenter__())
        self.database_lines[member] = line
        behind = replace(config.database, host=str(line.folder))
        return replace(config, database=behind)

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            self.network.kill(member)
        for disk in self.disks.values():
            subprocess.run(["umount", "-l", str(disk)], check=False)
        for line in self.database_lines.values():
            self.in_background(line.__aexit__(None, None, None))
        super().__exit__()

    async def restart(self, member: str) -> None:
        """Start a killed node; on a machine with much to do it may need tries."""
        for _ in range(_STARTS):
            try:
                await super().restart(member)
            except UnavailableError as error:
                failed = error
            else:
                return
        raise failed

    @contextmanager
    def full_disk(self, member: str) -> Iterator[None]:
        """The disk of the member's first guard is full as long as the block runs."""
        ballast = self.disks[member] / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        try:
            yield
        finally:
            ballast.unlink()

    async def kill_database(self) -> None:
        """SIGKILL to every process of the one PostgreSQL of all members."""
        server = self.network.state.cluster.server()
        assert server is not None
        found = [server, *server.children(recursive=True)]
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(psutil.wait_procs, found, 10)

    async def start_database(self) -> None:
        """Start it anew, from a process of its own: it recovers from its log.

        A session that began while the server was killed ends by itself, and until
        then PostgreSQL does not start. This process has threads of gRPC, which do not
        survive the fork that starts a program as another user.
        """
        cluster = self.network.state.cluster
        command = (sys.executable, "-c", _START, cluster.folder, cluster.sockets)
        async with asyncio.timeout(60):
            while True:
                starting = await asyncio.create_subprocess_exec(
                    *command, stderr=asyncio.subprocess.DEVNULL
                )
                if await starting.wait() == 0:
                    return
                await asyncio.sleep(0.1)


def _mounted(folder: Path) -> bool:
    """Whether a small disk lies there now: only root may mount one."""
    if os.geteuid() != 0:
        return False
    options = f"size={_DISK},mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", options, "relais-guard", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
