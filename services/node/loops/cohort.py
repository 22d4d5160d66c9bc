"""Who waits goes together: acts decide in step, so that they ask together.

While some decide, others wait outside; when the last of them is done, all that
wait begin at once. They ask the same queries in the same order, and so each query
is one statement for all of them (``store.together``); and they end together, in
one batch. Who comes while nobody decides does not wait.
"""

from __future__ import annotations

import asyncio
from types import TracebackType


class Cohort:
    """An async context for a decision: short, reads only, never nested."""

    def __init__(self) -> None:
        self._inside = 0
        self._outside: list[asyncio.Future[None]] = []

    async def __aenter__(self) -> None:
        if not self._inside:
            self._inside = 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._outside.append(turn)
        try:
            await turn
        except BaseException:
            # Let in and gone at once: its place is free again.
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        self._inside -= 1
        if self._inside:
            return
        turns, self._outside = self._outside, []
        for turn in turns:
            if not turn.cancelled():
                turn.set_result(None)
                self._inside += 1
