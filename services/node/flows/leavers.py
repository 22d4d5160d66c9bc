"""What an officer who leaves works on, and who takes all of it over.

Whoever looks after the node sees codes and no case; so she hands over what is assigned
as a whole, together with the leaving, to somebody who may see each of it without
saying why. What nobody takes over stays with the unit, and a supervisor assigns it.
Source: console.md section 7, S15 (leavers, hand over desk).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.node.domain.errors import NotPermittedError
from services.node.domain.identifiers import new_id
from services.node.domain.people import Officer
from services.node.domain.turns import ENDED
from services.node.flows.assign import (
    check_may,
    check_officer_may,
    looks_of,
    units_of,
)
from services.node.flows.looks import Look
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.store import access as access_store
from services.node.store import assignments as assignment_store
from services.node.store import officers as officer_store
from services.node.store.assignments import AssignmentRow, HeldRow, NamedWorkRow
from services.node.store.pool import Connection
from services.node.store.rows import OfficerRow


@dataclass(frozen=True, slots=True)
class HeldWork:
    """What is assigned to an officer, and who may take over all of it."""

    held: list[HeldRow]
    successors: list[OfficerRow]


@dataclass(frozen=True, slots=True)
class HandingOver:
    """Who takes over; ``look`` says by whom and where it is kept that it was done."""

    successor: str
    look: Look
    by: Officer
    at: Moment


async def work_held(own: OwnMember, officer: str) -> HeldWork:
    """What is assigned to this officer now; nobody need take over what is nothing."""
    async with own.database.connection() as connection:
        held = await assignment_store.held_by(connection, officer, ENDED)
        if not held:
            return HeldWork([], [])
        work = [each.named() for each in held]
        units = await units_of(own, connection, work)
        colleagues = await officer_store.list_officers(connection)
    able = [
        row
        for row in colleagues
        if row.pseudonym != officer and _may(own, row, work, units)
    ]
    return HeldWork(held, able)


def _may(
    own: OwnMember,
    row: OfficerRow,
    work: list[NamedWorkRow],
    units: Mapping[bytes, set[str]],
) -> bool:
    try:
        check_officer_may(own, row.pseudonym, row, work, units)
    except NotPermittedError:
        return False
    return True


async def hand_over(
    own: OwnMember, connection: Connection, leaver: str, over: HandingOver
) -> int:
    """All that is assigned to ``leaver`` is the successor's; how much that is.

    Raises NotPermittedError (``assignment.officer_may_not``,
    ``assignment.may_not_decide``, ``assignment.other_unit``), and then nobody left.
    """
    held = await assignment_store.held_by(connection, leaver, ENDED)
    work = [each.named() for each in held]
    units = await units_of(own, connection, work)
    if over.successor == leaver:
        # From now on nobody who works here is called so.
        check_officer_may(own, leaver, None, work, units)
    await check_may(own, connection, over.successor, work, units)
    if work:
        said = AssignmentRow(
            over.successor, over.by.pseudonym, over.by.unit, over.at.case
        )
        await assignment_store.insert_assignments(connection, new_id(), work, said)
        looks = looks_of(own, over.look, work, over.at.wire)
        await access_store.insert_looks(connection, looks)
    return len(work)
