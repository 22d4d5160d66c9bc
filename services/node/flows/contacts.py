"""When each member's node was last heard from, and how its clock went then.

Promises: to note costs no statement, so that an envelope waits for nothing; what
changed is written now and then (loops/lookout.py), and the rest is lost with the
process, which an administrator sees as an older instant and never as a newer one.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from services.node.store.upkeep import ContactRow

_MILLISECOND = timedelta(milliseconds=1)


class Contacts:
    """By member; instants are of the wire clock."""

    def __init__(self) -> None:
        self._known: dict[str, ContactRow] = {}
        self._changed: set[str] = set()
        self._to_tell = asyncio.Event()

    def tell(self) -> None:
        """This member has something to say of itself: the others are asked at once."""
        self._to_tell.set()

    async def to_tell(self, seconds: float) -> bool:
        """Whether there is something to say, at the latest after so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._to_tell.wait()
        except TimeoutError:
            return False
        self._to_tell.clear()
        return True

    def load(self, rows: list[ContactRow]) -> None:
        """What was kept before this process began or by another; the newer stays."""
        for row in rows:
            known = self.of(row.member).heard_at
            if known is None or (row.heard_at is not None and row.heard_at > known):
                self._known[row.member] = row

    def heard(self, member: str, now: datetime) -> None:
        """Its node called, or answered."""
        self._keep(replace(self.of(member), heard_at=now))

    def measured(
        self, member: str, skew: timedelta, protocol_version: int, now: datetime
    ) -> None:
        """Its clock was ahead by ``skew``; it told which protocol it speaks."""
        self._keep(ContactRow(member, now, skew // _MILLISECOND, now, protocol_version))

    def of(self, member: str) -> ContactRow:
        """What is known of one member."""
        return self._known.get(member) or ContactRow(member, None, None, None, 0)

    def take_changed(self) -> list[ContactRow]:
        """What was noted since this was asked last."""
        changed, self._changed = self._changed, set()
        return [self._known[member] for member in sorted(changed)]

    def _keep(self, row: ContactRow) -> None:
        self._known[row.member] = row
        self._changed.add(row.member)
