"""What this node has published: the newest head whose guard is written.

A head is in the database before its guard stands on disk; only what is under
the published head may leave the node.
"""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.alarms import PeerAlarms
from services.node.flows.changes import Change, Concern
from services.node.flows.contacts import Contacts
from services.node.flows.rooms import Rooms
from services.node.store.rows import HeadRow

_NOBODY = asyncio.Event()
"""In the place of an event that nobody took."""


class Published:
    """The published head, and word that it moved or that a receipt came.

    ``alarms`` and ``contacts`` are what this node shows of other members' nodes,
    ``rooms`` what they take of it.
    """

    def __init__(self) -> None:
        self._head: HeadRow | None = None
        self.alarms = PeerAlarms()
        self.contacts = Contacts()
        self.rooms = Rooms()
        self._changed = asyncio.Event()
        self._concerns: dict[Concern, asyncio.Event] = {}
        # Forgotten with the last who waits: nobody has to say that they stopped.
        self._referrals: WeakValueDictionary[bytes, asyncio.Event] = (
            WeakValueDictionary()
        )
        self.halted: asyncio.Future[RelaisError] = (
            asyncio.get_running_loop().create_future()
        )

    def halt(self, error: RelaisError) -> None:
        """This node must not go on: it would contradict what it has published."""
        if not self.halted.done():
            self.halted.set_result(error)

    @property
    def head(self) -> HeadRow:
        """The newest head that may leave this node."""
        if self._head is None:
            raise UnavailableError("node.starting", "This node is still starting.")
        return self._head

    async def wait_for(self, index: int, seconds: float) -> None:
        """Return once the leaf ``index`` may leave this node.

        Raises UnavailableError ``ledger.not_published`` after ``seconds``.
        """
        try:
            async with asyncio.timeout(seconds):
                while True:
                    changed = self.next_change()
                    if self.head.size > index:
                        return
                    await changed.wait()
        except TimeoutError as error:
            raise UnavailableError(
                "ledger.not_published",
                "It is written, but nothing can be published while the guard cannot.",
                remedy="Look at the storage of the guard, then ask again.",
            ) from error

    def advance(self, head: HeadRow, change: Change | None = None) -> None:
        """A batch is durable and its guard is written; ``notify`` says the rest."""
        if self._head is None or head.size > self._head.size:
            self._head = head
        self.notify(change)

    def notify(self, change: Change | None = None) -> None:
        """Wake whoever waits for any change, and whose work or referral this one is.

        None is a change of which nothing is known: everybody is woken.
        """
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        for concern in Concern if change is None else change.concerns:
            self._concerns.pop(concern, _NOBODY).set()
        for referral in list(self._referrals) if change is None else change.referrals:
            self._referrals.pop(referral, _NOBODY).set()

    def next_change(self) -> asyncio.Event:
        """Set at the next change; take it before reading what may change."""
        return self._changed

    def next_work(self, concern: Concern) -> asyncio.Event:
        """Set at the next change that may make work of this kind; likewise."""
        return self._concerns.setdefault(concern, asyncio.Event())

    def next_change_of(self, referral_id: bytes) -> asyncio.Event:
        """Set at the next change of a referral; likewise."""
        watched = self._referrals.get(referral_id)
        if watched is None:
            watched = self._referrals[referral_id] = asyncio.Event()
        return watched
