"""What needs an auditor's eye: counts and rows by code, with who answers since when.

Reads only, and nothing that is sealed. Who answers is what this member knows: the
other end may know better.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.concerns import FORCED, UNANSWERED_BY, Concern
from services.node.domain.responsibility import Answerability
from services.node.domain.steps import Side
from services.node.flows.own import OwnMember
from services.node.store import concerns as concern_store
from services.node.store.concerns import AnsweringRow, ConcernRow, Part
from services.node.store.pool import Connection

_Find = Callable[[Connection, Part, datetime], Awaitable[list[ConcernRow]]]

_FIND: dict[Concern, _Find] = {
    Concern.UNANSWERED: lambda connection, part, now: concern_store.overdue_referrals(
        connection, list(UNANSWERED_BY), now, part
    ),
    Concern.ONE_SIDED: lambda connection, part, _: concern_store.one_sided(
        connection, part
    ),
    Concern.DISPUTED: lambda connection, part, _: concern_store.disputed_referrals(
        connection, part
    ),
    Concern.OVERRIDE_UNREVIEWED: (
        lambda connection, part, _: concern_store.unreviewed_overrides(connection, part)
    ),
    Concern.DECLINED_THRICE: (
        lambda connection, part, _: concern_store.declined_thrice(connection, part)
    ),
    Concern.ESCALATED: lambda connection, part, _: concern_store.escalated(
        connection, [each.value for each in FORCED], part
    ),
    Concern.CALLED_ONLY: lambda connection, part, _: concern_store.called_only(
        connection, part
    ),
    Concern.SIGNED_ALONE: lambda connection, part, _: concern_store.signed_alone(
        connection, part
    ),
}


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers, and since when; empty and None where nobody here knows."""

    member: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ConcernGroup:
    """Everything of one kind: how many, and a part of them with who answers."""

    kind: Concern
    count: int
    rows: tuple[tuple[ConcernRow, Answering], ...]


async def concerns(
    own: OwnMember, kinds: tuple[Concern, ...], part: Part, now: datetime
) -> list[ConcernGroup]:
    """These kinds, those with nothing in them too."""
    async with own.database.connection() as connection:
        return [
            await _group(
                own, connection, kind, await _FIND[kind](connection, part, now)
            )
            for kind in kinds
        ]


async def own_concerns(
    own: OwnMember, unit: str, part: Part, now: datetime
) -> list[ConcernGroup]:
    """What is unanswered or one-sided in the cases and referrals of one unit."""
    async with own.database.connection() as connection:
        unanswered = await concern_store.own_unanswered(
            connection, list(UNANSWERED_BY), now, unit, own.name, part
        )
        one_sided = await concern_store.own_one_sided(connection, unit, own.name, part)
        return [
            await _group(own, connection, Concern.UNANSWERED, unanswered),
            await _group(own, connection, Concern.ONE_SIDED, one_sided),
        ]


async def _group(
    own: OwnMember, connection: Connection, kind: Concern, rows: list[ConcernRow]
) -> ConcernGroup:
    ids = sorted({row.case_id for row in rows if row.case_id is not None})
    known = await concern_store.answering_now(connection, ids)
    listed = tuple((row, _answering(own, row, known)) for row in rows)
    return ConcernGroup(kind, rows[0].total if rows else 0, listed)


def _answering(
    own: OwnMember, row: ConcernRow, known: dict[bytes, AnsweringRow]
) -> Answering:
    found = known.get(row.case_id or b"")
    if found is None or found.answerable == Answerability.NOT_ANSWERABLE:
        # Whoever offers answers until the receiver's own leaf says otherwise.
        return Answering(row.member if row.side == Side.RECEIVER else "", None)
    if found.answerable == Answerability.HANDED:
        return Answering(found.to_member, found.until_at)
    return Answering(own.name, found.since_at)
