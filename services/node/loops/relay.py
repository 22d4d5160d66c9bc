"""The relay: brings what waits in the outbox to its recipients, for ever.

One task a recipient, so that a member that is away holds up nobody else. Each
task leases what is due, sends it as one batch, and settles the answers. After a
failure it waits, longer each time and never quite as long as others (jitter), and
never less than the recipient asked for; then it sends a greeting before it leases
anything. The circuit to a member stands in the database, for people to see. Word
from the recipient, or an administrator, ends the wait. It never gives up: what has
expired is given back to its sender, and asked about all the same, because only the
recipient can say that it does not have it.

A lease whose commit or whose end is in doubt is ended as soon as the database
answers: nothing waits for it to run out.

A relay that begins takes over what an earlier one had leased, and greets every
member that it knows: those end their own waits, and a database older than what
they have seen of it is noticed before it grows.
"""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from typing import Protocol

import structlog

from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.changes import Change, Concern
from services.node.flows.deliver import (
    Load,
    Settlement,
    let_go,
    load_for,
    pause,
    settle,
)
from services.node.flows.exchange import (
    NO_HEAD,
    Delivery,
    DeliveryAnswer,
    KnownHead,
)
from services.node.flows.growth import BehindPeerError, known_head, own_growth
from services.node.flows.moment import Clocks
from services.node.flows.outbox import give_back_expired
from services.node.flows.own import OwnMember
from services.node.flows.post import Post
from services.node.flows.published import Published
from services.node.store import directory as directory_store
from services.node.store import exchange as exchange_store
from services.node.store import outbox as outbox_store
from services.node.store.rows import LeasedRow

_LONGEST_SLEEP = 30.0
_SHORTEST_SLEEP = 0.05
_SLEEP_WHILE_SERVED = 1.0


_UNPUBLISHED_SLEEP = 1.0
"""Seconds until what may not leave yet is looked at again, if no head comes."""

_IN_DOUBT = Change(frozenset({Concern.ANSWERS}))

_DONE = Change(frozenset({Concern.OUTBOX}))
"""A task ended: what became due meanwhile is for the next one."""


class Peers(Protocol):
    """How a batch reaches another member's node."""

    async def deliver(self, member: str, delivery: Delivery) -> DeliveryAnswer:
        """Send one batch; raises UnavailableError or VerificationError."""
        ...


class Relay:
    """Delivers; ``heard_from`` tells it that a member is there."""

    def __init__(
        self,
        own: OwnMember,
        published: Published,
        peers: Peers,
        clocks: Clocks,
        post: Post,
    ) -> None:
        """``post`` takes what goes by letter."""
        self._own = own
        self._post = post
        self._published = published
        self._peers = peers
        self._clocks = clocks
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._awake: dict[str, asyncio.Event] = {}
        self._seen: dict[str, KnownHead] = {}
        self._failures: dict[str, int] = {}
        self._pauses: dict[str, float] = {}
        self._away: set[str] = set()
        self._held: dict[str, list[LeasedRow]] = {}
        self._begun = False
        self._expired_on: date | None = None
        self._greetings: tuple[asyncio.Task[None], ...] = ()
        self._log = structlog.get_logger()

    def heard_from(self, member: str) -> None:
        """The member's node is up: try now what waits for it."""
        if self._failures.pop(member, 0) and member in self._awake:
            self._awake[member].set()

    async def run(self) -> None:
        """Look for what is due, at every change and when the next is due."""
        try:
            while True:
                changed = self._published.next_work(Concern.OUTBOX)
                try:
                    if not self._begun:
                        await self._begin()
                    sleep = await self._dispatch()
                except RelaisError as error:
                    self._log.warning("relay.waiting", code=error.code)
                    sleep = 1.0
                await _first_of(changed, sleep)
        finally:
            tasks = (*self._tasks.values(), *self._greetings)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin(self) -> None:
        async with self._own.database.connection() as connection:
            await exchange_store.free_leases(connection, self._clocks.now().wire)
            await outbox_store.forget_failures(connection)
            peers = await directory_store.known_peers(connection)
        self._greetings = tuple(asyncio.create_task(self._greet(m)) for m in peers)
        self._begun = True

    async def _greet(self, member: str) -> None:
        """Tell that this node is up; who is away will greet when it is back."""
        try:
            seen = await self._seen_by(member)
            async with self._own.database.connection() as connection:
                await own_growth(self._own, connection, self._published.head, seen)
        except RelaisError as error:
            self._seen.pop(member, None)
            if isinstance(error, BehindPeerError):
                self._published.halt(error)

    async def _dispatch(self) -> float:
        moment = self._clocks.now()
        now = moment.wire
        if self._expired_on != now.date():
            # Envelopes expire at midnight: once a day is often enough.
            await give_back_expired(self._own, moment)
            self._expired_on = now.date()
        async with self._own.database.connection() as connection:
            due = await exchange_store.recipients_due(connection, now)
            next_due = await exchange_store.next_due_at(connection)
        for member in due:
            if member not in self._tasks or self._tasks[member].done():
                self._awake[member] = asyncio.Event()
                task = asyncio.create_task(self._serve(member))
                # What became due meanwhile is not this task's any more.
                task.add_done_callback(lambda _: self._published.notify(_DONE))
                self._tasks[member] = task
        if next_due is None:
            return _LONGEST_SLEEP
        if next_due <= now:
            return _SLEEP_WHILE_SERVED
        seconds = (next_due - now).total_seconds()
        return min(max(seconds, _SHORTEST_SLEEP), _LONGEST_SLEEP)

    async def _serve(self, member: str) -> None:
        """Deliver to one member until nothing is due."""
        while await self._deliver_once(member):
            failures = self._failures.get(member, 0)
            if failures:
                awake = self._awake[member]
                awake.clear()
                await _first_of(awake, self._pauses[member])

    async def _deliver_once(self, member: str) -> bool:
        """One batch; True if there may be more to do."""
        held = self._held.setdefault(member, [])
        more = self._published.next_work(Concern.OUTBOX)
        changed = self._published.next_change()
        try:
            now = self._clocks.now().wire
            await let_go(self._own, held, "relay.in_doubt", now)
            if self._post.is_by_letter(member):
                return await self._bring(member)
            seen = await self._seen_by(member)
            now, head = self._clocks.now().wire, self._published.head
            load = await load_for(self._own, head, member, seen, now, held)
            if not load.leased:
                held.clear()
                # Whoever failed before was greeted just now.
                await self._reached(member)
                if load.unpublished:
                    await _first_of(changed, _UNPUBLISHED_SLEEP)
                return load.unpublished
            answer = await self._peers.deliver(member, load.delivery)
            settled = await settle(self._own, load, answer, self._clocks.now())
            held.clear()
        except RelaisError as error:
            await self._failed(member, error)
            # What was answered may stand all the same: a refusal among it is due.
            self._published.notify(_IN_DOUBT)
            return True
        except Exception:  # noqa: BLE001 - logged, and tried again
            # A fault of this program at one member must not hold up the others.
            self._log.exception("relay.fault", peer=member)
            fault = RelaisError("node.fault", "This node failed at a delivery.")
            await self._failed(member, fault)
            return True
        self._seen[member] = settled.seen
        await self._reached(member)
        self._published.notify(_settled(load, settled))
        self._log.info(
            "relay.delivered",
            peer=member,
            received=settled.received,
            refused=settled.refused,
            put_off=settled.put_off,
        )
        # One by itself: the end of this task looks whether anything is due, which
        # is less than leasing nothing.
        return len(load.leased) > 1 or more.is_set()

    async def _bring(self, member: str) -> bool:
        """One letter; what lies in the mailbox then waits for its receipt."""
        if not await self._post.bring(member, self._held[member]):
            return False
        await self._reached(member)
        self._published.notify()
        self._log.info("relay.relayed", peer=member)
        return True

    async def _seen_by(self, member: str) -> KnownHead:
        """The newest head of ours that the member knows, asked once a contact."""
        if member not in self._seen:
            async with self._own.database.connection() as connection:
                head = self._published.head
                hello = Delivery(
                    await known_head(connection, member),
                    await own_growth(self._own, connection, head, NO_HEAD),
                    (),
                )
            greeting = await self._peers.deliver(member, hello)
            self._seen[member] = greeting.your_head
        return self._seen[member]

    async def _failed(self, member: str, error: RelaisError) -> None:
        self._failures[member] = self._failures.get(member, 0) + 1
        longest = pause(self._failures[member]).total_seconds()
        # Jitter, so that peers of a node that comes back do not all call it in the
        # same instant; nothing secret hangs on it.
        wait = longest * random.uniform(0.5, 1.0)  # noqa: S311
        asked = error.wait if isinstance(error, UnavailableError) else 0.0
        self._pauses[member] = max(asked, wait)
        self._seen.pop(member, None)
        if isinstance(error, BehindPeerError):
            self._published.halt(error)
        self._log.warning(
            "relay.failed",
            peer=member,
            code=error.code,
            failures=self._failures[member],
        )
        try:
            await self._away_since(member, error.code)
            held, now = self._held[member], self._clocks.now().wire
            await let_go(self._own, held, error.code, now)
        except RelaisError:
            # Both are done with the next try.
            return

    async def _away_since(self, member: str, code: str) -> None:
        """Tell people: the circuit to this member is open."""
        now = self._clocks.now().wire
        again = now + timedelta(seconds=self._pauses[member])
        failures = self._failures.get(member, 1)
        what = outbox_store.Failure(member, failures, code, now, again)
        async with self._own.database.transaction() as connection:
            await outbox_store.failed(connection, what)
        self._away.add(member)

    async def _reached(self, member: str) -> None:
        """Tell people: the circuit to this member is closed."""
        self._failures.pop(member, None)
        if member not in self._away:
            return
        try:
            async with self._own.database.transaction() as connection:
                await outbox_store.reached(connection, member)
        except RelaisError:
            # It stays in the set: told with the next batch.
            return
        self._away.discard(member)


def _settled(load: Load, settled: Settlement) -> Change:
    """What an answer changed; after a refusal this node may have to go back."""
    refused = {Concern.ANSWERS} if settled.refused else set()
    return Change(frozenset(refused), load.referrals)


async def _first_of(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
