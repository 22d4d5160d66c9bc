"""Names on a list, for a page and a reason: kept as a look at every case first.

Promises one row of the access log for each code, of a case that is here or not,
written before anything is opened, and one query for all names. No name is asked
about or searched.
Source: console.md section 4.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from services.node.domain.access import MOST_NAMES, SHORTEST_REASON, Looked
from services.node.domain.categories import Category
from services.node.domain.errors import (
    InvalidInputError,
    NotPermittedError,
    VerificationError,
)
from services.node.domain.identifiers import parse_alias
from services.node.domain.people import Officer
from services.node.domain.records import CategoryRecord
from services.node.flows.disclose import open_record
from services.node.flows.looks import Look, look_row
from services.node.flows.own import OwnMember
from services.node.store import access as access_store
from services.node.store import cases as case_store
from services.node.store.rows import RecordRow

_PARTS = ("prs_SecondName", "prs_MiddleName", "prs_FirstName")
"""In Vietnamese order: the family name first."""


@dataclass(frozen=True, slots=True)
class ShownName:
    """The person of a case; the name is empty where none is recorded or readable."""

    case_pseudonym: str
    name: str = field(repr=False)


async def show_names(
    own: OwnMember,
    looking: Look,
    pseudonyms: Sequence[str],
    now: datetime,
) -> list[ShownName]:
    """The names of these cases; ``looking`` says who looks, where and why.

    ``now`` is on the wire clock. Raises NotPermittedError ``access.names_need_reason``
    and InvalidInputError ``access.too_many_names``.
    """
    _check(looking, pseudonyms)
    wanted = sorted({parse_alias(each) for each in pseudonyms})
    async with own.database.connection() as connection:
        called = await case_store.cases_called(connection, wanted)
    here = set(called.values())
    # Codes that were tried out leave a trace, as where a case is opened by its code.
    rows = [
        look_row(own, _at(looking, code), "ok" if code in here else "case.unknown", now)
        for code in wanted
    ]
    async with own.database.transaction() as connection:
        await access_store.insert_looks(connection, rows)
    async with own.database.connection() as connection:
        records = await case_store.newest_of_category(
            connection, list(called), Category.D2
        )
    names = {row.case_id: _name_in(own, row) for row in records}
    found = [ShownName(called[each], names.get(each, "")) for each in called]
    return sorted(found, key=lambda each: each.case_pseudonym)


def _check(looking: Look, pseudonyms: Sequence[str]) -> None:
    if len(looking.reason) < SHORTEST_REASON:
        raise NotPermittedError(
            "access.names_need_reason",
            "Names are shown on a list to whoever says why.",
            where="reason",
            remedy="Say why you need them; it is kept for each case.",
        )
    if len(pseudonyms) > MOST_NAMES:
        raise InvalidInputError(
            "access.too_many_names",
            f"Names of at most {MOST_NAMES} cases are shown at once.",
            where="case_pseudonyms",
            remedy="Ask page by page.",
        )


def _at(looking: Look, pseudonym: str) -> Look:
    officer: Officer | None = looking.officer
    return Look(
        officer,
        looking.listener,
        Looked.SHOW_NAMES.value,
        case_pseudonym=pseudonym,
        reason=looking.reason,
    )


def _name_in(own: OwnMember, row: RecordRow) -> str:
    """The name in one record; a record that was changed empties its own row only."""
    try:
        return _name(open_record(own, row))
    except VerificationError as error:
        structlog.get_logger().error("names.unreadable", code=error.code)
        return ""


def _name(record: CategoryRecord) -> str:
    known = {each.field: " ".join(each.values) for each in record.answers}
    return " ".join(known[each] for each in _PARTS if known.get(each))
