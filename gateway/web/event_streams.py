"""The event streams that are open: how many there are, and that each can be ended.

Promises that one session holds few streams, that all of them together leave the
node's calls to those who work, and that none outlives the gateway. Who opens one
too many takes the place of that session's oldest; a page without a stream asks
every minute instead. Leaves to others what a stream says (``console/live.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

MOST_OF_SESSION = 3
MOST = 64
"""Each holds one of the 256 calls that a node answers at once."""


class Ended(StrEnum):
    """Why a stream ends, as its page is told."""

    OVER = "over"
    """The session is locked or over."""
    FULL = "full"
    """Others need the place; the page asks by itself from now on."""


Ending = asyncio.Future[Ended]


class Streams:
    """The open streams of one gateway, the oldest of a session first."""

    def __init__(self) -> None:
        self._of: dict[str, list[Ending]] = {}
        self._closed = False

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    @contextmanager
    def opened(self, token: str) -> Iterator[Ending]:
        """A place for one more stream of a session; done when it has to end."""
        ending: Ending = asyncio.get_running_loop().create_future()
        own = self._of.setdefault(token, [])
        if len(own) >= MOST_OF_SESSION:
            _end(own.pop(0), Ended.FULL)
        if self._closed or len(self) >= MOST:
            ending.set_result(Ended.FULL)
        own.append(ending)
        try:
            yield ending
        finally:
            self._forget(token, ending)

    def end(self, token: str) -> None:
        """End the streams of a session that was locked or left."""
        for each in self._of.get(token, ()):
            _end(each, Ended.OVER)

    def close(self) -> None:
        """End every stream, now and from now on: the gateway stops."""
        self._closed = True
        for several in self._of.values():
            for each in several:
                _end(each, Ended.FULL)

    def _forget(self, token: str, ending: Ending) -> None:
        own = self._of.get(token, [])
        if ending in own:
            own.remove(ending)
        if not own:
            self._of.pop(token, None)


def _end(ending: Ending, why: Ended) -> None:
    if not ending.done():
        ending.set_result(why)
