"""How many calls one peer may have open, and how long each may say nothing.

Promises: no member can take the whole listener by opening calls and staying
silent. A relay needs one call at a time; a few more may linger after a line broke.
Leaves how much waits to be written to the servicer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from services.node.domain.errors import InvalidInputError, UnavailableError

#: Calls that one member may have open at once.
MOST_CALLS = 4
#: Seconds for which a call may say nothing before it is ended.
SILENCE = 60.0


class Turnstile:
    """The calls that are open, by member."""

    def __init__(self, most: int = MOST_CALLS) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    @contextmanager
    def passed(self, member: str) -> Iterator[None]:
        """One call of ``member``; raises UnavailableError ``inbox.full``."""
        if self._open[member] >= self._most:
            raise UnavailableError(
                "inbox.full",
                f"This member has {self._most} calls open here already.",
                remedy="Finish one and come again; nothing was dropped.",
            )
        self._open[member] += 1
        try:
            yield
        finally:
            self._open[member] -= 1


async def timely(requests: Any, seconds: float = SILENCE) -> AsyncIterator[Any]:
    """The requests of a call, each within ``seconds`` of being waited for.

    Raises UnavailableError ``call.silent``.
    """
    waiting = aiter(requests)
    while True:
        try:
            async with asyncio.timeout(seconds):
                request = await anext(waiting)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UnavailableError(
                "call.silent",
                f"The call said nothing for {seconds:.0f} s and was ended.",
                remedy="Call again when there is something to say.",
            ) from None
        yield request


async def only_request(requests: Any) -> Any:
    """The one request of a unary call; raises InvalidInputError if there is none."""
    async for request in timely(requests):
        return request
    raise InvalidInputError("call.empty", "The call ended without a request.")
