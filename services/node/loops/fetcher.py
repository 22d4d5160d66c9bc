"""The fetcher: brings the attachments that were released to this member, for ever.

What is to be fetched stands in the database, and so does how far each came, so
nothing is forgotten by a crash. One attachment of a member at a time, and few in
all: however many wait, the memory is that of a few windows of chunks. After a
failure each waits, longer each time; it never gives up on a sender that is away.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.changes import Change, Concern
from services.node.flows.fetching import (
    Source,
    fetch_attachment,
    put_off,
    sweep_erased,
)
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.published import Published
from services.node.flows.uploads import sweep_uploads
from services.node.store import attachments as attachment_store
from services.node.store.attachments import AttachmentRow

_MOST_AT_ONCE = 4
_LONGEST_SLEEP = 30.0
_SHORTEST_SLEEP = 0.1
_SWEEP_EVERY = timedelta(hours=1)

_DONE = Change(frozenset({Concern.FILES}))
"""A task ended: what became due meanwhile is for the next one."""


class Fetcher:
    """Fetches; ``source`` is how chunks come from other members."""

    def __init__(
        self, own: OwnMember, published: Published, source: Source, clocks: Clocks
    ) -> None:
        self._own = own
        self._published = published
        self._source = source
        self._clocks = clocks
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._swept: datetime | None = None
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Look for what is due, at every change and when the next is due."""
        try:
            while True:
                changed = self._published.next_work(Concern.FILES)
                try:
                    await self._sweep()
                    sleep = await self._dispatch()
                except RelaisError as error:
                    self._log.warning("fetch.waiting", code=error.code)
                    sleep = 1.0
                try:
                    async with asyncio.timeout(sleep):
                        await changed.wait()
                except TimeoutError:
                    continue
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _dispatch(self) -> float:
        now = self._clocks.now().wire
        async with self._own.database.connection() as connection:
            due = await attachment_store.attachments_due(
                connection, now, _MOST_AT_ONCE, self._tasks
            )
            next_at = await attachment_store.next_fetch_at(connection, now)
        for row in due:
            if len(self._tasks) < _MOST_AT_ONCE:
                task = asyncio.create_task(self._fetch(row))
                self._tasks[row.source] = task
                task.add_done_callback(partial(self._done, row.source))
        if next_at is None:
            return _LONGEST_SLEEP
        seconds = (next_at - now).total_seconds()
        return min(max(seconds, _SHORTEST_SLEEP), _LONGEST_SLEEP)

    def _done(self, member: str, _: asyncio.Task[None]) -> None:
        self._tasks.pop(member, None)
        self._published.notify(_DONE)

    async def _fetch(self, row: AttachmentRow) -> None:
        try:
            await fetch_attachment(self._own, self._source, row)
        except RelaisError as error:
            await self._failed(row, error)
        except Exception:  # noqa: BLE001 - logged, and tried again
            # A fault of this program at one file must not hold up the others.
            self._log.exception("fetch.fault", peer=row.source)
            fault = RelaisError("node.fault", "This node failed at an attachment.")
            await self._failed(row, fault)
        else:
            self._log.info("fetch.done", peer=row.source)

    async def _failed(self, row: AttachmentRow, error: RelaisError) -> None:
        self._log.warning("fetch.failed", peer=row.source, code=error.code)
        try:
            await put_off(self._own, row, error, self._clocks.now().wire)
        except RelaisError as unsaid:
            self._log.warning("fetch.waiting", code=unsaid.code)
            # Due at once; not in a circle without any rest.
            await asyncio.sleep(1)

    async def _sweep(self) -> None:
        now = self._clocks.now().wire
        if self._swept is not None and now - self._swept < _SWEEP_EVERY:
            return
        while await sweep_uploads(self._own, now) or await sweep_erased(self._own):
            continue
        self._swept = now
