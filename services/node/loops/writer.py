"""The batch writer: the one task that grows this node's ledger.

Acts decide in the tasks of their callers and hand their plans over here. The
writer takes what is ready, writes it as one batch, writes the guard, publishes,
and answers. If the database's answer is lost, nobody knows whether the batch
stands: the writer reads the head again, guards it, and lets every caller decide
afresh; an act that was written settles by its event id. A head that does not follow
from the published one stops the node: it would sign a second history.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    RelaisError,
    UnavailableError,
)
from services.node.flows.batch import (
    OtherHistoryError,
    Written,
    lock_known_head,
    write_batch,
)
from services.node.flows.changes import Change
from services.node.flows.guard import Guard, GuardState
from services.node.flows.own import OwnMember
from services.node.flows.plan import Act, Logged, Plan, Settled
from services.node.flows.published import Published
from services.node.loops.cohort import Cohort
from services.node.store import ledger as ledger_store
from services.node.store.rows import HeadRow

_MOST_TRIES = 100
_RECOVERY_PAUSE = 0.5
_RECOVERY_PATIENCE = 3.0
"""Seconds for which an act in doubt waits to be told with the head in order again; a
caller's own deadline would end it without a word of what to do."""
_PUBLISHING_SECONDS = 10.0

USUALLY_MOST = 4096
"""Acts that decide or wait to be written: some seconds of work, and a bound on what
they hold in memory however many call at once."""

_Waiting = tuple[Plan, "asyncio.Future[int | None]"]


class Writer:
    """Writes batches; ``database_id`` is the cluster's system id and timeline."""

    def __init__(
        self,
        own: OwnMember,
        guard: Guard,
        published: Published,
        database_id: tuple[str, int],
        most: int = USUALLY_MOST,
    ) -> None:
        """``most`` acts are under way at once; one more is refused for now."""
        self._own = own
        self._guard = guard
        self._published = published
        self._database_id = database_id
        self._deciders = Cohort()
        self._ready: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._log = structlog.get_logger()
        self._under_way, self._most = 0, most

    async def submit(self, act: Act) -> Logged:
        """Decide and write an act; raises what its decision raises.

        An act whose guard was taken decides afresh, up to 100 times.
        Raises UnavailableError ``node.busy`` where more wait than memory is kept for.
        """
        if self._under_way >= self._most:
            raise UnavailableError(
                "node.busy",
                "More waits to be written here than this node takes at once.",
                remedy="Nothing was done; send it again in a moment.",
                wait=1.0,
            )
        self._under_way += 1
        try:
            return await self._submit(act)
        finally:
            self._under_way -= 1

    async def _submit(self, act: Act) -> Logged:
        for _ in range(_MOST_TRIES):
            async with self._deciders:
                decision = await act.decide(self._own.database.reads)
            if isinstance(decision, Settled):
                async with self._own.database.connection() as connection:
                    indexes = await ledger_store.indexes_of(
                        connection, [decision.subject]
                    )
            if isinstance(decision, Settled):
                # It may stand in a batch whose guard is not written yet.
                index = indexes[decision.subject]
                await self._published.wait_for(index, _PUBLISHING_SECONDS)
                return Logged(index, decision.subject, decision.result)
            future: asyncio.Future[int | None] = (
                asyncio.get_running_loop().create_future()
            )
            await self._ready.put((decision, future))
            written = await future
            if written is not None:
                return Logged(written, decision.leaf.subject, decision.result)
        raise ConflictError(
            "store.busy", "Others acted on the same case again and again; try later."
        )

    @property
    def backlog(self) -> int:
        """How many acts wait to be written."""
        return self._ready.qsize()

    async def run(self) -> None:
        """Write batches for ever."""
        while True:
            batch = _awaited([await self._ready.get()])
            batch += self._taken(self._own.batch - 1)
            if not batch:
                continue
            try:
                await self._write(batch)
            except BaseException:
                _fail(batch, UnavailableError("node.stopping", "This node stops."))
                raise

    def _taken(self, most: int) -> list[_Waiting]:
        """What is ready now and awaited by somebody, of so many at most."""
        number = min(most, self._ready.qsize())
        return _awaited([self._ready.get_nowait() for _ in range(number)])

    async def _write(
        self, batch: Sequence[_Waiting], after: Sequence[_Waiting] = ()
    ) -> bool:
        """False if nothing goes on for now: then those ``after`` it are told so too."""
        try:
            written = await write_batch(
                self._own.database,
                self._own.keys.ledger,
                [plan for plan, _ in batch],
                self._published.head,
            )
        except ConflictError:
            return await self._write_apart(batch)
        except InvalidInputError as error:
            # One act's value fits no column: the others must not suffer for it.
            if len(batch) == 1:
                _fail(batch, error)
                return True
            return await self._write_apart(batch)
        except RelaisError as error:
            self._log.warning("batch.failed", code=error.code, acts=len(batch))
            await self._recover_for((*batch, *after), error)
            return False
        try:
            await self._publish(written.head, written.change)
        except RelaisError as error:
            self._log.error("guard.failed", code=error.code)
            _fail((*batch, *after), error)
            await self._recover_for((), error)
            return False
        self._answer(batch, written)
        return True

    async def _write_apart(self, batch: Sequence[_Waiting]) -> bool:
        """A row of one plan stands already: find out whose, spare the others."""
        if len(batch) == 1:
            ((_, future),) = batch
            if not future.done():
                future.set_result(None)
            return True
        for number, each in enumerate(batch, 1):
            if not await self._write([each], batch[number:]):
                return False
        return True

    async def _recover_for(self, batch: Sequence[_Waiting], error: RelaisError) -> None:
        """Recover; who waits is told so within seconds, however long that takes."""
        if isinstance(error, OtherHistoryError):
            _fail(batch, error)
            self._published.halt(error)
            return
        recovering = asyncio.ensure_future(self._recover())
        try:
            await asyncio.wait({recovering}, timeout=_RECOVERY_PATIENCE)
            _fail(batch, error)
            while not recovering.done():
                # Decided meanwhile, and surely not written.
                _fail(self._taken(self._most), error)
                await asyncio.wait({recovering}, timeout=_RECOVERY_PAUSE)
            await recovering
        finally:
            recovering.cancel()

    async def _recover(self) -> None:
        """After a lost answer: read the head as it stands, guard and publish it.

        The lock waits for a commit that is still under way on a lost connection.
        """
        while True:
            try:
                async with self._own.database.transaction() as connection:
                    head = await lock_known_head(connection, self._published.head)
                await self._publish(head)
            except OtherHistoryError as error:
                self._published.halt(error)
                return
            except RelaisError as error:
                self._log.warning("batch.recovering", code=error.code)
                await asyncio.sleep(_RECOVERY_PAUSE)
            else:
                return

    async def _publish(self, head: HeadRow, change: Change | None = None) -> None:
        await asyncio.to_thread(self._guard.write, self.guard_state(head))
        self._published.advance(head, change)

    def guard_state(self, head: HeadRow) -> GuardState:
        """What the guard says about ``head``."""
        directory = self._own.adopted.directory
        system_id, timeline = self._database_id
        return GuardState(
            origin=head.origin,
            size=head.size,
            root=head.root.hex(),
            directory_size=directory.size,
            directory_root=directory.root.hex(),
            system_id=system_id,
            timeline=timeline,
        )

    def _answer(self, batch: Sequence[_Waiting], written: Written) -> None:
        for (_, future), index in zip(batch, written.indexes, strict=True):
            if not future.done():
                future.set_result(index)


def _awaited(batch: Sequence[_Waiting]) -> list[_Waiting]:
    """Without those whose callers have gone: what they asked for is asked again."""
    return [each for each in batch if not each[1].done()]


def _fail(batch: Sequence[_Waiting], error: RelaisError) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
