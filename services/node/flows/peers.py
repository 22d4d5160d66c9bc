"""The other members as an administrator compares and watches them.

Promises what the directory lists (since when, keys and how long they last, a
fingerprint to compare by voice) and what this node knows of theirs: when it was heard
from, how its clock goes, whether the last try reached it, how much room it takes here.
Instants on the wire clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.node.directory.fingerprint import short_words
from services.node.directory.leaf import split_leaf
from services.node.directory.state import Member
from services.node.domain.upkeep import is_skewed
from services.node.flows.contacts import Contacts
from services.node.flows.own import OwnMember
from services.node.flows.own_keys import certificate_until, sealing_until
from services.node.flows.rooms import RoomOf, rooms_of
from services.node.keys.suites import ED25519
from services.node.store import upkeep as upkeep_store
from services.node.store.upkeep import ContactRow, UnreachedRow

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another member; ``skew`` is by how much its clock is ahead, if it was asked."""

    member: Member
    joined_at: datetime
    fingerprint: str
    certificate_until: datetime | None
    sealing_until: datetime | None
    contact: ContactRow
    skew: timedelta | None
    skewed: bool
    unreached: UnreachedRow | None
    room: RoomOf

    @property
    def standing(self) -> str:
        """active, suspended or closed."""
        if self.member.closed:
            return "closed"
        return "suspended" if self.member.suspended else "active"


async def peers(own: OwnMember, contacts: Contacts, now: datetime) -> list[Peer]:
    """Every other member, by name; ``now`` on the wire clock."""
    others = [
        member
        for name, member in sorted(own.adopted.directory.members.items())
        if name != own.name
    ]
    async with own.database.connection() as connection:
        entries = {member.joined_at for member in others}
        leaves = await upkeep_store.directory_leaves_at(connection, sorted(entries))
        unreached = await upkeep_store.unreached(connection)
        rooms = await rooms_of(own, connection, [each.name for each in others], now)
        contacts.load(await upkeep_store.contacts(connection))
    dates = {at: split_leaf(leaf).entry.created_at for at, leaf in leaves.items()}
    return [
        _peer(
            member,
            dates[member.joined_at],
            contacts,
            unreached.get(member.name),
            rooms[member.name],
        )
        for member in others
    ]


def _peer(
    member: Member,
    joined_at: datetime,
    contacts: Contacts,
    unreached: UnreachedRow | None,
    room: RoomOf,
) -> Peer:
    contact = contacts.of(member.name)
    skew = None if contact.skew_ms is None else contact.skew_ms * _MILLISECOND
    return Peer(
        member,
        joined_at,
        _fingerprint(member),
        certificate_until(member),
        sealing_until(member),
        contact,
        skew,
        is_skewed(skew),
        unreached,
        room,
    )


def _fingerprint(member: Member) -> str:
    """The words of the identity key that vouches for all its others."""
    for key in member.identity_keys:
        if key.algorithm == ED25519 and key.life.live:
            return short_words(key.key_id)
    return ""
