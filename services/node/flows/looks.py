"""Looks at cases, referrals, records and drafts: allowed, and kept before answered.

Promises one row a look, refused ones too, with the reason sealed under the audit
key: an officer's own words may say something about a person. Leaves to the call
gate that it is written before the answer goes out.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.node.domain.access import check_reason
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import ID_BYTES, new_id, parse_alias
from services.node.domain.people import Officer
from services.node.flows.own import OwnMember
from services.node.store import access as access_store
from services.node.store.access import AccessRow, LookFilter, NewAccess

_TABLE = "access"
_NEWEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Look:
    """A look at something; what is not known is empty."""

    officer: Officer | None
    listener: str
    what: str
    case_pseudonym: str = ""
    subject_id: bytes = b""
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KeptLook:
    """A look as it was kept, with its reason opened."""

    row: AccessRow
    reason: str = field(repr=False)


async def keep_look(own: OwnMember, look: Look, outcome: str, now: datetime) -> int:
    """Write a look; its number. Raises UnavailableError if it cannot be kept.

    What was named as a subject and cannot be one is left out.
    """
    row = look_row(own, look, outcome, now)
    async with own.database.transaction() as connection:
        return await access_store.insert_access(connection, row)


def look_row(own: OwnMember, look: Look, outcome: str, now: datetime) -> NewAccess:
    """A look as it is written; its reason is sealed."""
    access_id = new_id()
    officer = look.officer
    nonce, sealed = None, None
    if look.reason:
        nonce, sealed = own.audit_key.seal(_TABLE, access_id, look.reason.encode())
    return NewAccess(
        access_id=access_id,
        officer=officer.pseudonym if officer else "",
        role=officer.role.value if officer else "",
        unit=officer.unit if officer else "",
        listener=look.listener,
        what=look.what,
        case_pseudonym=_named(look.case_pseudonym),
        subject_id=look.subject_id if len(look.subject_id) == ID_BYTES else b"",
        outcome=outcome,
        at=now,
        nonce=nonce,
        sealed=sealed,
    )


async def check_unit(
    own: OwnMember, officer: Officer, named: str | bytes, reason: str
) -> None:
    """Raise ``access.reason_needed`` for what another unit works on, and no reason.

    ``named`` is a case's pseudonym or a referral's id; a referral is worked on by
    whoever acted in it or in its case.
    """
    async with own.database.connection() as connection:
        if isinstance(named, bytes):
            units = await access_store.units_of_referral(connection, named, own.name)
        else:
            units = await access_store.units_of_case(
                connection, _named(named), own.name
            )
    check_reason(reason, officer.unit, units)


async def list_looks(own: OwnMember, wanted: LookFilter, limit: int) -> list[KeptLook]:
    """Who looked, the newest first."""
    sought = replace(wanted, before=wanted.before or _NEWEST)
    async with own.database.connection() as connection:
        rows = await access_store.looks(connection, sought, limit)
    return [_opened(own, row) for row in rows]


async def every_look(
    own: OwnMember, wanted: LookFilter, page: int = 500
) -> AsyncGenerator[list[KeptLook], None]:
    """All of them, a page in memory at a time."""
    while True:
        found = await list_looks(own, wanted, page)
        if found:
            yield found
        if len(found) < page:
            return
        wanted = replace(wanted, before=found[-1].row.number)


def _opened(own: OwnMember, row: AccessRow) -> KeptLook:
    if row.nonce is None or row.sealed is None:
        return KeptLook(row, "")
    raw = own.audit_key.open(_TABLE, row.access_id, row.nonce, row.sealed)
    return KeptLook(row, raw.decode())


def _named(case: str) -> str:
    """The case, if it can be one: a name that was typed instead is not kept."""
    try:
        return parse_alias(case)
    except InvalidInputError:
        return ""
