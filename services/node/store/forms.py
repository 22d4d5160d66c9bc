"""What officers typed and did not send yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class FormLineRow:
    """What a list shows of a form."""

    form_id: bytes
    kind: str
    case_pseudonym: str
    begun_at: datetime
    kept_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form, sealed, and the wrapped key that opens it."""

    form_id: bytes
    officer: str
    kind: str
    case_pseudonym: str
    begun_at: datetime
    kept_at: datetime
    version: int
    data_key_id: bytes
    nonce: bytes
    sealed: bytes = field(repr=False)
    epoch: int
    wrapped: bytes = field(repr=False)

    @property
    def line(self) -> FormLineRow:
        """What a list shows of it."""
        return FormLineRow(
            self.form_id,
            self.kind,
            self.case_pseudonym,
            self.begun_at,
            self.kept_at,
            self.version,
        )


async def form_by_id(connection: Connection, form_id: bytes) -> FormRow | None:
    """One form; others wait until this transaction ends."""
    return await fetch_one(connection, "form_by_id", FormRow, form_id)


async def forms_of(connection: Connection, officer: str) -> list[FormLineRow]:
    """The forms of an officer, the one kept last first."""
    return await fetch(connection, "forms_of", FormLineRow, officer)


async def insert_form(connection: Connection, form: FormRow) -> None:
    """Write a new form; its key is written already."""
    await execute(
        connection,
        "insert_form",
        form.form_id,
        form.officer,
        form.kind,
        form.case_pseudonym,
        form.begun_at,
        form.data_key_id,
        form.nonce,
        form.sealed,
    )


async def update_form(connection: Connection, form: FormRow) -> None:
    """Write what a form holds now, as the next version."""
    await execute(
        connection,
        "update_form",
        form.form_id,
        form.case_pseudonym,
        form.kept_at,
        form.nonce,
        form.sealed,
    )


async def forget_forms(connection: Connection, before: datetime) -> int:
    """Drop the forms that were last kept before an instant, and their keys."""
    found: int = await connection.fetchval(query("forget_forms"), before)
    return found


async def drop_form(connection: Connection, officer: str, form_id: bytes) -> None:
    """Drop a form of the officer and its key; there may be none."""
    dropped = await connection.fetchval(query("drop_form"), officer, form_id)
    if dropped is not None:
        await execute(connection, "drop_keys", [dropped])
