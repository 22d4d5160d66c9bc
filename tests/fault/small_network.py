"""Five real nodes, every line between them through a door that tests can shut.

The directory gives each member the address of its *line*, a TCP proxy in this
process; behind it listens the node. Nodes are killed, frozen and started anew
like any process of a network on one machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import asyncpg
import psutil

from services.cli import ports, processes
from services.cli.cluster import PORT
from services.cli.network import NETWORKS, Network
from services.cli.network_init import make_network, write_config
from services.node.config.network import NetworkDeclaration, load_network
from services.node.config.node import NodeConfig, PeersSection
from services.node.keys.files import read_secret

T = TypeVar("T")

_LAST_SAID = 20
"""Lines of its log that a node is remembered by which does not run."""
HOTLINE, PROVINCE, LIAISON, SHELTER, MINISTRY = (
    "hotline-hanoi",
    "lao-cai",
    "liaison-yunnan",
    "nha-hoa-ban",
    "ministry",
)
MEMBERS = (HOTLINE, PROVINCE, LIAISON, SHELTER, MINISTRY)
CLOCK = "2018-03-05T08:00:00+07:00"
ENVELOPE = 4096
"""Bytes of the smallest content of an envelope: what is longer carries one."""


def declare(folder: Path, members: tuple[str, ...] = MEMBERS) -> NetworkDeclaration:
    """Some members of the Vietnamese network, under its policy."""
    folder.mkdir()
    shown = NETWORKS / "vietnam"
    for member in members:
        shutil.copy(shown / f"{member}.toml", folder)
    policy = NETWORKS.parent / "policy" / "vietnam-2018"
    text = (shown / "_network.toml").read_text("utf-8")
    text = text.replace('"../../policy/vietnam-2018"', f'"{policy}"')
    (folder / "_network.toml").write_text(text, "utf-8")
    return load_network(folder)


class Line:
    """The way to one member's peers listener.

    Bytes pass, are *kept* (in one direction, until ``pass_on``), or the line is
    *cut*: what was kept is lost and nobody gets through until ``mend``.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, front: int, back: int) -> None:
        self._loop, self._front, self._back = loop, front, back
        self._writers: set[asyncio.StreamWriter] = set()
        self._kept: list[tuple[asyncio.StreamWriter, bytes]] = []
        self._keeping = ""
        self._is_cut = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.has_kept = threading.Event()

    async def serve(self) -> None:
        """Listen where the directory says."""
        self._server = await asyncio.start_server(
            self._connected, ports.HOST, self._front
        )

    async def close(self) -> None:
        """Listen no more and break what is connected."""
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def keep_requests(self) -> None:
        """From now on what peers send stays here; ``has_kept`` tells of an envelope."""
        self._set(keeping="requests")

    def keep_answers(self) -> None:
        """From now on what the member answers stays here."""
        self._set(keeping="answers")

    def pass_on(self) -> None:
        """What was kept arrives now, and so does all that follows."""
        self._set()

    def cut(self) -> None:
        """What was kept is lost, every connection breaks, none is made."""
        self._set(cut=True)

    def mend(self) -> None:
        """The line works again."""
        self._set()

    def _set(self, *, keeping: str = "", cut: bool = False) -> None:
        async def change() -> None:
            self.has_kept.clear()
            self._keeping, self._is_cut = keeping, cut
            kept, self._kept = self._kept, []
            for writer, data in kept if not cut else ():
                writer.write(data)
            for writer in tuple(self._writers) if cut else ():
                writer.transport.abort()

        asyncio.run_coroutine_threadsafe(change(), self._loop).result(10)

    async def _connected(
        self, peer: asyncio.StreamReader, to_peer: asyncio.StreamWriter
    ) -> None:
        if self._is_cut:
            to_peer.transport.abort()
            return
        try:
            node, to_node = await asyncio.open_connection(ports.HOST, self._back)
        except OSError:
            to_peer.transport.abort()
            return
        pair = {to_peer, to_node}
        self._writers |= pair
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.gather(
            self._pump(peer, to_node, "requests"), self._pump(node, to_peer, "answers")
        )
        self._writers -= pair

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self._keeping == way:
                    self._kept.append((writer, data))
                    kept = sum(len(each) for to, each in self._kept if to is writer)
                    if way == "answers" or kept >= ENVELOPE:
                        self.has_kept.set()
                    continue
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


class SmallNetwork:
    """The network under ``folder``; a context manager that starts and stops it."""

    def __init__(self, folder: Path, members: tuple[str, ...] = MEMBERS) -> None:
        self.members = members
        self.network = Network(
            folder / "state", declare(folder / "declared", members), clock=CLOCK
        )
        self.lines: dict[str, Line] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        state, declared = self.network.state, self.network.declared
        members = self.members
        chosen = ports.choose_free([*members, *(f"behind {each}" for each in members)])
        make_network(state, declared, chosen, datetime.now(UTC), driven=True)
        for member in members:
            back = chosen[f"behind {member}"]
            config = self.network.config(member)
            behind = replace(config, peers=PeersSection(ports.HOST, back))
            write_config(state.member(member), self.placed(member, behind))
            line = Line(self._loop, chosen[member], back)
            self.in_background(line.serve())
            self.lines[member] = line
        self.network.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.network.remove()
        for line in self.lines.values():
            self.in_background(line.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def placed(self, member: str, config: NodeConfig) -> NodeConfig:
        """The configuration that a member starts with; a subclass may change it."""
        assert config.member.name == member
        return config

    def in_background(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it in the thread of the lines, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def process(self, member: str) -> psutil.Process:
        """The member's node; an error if it does not run."""
        place = self.network.place(member)
        found = processes.find(place.process)
        if found is None:
            last = place.log.read_text("utf-8").splitlines()[-_LAST_SAID:]
            raise AssertionError("\n".join((f"{member} does not run:", *last)))
        return found

    async def kill(self, member: str) -> None:
        """SIGKILL, and wait until it is gone."""
        await asyncio.to_thread(self.network.kill, member)

    async def restart(self, member: str) -> None:
        """Start a killed node and wait until it is ready."""
        await asyncio.to_thread(self.network.restart, member)

    @contextmanager
    def frozen(self, member: str) -> Iterator[None]:
        """SIGSTOP for as long as the block runs: the node takes and says nothing."""
        process = self.process(member)
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    @asynccontextmanager
    async def database(self, member: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection to the member's database with the rights of its node."""
        section = self.network.config(member).database
        connection = await asyncpg.connect(
            host=str(self.network.state.cluster.sockets),
            port=PORT,
            database=section.name,
            user=section.user,
            password=read_secret(section.password_file).decode().strip(),
        )
        try:
            yield connection
        finally:
            await connection.close()
