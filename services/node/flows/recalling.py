"""What is owed when a basis ends: recalls, as rows of the act that ended it.

Promises that with the very act of the withdrawal the part keys of what was not
opened are destroyed, and that every member to which something went on the ended
basis, or which holds a copy of the ended answer, gets a recall. The recalls
themselves are said by the node afterwards (``recall``); until then the rows here
forbid every release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.identifiers import new_id
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.withdrawals import Ended
from services.node.store import recalls as recall_store
from services.node.store.pool import Connection
from services.node.store.recalls import RecallDueRow, insert_recall_due
from services.node.store.writes import Write, destroy_part_keys


@dataclass(frozen=True, slots=True)
class Cause:
    """The event by which a basis ended in this case, and when (case clock).

    ``only_on`` are the bases whose disclosures are taken back; None means every
    disclosure that the ended purpose, recipient and categories name.
    """

    case_id: bytes
    event_id: bytes
    at: datetime
    only_on: frozenset[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """Every recall that follows; ``unopened`` are the referrals whose keys go."""

    unopened: tuple[bytes, ...] = ()
    due: tuple[RecallDueRow, ...] = ()


async def recalls_owed(
    connection: Connection, cause: Cause, ended: Ended | None, *, ends_wish: bool
) -> tuple[Write, ...]:
    """The rows of every recall that follows; none if nothing ended.

    ``ends_wish`` lets the recall of a return end the return itself.
    """
    owed = await owed_by(connection, cause, ended, ends_wish=ends_wish)
    return (
        *(destroy_part_keys(referral_id) for referral_id in owed.unopened),
        *(insert_recall_due(row) for row in owed.due),
    )


async def owed_by(
    connection: Connection, cause: Cause, ended: Ended | None, *, ends_wish: bool
) -> Owed:
    """The same as values, so that it can be said before it is done."""
    if ended is None:
        return Owed()
    before = await recall_store.recalls_due_of(connection, cause.case_id)
    told = {
        (each.referral_id, code, basis_id)
        for each in before
        for code in each.categories
        for basis_id in each.consent_ids
    }
    sealed = await _sealed(connection, cause, ended)
    opened = await _opened(connection, cause, ended, told)
    copies = await recall_store.referrals_with_copy(
        connection, cause.case_id, ended.basis_ids, ended.recipient
    )
    copied = _Part(set(ended.categories))
    wish = ends_wish and ended.ends_wish
    mine = {**sealed, **opened}
    return Owed(
        tuple(sealed),
        (
            *(
                _due(cause, ended, referral_id, owed, ends_wish=wish)
                for referral_id, owed in mine.items()
            ),
            # Who only holds a copy of the answer goes on with its own task.
            *(
                _due(cause, ended, referral_id, copied, ends_wish=False)
                for referral_id in copies
                if any(
                    (referral_id, category, basis_id) not in told
                    for category in ended.categories
                    for basis_id in ended.basis_ids
                )
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What one referral has to give up, and on what it rested beside the answers."""

    categories: set[str]
    basis_ids: set[bytes] = field(default_factory=set)


async def _sealed(
    connection: Connection, cause: Cause, ended: Ended
) -> dict[bytes, _Part]:
    """Offers that nobody has opened yet."""
    found = {}
    for offer in await recall_store.sealed_offers_of(connection, cause.case_id):
        purpose = PURPOSE_OF[ReferralType(offer.referral_type)]
        categories = set(offer.categories) & set(ended.categories)
        if categories and (purpose, offer.peer) == (ended.purpose, ended.recipient):
            found[offer.referral_id] = _Part(categories)
    return found


async def _opened(
    connection: Connection,
    cause: Cause,
    ended: Ended,
    told: set[tuple[bytes, str, bytes]],
) -> dict[bytes, _Part]:
    """What went out, but for what was recalled before.

    ``told`` are referral, category and basis: a recall for the copy of an answer
    took nothing back that rests on another.
    """
    found: dict[bytes, _Part] = {}
    for gone in await recall_store.disclosures_of(connection, cause.case_id):
        if (
            (gone.purpose, gone.recipient) == (ended.purpose, ended.recipient)
            and gone.category in ended.categories
            # What a duty passed on rested on no word of hers.
            and gone.basis_id
            and (cause.only_on is None or gone.basis_id in cause.only_on)
            and (gone.referral_id, gone.category, gone.basis_id) not in told
        ):
            owed = found.setdefault(gone.referral_id, _Part(set()))
            owed.categories.add(gone.category)
            owed.basis_ids.add(gone.basis_id)
    return found


def _due(
    cause: Cause, ended: Ended, referral_id: bytes, owed: _Part, *, ends_wish: bool
) -> RecallDueRow:
    return RecallDueRow(
        recall_event=new_id(),
        referral_id=referral_id,
        case_id=cause.case_id,
        cause=cause.event_id,
        reason=ended.reason.value,
        consent_ids=sorted({*ended.basis_ids, *owed.basis_ids}),
        categories=sorted(owed.categories, key=lambda each: int(each[1:])),
        ends_wish=ends_wish,
        due_at=cause.at,
    )
