"""How much room other members take here, counted as seldom as it can be.

Promises: no member takes more than its room (``domain/room``), give or take what
other processes of this node take in within ``_RECOUNT``; what takes room is counted
in the database and never forgotten by a restart. Between two counts what comes is
added, and nothing is taken off: so it is counted anew only when the room seems to be
full, or was counted long ago, and a member that fills nothing costs one query an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.node.domain.room import (
    ROOM_DAYS,
    RoomLimits,
    Taken,
    check_envelope,
    check_file,
    fits,
    is_nearly_full,
)
from services.node.flows.own import OwnMember
from services.node.store import rooms as rooms_store
from services.node.store.attachments import AttachmentRow
from services.node.store.pool import Connection
from services.node.store.rooms import RoomRow

_RECOUNT = timedelta(hours=1)
_FULL_RECOUNT = timedelta(seconds=1)
"""How often at most a full room is counted: a flood costs no query each."""
_DAYS = timedelta(days=ROOM_DAYS)


@dataclass(frozen=True, slots=True)
class RoomOf:
    """What one member takes: envelopes that wait for an act, and files."""

    waiting: Taken
    files: Taken

    def nearly_full(self, limits: RoomLimits) -> bool:
        """Whether an administrator should see to it."""
        return is_nearly_full(
            self.waiting, limits.envelopes, limits.envelope_bytes
        ) or is_nearly_full(self.files, limits.files, limits.file_bytes)


class Rooms:
    """The room of every member, as counted last and added to since."""

    def __init__(self) -> None:
        self._taken: dict[str, Taken] = {}
        self._counted: dict[str, datetime] = {}

    def is_due(self, own: OwnMember, sender: str, now: datetime) -> bool:
        """Whether what ``sender`` takes must be counted; ``now`` on the wire clock."""
        counted = self._counted.get(sender)
        if counted is None:
            return True
        more = self._taken[sender].with_one(own.envelope_limit)
        roomy = fits(more, own.room.envelopes, own.room.envelope_bytes)
        # A clock that was put back must not put the count off.
        return abs(now - counted) >= (_RECOUNT if roomy else _FULL_RECOUNT)

    def counted(self, sender: str, taken: Taken, now: datetime) -> None:
        """So much takes ``sender`` now, by the database."""
        self._taken[sender], self._counted[sender] = taken, now

    def take(self, own: OwnMember, sender: str, size: int) -> None:
        """Room for one envelope; raises UnavailableError ``inbox.member_full``."""
        taken = self._taken.get(sender, Taken()).with_one(size)
        check_envelope(own.room, taken)
        self._taken[sender] = taken


async def count_room(own: OwnMember, rooms: Rooms, sender: str, now: datetime) -> None:
    """Count what ``sender`` takes, if it is due; ``now`` on the wire clock."""
    if rooms.is_due(own, sender, now):
        async with own.database.connection() as connection:
            rows = await _waiting(own, connection, [sender], now)
        rooms.counted(sender, _of(rows, sender), now)


async def check_room_for_file(own: OwnMember, row: AttachmentRow) -> None:
    """Raise UnavailableError ``attachment.member_full`` if its sender has no room."""
    async with own.database.connection() as connection:
        rows = await rooms_store.files_of_members(
            connection, [row.source], row.attachment_id
        )
    check_file(own.room, _of(rows, row.source).with_one(row.size))


async def rooms_of(
    own: OwnMember, connection: Connection, members: list[str], now: datetime
) -> dict[str, RoomOf]:
    """What each of these takes now, in two queries; ``now`` on the wire clock."""
    waiting = await _waiting(own, connection, members, now)
    files = await rooms_store.files_of_members(connection, members)
    return {each: RoomOf(_of(waiting, each), _of(files, each)) for each in members}


async def _waiting(
    own: OwnMember, connection: Connection, members: list[str], now: datetime
) -> dict[str, RoomRow]:
    since = now - _DAYS
    return await rooms_store.waiting_of_members(connection, members, since, own.name)


def _of(rows: dict[str, RoomRow], member: str) -> Taken:
    row = rows.get(member)
    return Taken() if row is None else Taken(row.number, row.bytes)
