"""Cases, their aliases, records, keys, and who was answerable when."""

from __future__ import annotations

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import (
    AnswerabilityRow,
    CaseRow,
    DataKeyRow,
    RecordRow,
    fetch,
    fetch_one,
)


async def case_by_id(connection: Connection, case_id: bytes) -> CaseRow | None:
    """One case."""
    return await fetch_one(connection, "case_by_id", CaseRow, case_id)


async def case_by_pseudonym(connection: Connection, pseudonym: str) -> CaseRow | None:
    """The case with this member's own pseudonym."""
    return await fetch_one(connection, "case_by_pseudonym", CaseRow, pseudonym)


async def list_cases(
    connection: Connection, limit: int, offset: int = 0
) -> list[CaseRow]:
    """The newest cases."""
    return await fetch(connection, "list_cases", CaseRow, limit, offset)


async def alias_for(connection: Connection, case_id: bytes, member: str) -> str | None:
    """The pseudonym of a case towards ``member``, if there is one."""
    alias: str | None = await connection.fetchval(query("alias_for"), case_id, member)
    return alias


async def case_of_alias(
    connection: Connection, member: str, alias: str
) -> bytes | None:
    """The case that ``member`` and this member call ``alias``."""
    case: bytes | None = await connection.fetchval(
        query("case_of_alias"), member, alias
    )
    return case


async def newest_records(connection: Connection, case_id: bytes) -> list[RecordRow]:
    """The newest version of every data category of a case."""
    return await fetch(connection, "newest_records", RecordRow, case_id)


async def data_keys_of(connection: Connection, owner: bytes) -> dict[str, DataKeyRow]:
    """The wrapped keys of a case or referral, by scope."""
    rows = await fetch(connection, "data_keys_of", DataKeyRow, owner)
    return {row.scope: row for row in rows}


async def answerability_of(
    connection: Connection, case_id: bytes
) -> list[AnswerabilityRow]:
    """From when to when this member was answerable for a case."""
    return await fetch(connection, "answerability_of", AnswerabilityRow, case_id)


async def pseudonyms_of(
    connection: Connection, case_ids: list[bytes]
) -> dict[bytes, str]:
    """This member's own pseudonyms of cases."""
    records = await connection.fetch(query("pseudonyms_of"), case_ids)
    return {record["case_id"]: record["pseudonym"] for record in records}


async def cases_called(
    connection: Connection, pseudonyms: list[str]
) -> dict[bytes, str]:
    """The cases of these pseudonyms that stand here."""
    records = await connection.fetch(query("cases_called"), pseudonyms)
    return {record["case_id"]: record["pseudonym"] for record in records}


async def newest_of_category(
    connection: Connection, case_ids: list[bytes], category: str
) -> list[RecordRow]:
    """The newest version of one data category of each of several cases."""
    return await fetch(connection, "newest_of_category", RecordRow, case_ids, category)
