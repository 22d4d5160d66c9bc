"""A slow line between a browser and a console: narrow, far, and it loses packets.

The kernel here has no netem, so the line is a relay of TCP. What it models:

- *rate*: both directions have one queue each, which all connections share; a
  segment of at most 1460 bytes and its 40 bytes of headers (20 IP, 20 TCP) leave
  one after the other at ``rate``, and who has much to send waits for its turn;
- *distance*: every byte arrives half a round trip after it left;
- *setting up*: a connection carries nothing before its SYN was answered;
- *loss*: of segments, SYN and SYN/ACK, each try is lost with ``loss``, drawn from
  a seeded generator. What was lost is sent again after a timeout, which doubles,
  and takes room on the line again; all that follows on its connection waits.

What it leaves out: the way of acknowledgements (their loss seldom costs anything),
windows (ten segments, with which a connection begins, are more than this line
holds), and fast retransmission, which would be faster than the timeout here.
Look-ups of names are not on the line either.
"""

from __future__ import annotations

import asyncio
import random
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

_SEGMENT, _HEADERS = 1460, 40
_BITS = 8
_LONGEST_FINISHED = 300
_HERE = "127.0.0.1"
_LAST = 0.1
"""Seconds in which what was sent before a line broke still arrives."""
_AHEAD = 0.25
"""Seconds that one connection may be ahead on the line, so that others get by."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a line is like."""

    rate: float
    """Bits a second, in each direction."""
    round_trip: float
    """Seconds."""
    loss: float
    """Of what is sent, from 0 to 1."""
    timeout: float = 1.2
    """Seconds until a lost segment is sent again, the first time (RFC 6298)."""


FAR = Quality(rate=64_000, round_trip=0.8, loss=0.05)
"""A satellite telephone, or the last bar of a valley."""
NEAR = Quality(rate=1e9, round_trip=0.0, loss=0.0)


@dataclass(slots=True)
class Way:
    """One direction: when it is free again, and what it carried."""

    free_at: float = 0.0
    carried: int = 0
    lost: int = 0


@dataclass(slots=True)
class Cut:
    """Where the next request is cut; nowhere, if neither is said."""

    after: int | None = None
    """Bytes of it that still get through; None for all."""
    answer: bool = False
    """Nothing of the answer gets through."""
    asked_by: int = 0
    """The connection on which the request went up; 0 before it did."""


@dataclass
class SlowLine:
    """The line while it is there; everything of it runs in one loop."""

    target: int
    quality: Quality
    seed: int = 1
    port: int = 0
    ways: dict[str, Way] = field(default_factory=dict)
    connections: int = 0
    is_up: bool = True
    _cut: Cut = field(default_factory=Cut)
    _writers: set[StreamWriter] = field(default_factory=set)

    def __post_init__(self) -> None:
        """The same seed loses the same things."""
        self._chance = random.Random(self.seed)
        self.ways = {"up": Way(), "down": Way()}

    def cut_request(self, after: int) -> None:
        """The line breaks when ``after`` bytes of the next request have gone up."""
        self._cut = Cut(after=after)

    def cut_answer(self) -> None:
        """The line breaks when the next request's answer begins to come down."""
        self._cut = Cut(answer=True)

    def mend(self) -> None:
        """What is dialled from now on gets through."""
        self._cut, self.is_up = Cut(), True

    # --- within the loop

    async def serve(self) -> asyncio.Server:
        """Begins to answer."""
        server = await asyncio.start_server(self._carry, _HERE, 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self.is_up:
            writer.transport.abort()
            return
        number = self.connections = self.connections + 1
        there, to_there = await asyncio.open_connection(_HERE, self.target)
        begins = self._set_up()
        both = {writer, to_there}
        self._writers |= both
        try:
            await asyncio.gather(
                self._pump("up", reader, to_there, begins, number),
                self._pump("down", there, writer, begins, number),
            )
        except asyncio.CancelledError:
            pass  # the line is taken away
        finally:
            self._writers -= both
            for each in both:
                each.transport.abort()

    def _set_up(self) -> float:
        """When a connection may carry its first byte."""
        found = asyncio.get_running_loop().time()
        for name in ("up", "down"):
            found = self._arrives(name, 0, found)
        return found

    async def _pump(
        self,
        name: str,
        reader: StreamReader,
        writer: StreamWriter,
        begins: float,
        number: int,
    ) -> None:
        """Reads what the line takes, and hands it on when it has arrived."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        handing = asyncio.ensure_future(_hand_on(under_way, writer))
        arrived = begins
        try:
            while data := await reader.read(_SEGMENT):
                if not (data := self._through(name, data, number)):
                    continue
                arrived = max(arrived, self._arrives(name, len(data), begins))
                under_way.put_nowait((arrived, data))
                ahead = self.ways[name].free_at - loop.time() - _AHEAD
                await asyncio.sleep(max(ahead, 0))
            under_way.put_nowait((arrived, b""))
            await handing
        except OSError:
            pass  # one end is gone; so is the connection
        finally:
            handing.cancel()

    def _arrives(self, name: str, size: int, earliest: float) -> float:
        """When a segment that is sent now is there, lost as often as it may be."""
        way, quality = self.ways[name], self.quality
        sent = max(asyncio.get_running_loop().time(), earliest)
        timeout = quality.timeout
        while True:
            took = (size + _HEADERS) * _BITS / quality.rate
            left = way.free_at = max(way.free_at, sent) + took
            way.carried += size + _HEADERS
            if self._chance.random() >= quality.loss:
                return left + quality.round_trip / 2
            way.lost += 1
            sent, timeout = left + timeout, timeout * 2

    def _through(self, name: str, data: bytes, number: int) -> bytes:
        """What of it gets over a line that is to be cut."""
        cut = self._cut
        if name == "up" and not cut.asked_by and _is_request(data):
            cut.asked_by = number
            if cut.after is not None:
                asyncio.get_running_loop().call_later(_LAST, self._break)
                return data[: cut.after]
        elif cut.asked_by and cut.after is not None:
            return b""
        elif cut.asked_by == number and cut.answer and name == "down":
            self._break()
            return b""
        return data

    def _break(self) -> None:
        self.is_up = False
        for each in tuple(self._writers):
            each.transport.abort()


def _is_request(data: bytes) -> bool:
    """A large record of application data (RFC 8446, 5.1), and no handshake: a browser
    sets up connections that it may need."""
    return data[:1] == b"\x17" and len(data) > _LONGEST_FINISHED


async def _hand_on(
    under_way: asyncio.Queue[tuple[float, bytes]], writer: StreamWriter
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        at, data = await under_way.get()
        await asyncio.sleep(max(at - loop.time(), 0))
        if not data:
            with suppress(OSError):
                writer.write_eof() if writer.can_write_eof() else writer.close()
            return
        writer.write(data)
        await writer.drain()


@contextmanager
def slow_line(target: int, quality: Quality, seed: int = 1) -> Iterator[SlowLine]:
    """A line to the port ``target`` of this machine, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def within(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)

    line = SlowLine(target, quality, seed)
    server = within(line.serve())
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(server.close)
        within(_ended())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _ended() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for each in others:
        each.cancel()
    await asyncio.gather(*others, return_exceptions=True)
