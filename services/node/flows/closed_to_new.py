"""Whether a member receives anybody new: said by its officers, told to the others.

The directory is signed and does not change by the day, so what a member says of
itself travels beside it: with the probe by which each node asks the others for their
clocks (``rpc.measuring``), in the question as in its answer. So who only dials out
tells and hears it, too. Two members of whom neither can be dialled say nothing of it
to each other: a letter proves nothing about who wrote it but by what it brings.
Source: console.md section 7, S5. Instants on the wire clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.node.domain.closed_to_new import (
    ClosedToNew,
    check_closed,
    heard,
    is_stale,
)
from services.node.domain.people import Officer
from services.node.domain.referrals import ReferralType
from services.node.flows.own import OwnMember
from services.node.flows.plan import id_reused
from services.node.store import closed_to_new as store
from services.node.store.closed_to_new import PeerClosedRow, SaidRow
from services.node.store.pool import Connection


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What this member says; ``closed`` is None while it receives."""

    closed: ClosedToNew | None
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What another member said last; ``heard_at`` is None if it never did.

    ``untold`` says that no way leads such a word here.
    """

    heard_at: datetime | None
    stale: bool
    untold: bool
    closed: ClosedToNew | None


async def own_word(own: OwnMember, now: datetime) -> OwnWord:
    """What this member says now."""
    async with own.database.connection() as connection:
        return await word_in(connection, now)


async def word_in(connection: Connection, now: datetime) -> OwnWord:
    """The same within a statement's connection."""
    row = await store.newest_closed(connection)
    if row is None or row.ends_at is None or row.ends_at <= now:
        return OwnWord(None)
    closed = ClosedToNew(row.said_at, row.ends_at, tuple(row.types), row.reason)
    return OwnWord(closed, row.done_by)


async def say(
    own: OwnMember,
    officer: Officer,
    closed: ClosedToNew | None,
    request_id: bytes,
    at: tuple[datetime, date],
) -> None:
    """Say that nobody new is received, or (None) that people are again.

    ``at`` is now on the wire clock and the day whose rules say what others may send
    here. Raises InvalidInputError ``closed.malformed`` and ``act.id_reused``.
    """
    now, on = at
    row = SaidRow(now, None, [], "", officer.pseudonym)
    if closed is not None:
        check_closed(closed, may_be_asked(own, on), now)
        types = sorted(set(closed.referral_types))
        row = SaidRow(now, closed.until, types, closed.reason, officer.pseudonym)
    async with own.database.transaction() as connection:
        stands = await store.say_closed(connection, request_id, row, officer.unit)
    if _what(stands) != _what(row):
        raise id_reused()


def may_be_asked(own: OwnMember, on: date) -> tuple[ReferralType, ...]:
    """What the rules let any other active member ask of this one on that day."""
    here, table = own.functions_of(own.name), own.adopted.policy.may_send
    others = {
        own.functions_of(name)
        for name, member in own.adopted.directory.members.items()
        if member.active and name != own.name
    }
    found = {each for giver in others for each in table.types_between(giver, here, on)}
    return tuple(each for each in ReferralType if each in found)


async def hear(
    own: OwnMember, member: str, closed: ClosedToNew | None, now: datetime
) -> None:
    """Keep what a member's own node says; raises InvalidInputError for nonsense."""
    known = None if closed is None else heard(closed, now)
    row = PeerClosedRow(member, now, now, None, [], "")
    if known is not None:
        types = list(known.referral_types)
        row = PeerClosedRow(member, now, known.since, known.until, types, known.reason)
    async with own.database.transaction() as connection:
        await store.keep_peer_closed(connection, row)


def words_of(
    own: OwnMember, rows: Mapping[str, PeerClosedRow], now: datetime
) -> dict[str, Word]:
    """What every other member says, as far as this one was told."""
    members = own.adopted.directory.members
    only_dials_out = not members[own.name].peers_address
    return {
        name: _word(
            rows.get(name), now, untold=only_dials_out and not member.peers_address
        )
        for name, member in members.items()
        if name != own.name
    }


def _word(row: PeerClosedRow | None, now: datetime, *, untold: bool) -> Word:
    if row is None or untold:
        return Word(None, stale=False, untold=untold, closed=None)
    closed = None
    if row.ends_at is not None:
        closed = ClosedToNew(row.since, row.ends_at, tuple(row.types), row.reason)
        closed = closed if closed.holds(now) else None
    return Word(row.heard_at, is_stale(row.heard_at, now), untold, closed)


def _what(row: SaidRow) -> tuple[object, ...]:
    return (row.ends_at, tuple(row.types), row.reason, row.done_by)
