"""Assign work to an officer: all that was marked, in one act, or nothing of it.

An assignment says within the member who works on a case; it moves nothing, tells no
other member, and opens nothing: whoever would have to say why they open a case is not
assigned it. Source: console.md section 7, S2 (bulk only for assign).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.access import check_reason
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.node.domain.people import Act, Officer, Role, acts_of
from services.node.flows.looks import Look, look_row
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import id_reused
from services.node.store import access as access_store
from services.node.store import assignments as assignment_store
from services.node.store import officers as officer_store
from services.node.store.assignments import AssignmentRow, NamedWorkRow, RequestedRow
from services.node.store.pool import Connection
from services.node.store.rows import OfficerRow

MOST = 50
"""How much is assigned at once."""


@dataclass(frozen=True, slots=True)
class Assigning:
    """What is assigned to whom; an empty ``assignee`` takes it back.

    ``cases`` are pseudonyms, ``referral_ids`` what has no case here yet.
    """

    request_id: bytes
    assignee: str
    cases: tuple[str, ...]
    referral_ids: tuple[bytes, ...]
    asks_why: bool = True
    """What only other units work on asks for a reason, as every act there."""


async def assign_work(
    own: OwnMember, look: Look, officer: Officer, asked: Assigning, at: Moment
) -> int:
    """How many cases and referrals were assigned; each is kept as a look.

    Raises InvalidInputError (``assignment.how_many``, ``act.id_reused``),
    NotFoundError ``assignment.unknown``, NotPermittedError
    (``assignment.officer_may_not``, ``assignment.may_not_decide``,
    ``assignment.other_unit``, ``access.reason_needed``); nothing is written.
    """
    if not 1 <= len(asked.cases) + len(asked.referral_ids) <= MOST:
        raise InvalidInputError(
            "assignment.how_many",
            f"Between one and {MOST} rows are assigned at once.",
            where="work",
            remedy="Mark what is to be assigned, and the rest in a second go.",
        )
    async with own.database.transaction() as connection:
        # The same act sent twice at once is one: the second waits, and finds it.
        await assignment_store.lock_request(connection, asked.request_id)
        work = await _named(connection, asked)
        written = await assignment_store.assignments_of_request(
            connection, asked.request_id
        )
        if written:
            _check_same(asked, officer, work, written)
            return len(written)
        units = await units_of(own, connection, work)
        if asked.asks_why:
            for each in work:
                # An act in what another unit works on says why, as any act there.
                of_work = units.get(each.case_id or each.referral_id or b"", set())
                check_reason(look.reason, officer.unit, of_work)
        if asked.assignee:
            await check_may(own, connection, asked.assignee, work, units)
        said = AssignmentRow(
            asked.assignee or None, officer.pseudonym, officer.unit, at.case
        )
        await assignment_store.insert_assignments(
            connection, asked.request_id, work, said
        )
        await access_store.insert_looks(connection, looks_of(own, look, work, at.wire))
    return len(work)


async def assignees(own: OwnMember) -> tuple[Officer, ...]:
    """Who may be assigned work: active officers whose role works on cases."""
    functions = own.functions_of(own.name)
    rows = await officer_store.list_officers(own.database.reads)
    return tuple(
        Officer(row.pseudonym, Role(row.role), row.unit, row.active)
        for row in rows
        if row.active and Act.CASE in acts_of(Role(row.role), functions)
    )


async def _named(connection: Connection, asked: Assigning) -> list[NamedWorkRow]:
    """What is marked, each case once; raises NotFoundError for what is not here."""
    rows = await assignment_store.work_to_assign(
        connection, asked.cases, asked.referral_ids
    )
    known: set[str | bytes] = {row.named or row.named_referral for row in rows}
    unknown = [
        *(each for each in asked.cases if each not in known),
        *(each.hex() for each in asked.referral_ids if each not in known),
    ]
    if unknown:
        raise NotFoundError(
            "assignment.unknown",
            f"This member has no such case or referral: {', '.join(unknown)}.",
            where="work",
            remedy="Read the list of work again; nothing was assigned.",
        )
    return list({row.case_id or row.referral_id: row for row in rows}.values())


def _check_same(
    asked: Assigning,
    officer: Officer,
    work: Iterable[NamedWorkRow],
    written: Iterable[RequestedRow],
) -> None:
    """Raise ``act.id_reused`` unless the request wrote exactly this."""
    wanted = {
        (
            asked.assignee or None,
            officer.pseudonym,
            None if each.referral_id else each.case_id,
            each.referral_id,
        )
        for each in work
    }
    found = {
        (row.officer, row.assigned_by, row.case_id, row.referral_id) for row in written
    }
    if found != wanted:
        raise id_reused()


async def units_of(
    own: OwnMember, connection: Connection, work: Sequence[NamedWorkRow]
) -> dict[bytes, set[str]]:
    """Which units acted in each of these; what nobody took up is left out."""
    found = await assignment_store.units_of_work(
        connection,
        [each.case_id for each in work if each.case_id],
        [each.referral_id for each in work if each.referral_id],
        own.name,
    )
    units: dict[bytes, set[str]] = {}
    for each in found:
        units.setdefault(each.work_id, set()).add(each.unit)
    return units


async def check_may(
    own: OwnMember,
    connection: Connection,
    assignee: str,
    work: Sequence[NamedWorkRow],
    units: Mapping[bytes, set[str]],
) -> None:
    """Raise unless the officer may see each of these without saying why."""
    row = await officer_store.officer_by_pseudonym(connection, assignee)
    check_officer_may(own, assignee, row, work, units)


def check_officer_may(
    own: OwnMember,
    assignee: str,
    row: OfficerRow | None,
    work: Sequence[NamedWorkRow],
    units: Mapping[bytes, set[str]],
) -> None:
    """The same of whom ``row`` is; raises NotPermittedError ``assignment.…``."""
    functions = own.functions_of(own.name)
    able = row is not None and Act.CASE in acts_of(Role(row.role), functions)
    if row is None or not row.active or not able:
        raise NotPermittedError(
            "assignment.officer_may_not",
            f"Nobody who works on cases here is called {assignee}.",
            where="assignee",
            remedy="Choose an officer from the list; nothing was assigned.",
        )
    waits = any(each.referral_id for each in work)
    if waits and Act.DECISION not in acts_of(Role(row.role), functions):
        raise NotPermittedError(
            "assignment.may_not_decide",
            f"Officer {assignee} may not decide on referrals, and one of these waits"
            " for a decision.",
            where="assignee",
            remedy="Choose an officer who decides; nothing was assigned.",
        )
    others = _of_others(work, units, row.unit)
    if others:
        raise NotPermittedError(
            "assignment.other_unit",
            f"Officer {assignee} is of the unit {row.unit}, and only other units work"
            f" on this: {', '.join(others)}.",
            where="work",
            remedy="Choose an officer of the unit that works on it, or leave these out;"
            " nothing was assigned.",
        )


def _of_others(
    work: Iterable[NamedWorkRow], units: Mapping[bytes, set[str]], unit: str
) -> list[str]:
    """The codes of what only other units work on; what nobody took up is anybody's."""
    return [
        each.code
        for each in work
        if unit not in units.get(each.case_id or each.referral_id or b"", {unit})
    ]


def looks_of(
    own: OwnMember, look: Look, work: Iterable[NamedWorkRow], now: datetime
) -> list[access_store.NewAccess]:
    """A look for each of these."""
    return [
        look_row(
            own,
            replace(
                look,
                case_pseudonym=each.code if each.case_id else "",
                subject_id=each.referral_id or b"",
            ),
            "ok",
            now,
        )
        for each in work
    ]
