"""The line between a node and PostgreSQL, cut at a statement that a test names.

Speaks the frontend protocol (PostgreSQL documentation, *Message Formats*) as far
as it must: a *request* is what ends with Query or Sync and is executed, an answer
what ends with ReadyForQuery. Requests are counted from the next BEGIN on; what is only
prepared is none, since a line that was used before has that behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import struct
import tempfile
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

_LOST = 0.4


class Loss(StrEnum):
    """What is lost with the line."""

    REQUEST = "request"
    """The statement never reached the server."""
    ANSWER = "answer"
    """The server did it; its answer was lost."""
    LATE = "late"
    """The server does it after the line was lost."""
    KILLED = "killed"
    """The server's process for this line is killed with the statement in its hands:
    PostgreSQL ends every line, and begins again from its log."""


class PostgresLine:
    """A socket folder in front of the server's own."""

    def __init__(self, server: Path, port: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="relais-line-"))
        self._name = f".s.PGSQL.{port}"
        self._server = server / self._name
        self._connections: set[asyncio.Task[None]] = set()
        self._number, self._loss, self._late = 0, Loss.REQUEST, asyncio.Event()
        self._chance: random.Random | None = None
        self.lost = 0
        self._recorded: list[str] | None = None
        self._write: tuple[str, int] | None = None
        self._chosen: _Frontend | None = None
        self.cut_at: str | None = None
        """The statement at which the line was cut; None if it holds."""

    def cut(self, number: int, loss: Loss) -> None:
        """Cut at the ``number``-th request of the next transaction, BEGIN being 1.

        A ``number`` of 0 means its COMMIT, whichever that is.
        """
        self._number, self._loss, self._chosen, self.cut_at = number, loss, None, None
        self._armed = True

    def lose_commits(self, loss: Loss, seed: int) -> None:
        """From now on two COMMITs of five are lost, by chance; ``lost`` counts them."""
        self._loss, self._chance = loss, random.Random(seed)
        self._armed = True

    def record(self) -> list[str]:
        """Every write from now on, in its order, whichever connection it takes."""
        self._recorded = []
        return self._recorded

    def cut_write(self, statement: str, time: int, loss: Loss) -> None:
        """Cut where ``statement`` is executed for the ``time``-th time from now on."""
        self._write, self._loss, self.cut_at = (statement, time), loss, None

    def lose_no_more(self) -> None:
        """The line holds from now on."""
        self._armed, self._chance, self._write = False, None, None

    def let_late_arrive(self) -> None:
        """What was kept back with ``Loss.LATE`` reaches the server now."""
        self._late.set()

    async def __aenter__(self) -> Self:
        self._armed = False
        self._listening = await asyncio.start_unix_server(
            self._connected, self.folder / self._name
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        shutil.rmtree(self.folder)

    async def _connected(
        self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        try:
            server, to_server = await asyncio.open_unix_connection(self._server)
        except OSError:
            # The server is down: so it looks to the node.
            to_client.transport.abort()
            return
        frontend = _Frontend(self, client, to_client, server, to_server)
        try:
            await frontend.run()
        finally:
            to_client.transport.abort()
            to_server.transport.abort()

    def loss_at(self, frontend: _Frontend, request: str) -> Loss | None:
        """Whether the line is lost with this request, and how."""
        if not self._armed:
            return None
        if self._chance is not None:
            if not request.startswith("COMMIT") or self._chance.random() > _LOST:
                return None
            self.lost += 1
            return self._loss
        if self._chosen is None and request.startswith("BEGIN"):
            self._chosen = frontend
        if self._chosen is not frontend:
            return None
        frontend.requests += 1
        commits = request.startswith("COMMIT")
        if frontend.requests == self._number or (commits and self._number == 0):
            self._armed, self.cut_at = False, request
            return self._loss
        if commits:
            self._armed = False
        return None

    def loss_of_write(self, statement: str) -> Loss | None:
        """Whether the line is lost with this execution, and how."""
        if statement.startswith("SELECT"):
            return None
        if self._recorded is not None:
            self._recorded.append(statement)
        if self._write is None or self._write[0] != statement:
            return None
        left = self._write[1] - 1
        self._write = (statement, left) if left else None
        if left:
            return None
        self.cut_at = statement
        return self._loss

    async def late(self) -> None:
        """Until ``let_late_arrive``."""
        await self._late.wait()


class _Frontend:
    """One connection of the node."""

    def __init__(
        self,
        line: PostgresLine,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
    ) -> None:
        self._line, self.requests = line, 0
        self._client, self._to_client = client, to_client
        self._server, self._to_server = server, to_server
        self._prepared: dict[bytes, str] = {}
        self._answers_lost, self._server_process = False, 0

    async def run(self) -> None:
        """Until either side ends, or the line is cut."""
        start = await self._client.readexactly(4)
        (length,) = struct.unpack("!I", start)
        self._to_server.write(start + await self._client.readexactly(length - 4))
        answering = asyncio.ensure_future(self._answers())
        asking = asyncio.ensure_future(self._requests())
        try:
            await asyncio.wait((answering, asking), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (answering, asking):
                task.cancel()
            await asyncio.gather(answering, asking, return_exceptions=True)

    async def _requests(self) -> None:
        pending, label, executes = b"", "", False
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                kind, body, raw = await _message(self._client)
                pending += raw
                label = self._label(kind, body) or label
                # What is prepared is not done yet.
                executes = executes or kind in {b"E", b"Q"}
                if kind not in {b"Q", b"S"}:
                    if kind in {b"p", b"X", b"H"}:
                        self._to_server.write(pending)
                        pending = b""
                    continue
                loss = self._loss(label) if executes else None
                if loss is Loss.REQUEST:
                    return
                if loss is Loss.LATE:
                    self._to_client.transport.abort()
                    await self._line.late()
                self._answers_lost = loss in {Loss.ANSWER, Loss.LATE, Loss.KILLED}
                self._to_server.write(pending)
                if loss is Loss.KILLED:
                    os.kill(self._server_process, signal.SIGKILL)
                pending, label, executes = b"", "", False

    def _loss(self, label: str) -> Loss | None:
        at = self._line.loss_at(self, label)
        return at if at is not None else self._line.loss_of_write(label)

    def _label(self, kind: bytes, body: bytes) -> str:
        if kind == b"Q":
            return _words(body)
        if kind == b"P":
            name, text = body.split(b"\0", 2)[:2]
            self._prepared[name] = _words(text)
            return self._prepared[name]
        if kind == b"B":
            return self._prepared.get(body.split(b"\0", 2)[1], "")
        return ""

    async def _answers(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                kind, body, raw = await _message(self._server)
                if kind == b"K":
                    (self._server_process,) = struct.unpack("!I", body[:4])
                if not self._answers_lost:
                    self._to_client.write(raw)
                elif kind == b"Z":
                    return


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes, bytes]:
    head = await reader.readexactly(5)
    (length,) = struct.unpack("!I", head[1:])
    body = await reader.readexactly(length - 4)
    return head[:1], body, head + body


def _words(text: bytes) -> str:
    """A statement in one line, without its comments."""
    lines = os.fsdecode(text.rstrip(b"\0")).splitlines()
    return " ".join(
        " ".join(line for line in lines if not line.startswith("--")).split()
    )
