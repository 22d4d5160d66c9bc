"""How a node is looked after: room, backups, and what should be seen to.

Promises: a node makes no backup of itself and cannot try one, so whoever does says so,
and what nobody said never was. Instants are on the wire clock.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.node.domain.errors import InvalidInputError
from services.node.domain.upkeep import (
    LATE,
    SEALING_AHEAD,
    TLS_AHEAD,
    UNREACHED,
    KeySpan,
    KeyState,
    Lying,
    Upkept,
    Worry,
    is_late,
    is_low,
)
from services.node.flows.own import OwnMember
from services.node.flows.own_keys import sealing_until
from services.node.flows.peers import Peer
from services.node.keys.tls import span_of, to_der
from services.node.store import upkeep as upkeep_store
from services.node.store.statements import DifferenceRow
from services.node.store.upkeep import SizesRow

_MEBIBYTE = 1 << 20
_LEFT = {KeyState.ENDS_SOON: 0, KeyState.OVER: 1}
_TLS = (Worry.TLS_ENDS_SOON, Worry.TLS_OVER)
_SEALING = (Worry.SEALING_ENDS_SOON, Worry.SEALING_OVER)


@dataclass(frozen=True, slots=True)
class Premises:
    """What a node was configured with, as its administrator may read it.

    ``toml`` names the files in which secrets are and holds none; ``folders`` are what
    lies where; ``letter_days`` after which a letter goes that nobody collected.
    """

    toml: str = ""
    folders: tuple[tuple[Lying, Path], ...] = ()
    letter_days: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """What is free where something lies, in MiB; 0 of 0 if nobody can say."""

    what: Lying
    number: int
    free: int
    total: int

    @property
    def low(self) -> bool:
        """Whether it should be seen to."""
        return is_low(self.free, self.total)


@dataclass(frozen=True, slots=True)
class Done:
    """When something was done last; None if never."""

    what: Upkept
    at: datetime | None
    by: str
    late: bool


@dataclass(frozen=True, slots=True)
class Worried:
    """Something to see to; ``member`` is empty if it is about this node."""

    worry: Worry
    member: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How the node is looked after; sizes in bytes."""

    sizes: SizesRow
    rooms: list[Room]
    done: list[Done]


async def upkeep(own: OwnMember, premises: Premises, now: datetime) -> Upkeep:
    """Sizes, room and what was done last."""
    async with own.database.connection() as connection:
        sizes = await upkeep_store.sizes(connection)
        noted = await upkeep_store.newest_upkeep(connection)
    done = []
    for what in Upkept:
        row = noted.get(what)
        at, by = (None, "") if row is None else (row.done_at, row.done_by)
        done.append(Done(what, at, by, is_late(what, at, now)))
    return Upkeep(sizes, _rooms(premises.folders), done)


async def note(own: OwnMember, what: str, now: datetime, officer: str) -> Done:
    """Somebody says that it was done now.

    Raises InvalidInputError ``upkeep.unknown_act``.
    """
    if what not in set(Upkept):
        raise InvalidInputError(
            "upkeep.unknown_act",
            "Only a backup and a restore test are noted.",
            where="what",
            remedy="Say backup or restore_test.",
        )
    async with own.database.transaction() as connection:
        await upkeep_store.note_upkeep(connection, what, now, officer)
    return Done(Upkept(what), now, officer, late=False)


def worries(
    own: OwnMember,
    found: Upkeep,
    others: tuple[Iterable[Peer], Iterable[DifferenceRow]],
    now: datetime,
) -> list[Worried]:
    """What should be seen to, this node's own first; a member's days as one."""
    peers, differences = others
    ends_at = span_of(to_der(own.keys.tls_cert_pem))[1]
    told = _ending(KeySpan(None, ends_at).state(now, TLS_AHEAD), _TLS, ends_at)
    sealed = sealing_until(own.adopted.directory.member(own.name))
    state = KeySpan(None, sealed or now).state(now, SEALING_AHEAD)
    told += _ending(state, _SEALING, sealed)
    told += [Worried(LATE[each.what], "", each.at) for each in found.done if each.late]
    told += [Worried(Worry.ROOM_LOW)] if any(each.low for each in found.rooms) else []
    for peer in peers:
        told += _of_peer(own, peer, now)
    differing: dict[str, datetime] = {}
    for each in differences:
        differing.setdefault(each.sender, each.noted_at)
    for name, at in differing.items():
        told.append(Worried(Worry.STATEMENT_DIFFERS, name, at))
    return told


def _of_peer(own: OwnMember, peer: Peer, now: datetime) -> list[Worried]:
    told, name = [], peer.member.name
    waits = None if peer.unreached is None else peer.unreached.waits_since
    if waits is not None and now - waits >= UNREACHED:
        told.append(Worried(Worry.PEER_UNREACHABLE, name, waits))
    if peer.skewed:
        told.append(Worried(Worry.PEER_SKEWED, name, peer.contact.measured_at))
    if peer.room.nearly_full(own.room):
        told.append(Worried(Worry.PEER_ROOM_LOW, name))
    return told


def _ending(
    state: KeyState, said: tuple[Worry, Worry], at: datetime | None
) -> list[Worried]:
    return [Worried(said[_LEFT[state]], "", at)] if state in _LEFT else []


def _rooms(folders: Iterable[tuple[Lying, Path]]) -> list[Room]:
    found: list[Room] = []
    for what, folder in folders:
        number = 1 + sum(each.what is what for each in found)
        try:
            free, total = _usage(folder)
        except OSError:
            free = total = 0
        found.append(Room(what, number, free, total))
    return found


def _usage(folder: Path) -> tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.free // _MEBIBYTE, usage.total // _MEBIBYTE
