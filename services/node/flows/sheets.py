"""Sheets of looks: asked for by an auditor, confirmed by a second person, taken out.

Promises that a sheet leaves at the gateway within the hour after its confirmation and
for exactly the looks that were confirmed. Instants: wire clock.
"""

from __future__ import annotations

from datetime import datetime

from services.node.domain.admissions import unknown
from services.node.domain.people import Officer
from services.node.domain.sheets import (
    LooksAsked,
    SheetStanding,
    check_asked,
    check_open,
    standing_of,
)
from services.node.flows.admissions import answer, ask_sheet
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.store import admissions as store


async def ask(
    own: OwnMember, auditor: Officer, looks: LooksAsked, now: datetime
) -> SheetStanding:
    """Ask for a sheet; what the auditor asked for before and waits is taken back.

    Raises what ``check_asked`` does.
    """
    check_asked(looks)
    standing = await where(own, auditor, looks, now)
    if standing.stands:
        return standing
    return SheetStanding(waits_until=await ask_sheet(own, auditor, looks, now))


async def where(
    own: OwnMember, auditor: Officer, looks: LooksAsked, now: datetime
) -> SheetStanding:
    """Where this auditor's asking for this very sheet stands."""
    async with own.database.connection() as connection:
        row = await store.newest_sheet(connection, auditor.pseudonym, looks.text())
    if row is None:
        return SheetStanding()
    return standing_of(row.answer, row.ends_at, row.answered_at, now)


async def withdraw(
    own: OwnMember, auditor: Officer, looks: LooksAsked, moment: Moment
) -> SheetStanding:
    """Take back what this auditor asked for; what was answered meanwhile stands.

    Raises NotFoundError ``admission.unknown`` if it was never asked for, and
    ConflictError ``admission.answered`` and ``admission.ended``.
    """
    async with own.database.connection() as connection:
        row = await store.newest_sheet(connection, auditor.pseudonym, looks.text())
    if row is None:
        raise unknown()
    await answer(own, auditor, row.admission_id, moment, yes=False)
    return await where(own, auditor, looks, moment.wire)


async def check(
    own: OwnMember, auditor: Officer, looks: LooksAsked, now: datetime
) -> None:
    """Raise ``admission.sheet_not_confirmed`` unless it may be taken out now."""
    check_open(await where(own, auditor, looks, now))
