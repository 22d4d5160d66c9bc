"""What an officer typed and did not send yet: kept sealed, for that officer only.

Promises that nothing which ends a session takes a form away, that nobody else
learns whether a form exists, and that what was dropped opens for nobody: its key
goes with it. Leaves what a form holds to whoever shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
)
from services.node.domain.identifiers import ID_BYTES, new_id, parse_alias
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.store import forms as form_store
from services.node.store import sign_in as sign_in_store
from services.node.store.forms import FormLineRow, FormRow
from services.node.store.pool import Connection

MOST_BYTES = 65_536
KEPT = timedelta(days=30)
"""How long what was typed waits for its officer, from the last time it was kept.

What nobody goes on with is nobody's work: it holds a person's words, and there is
no case that answers for them. Source: console.md section 7, S2 (drafts, days left)."""
_MOST_FORMS = 200
_TABLE = "form"
_SCOPE = "form"
_KIND = re.compile(r"[a-z][a-z_]{0,47}")


@dataclass(frozen=True, slots=True)
class FormGiven:
    """A form to keep; ``version`` is the one that was changed, 0 replaces any."""

    form_id: bytes
    kind: str
    case_pseudonym: str
    content: bytes = field(repr=False)
    version: int = 0


async def keep(
    own: OwnMember, officer: str, given: FormGiven, now: datetime
) -> FormLineRow:
    """Keep a form, anew or as the next version of what is there.

    Raises InvalidInputError ``form.malformed``, ``form.too_large`` or what a case
    number that is none raises, ConflictError
    ``form.changed``, NotLawfulError ``form.too_many`` and NotFoundError
    ``form.unknown`` for a form of somebody else.
    """
    _check(given)
    if given.case_pseudonym:
        given = replace(given, case_pseudonym=parse_alias(given.case_pseudonym))
    form_id = given.form_id or new_id()
    async with own.database.transaction() as connection:
        before = await form_store.form_by_id(connection, form_id)
        if before is None:
            row = await _begin(own, connection, officer, form_id, given, now)
        else:
            row = await _change(own, connection, officer, before, given, now)
    return row.line


async def form_of(
    own: OwnMember, officer: str, form_id: bytes
) -> tuple[FormLineRow, bytes]:
    """A form and what it holds; raises NotFoundError ``form.unknown``."""
    async with own.database.transaction() as connection:
        row = await form_store.form_by_id(connection, form_id)
    row = _own_form(row, officer)
    key = own.vault.open_key(row.data_key_id, row.epoch, row.wrapped)
    return row.line, key.open(_TABLE, row.form_id, row.nonce, row.sealed)


async def forms_of(own: OwnMember, officer: str) -> list[FormLineRow]:
    """The forms of an officer, the one kept last first."""
    async with own.database.connection() as connection:
        return await form_store.forms_of(connection, officer)


async def drop(own: OwnMember, officer: str, form_id: bytes) -> None:
    """Drop a form of the officer; there may be none."""
    async with own.database.transaction() as connection:
        await form_store.drop_form(connection, officer, form_id)


async def forget(own: OwnMember, now: datetime) -> int:
    """Drop the forms whose time is over, keys and all; how many."""
    async with own.database.transaction() as connection:
        return await form_store.forget_forms(connection, now - KEPT)


def _check(given: FormGiven) -> None:
    if len(given.content) > MOST_BYTES:
        raise InvalidInputError(
            "form.too_large",
            f"A form holds at most {MOST_BYTES} bytes.",
            where="content",
            remedy="Send what is there, and go on in another form.",
        )
    if not _KIND.fullmatch(given.kind) or len(given.form_id) not in {0, ID_BYTES}:
        raise InvalidInputError(
            "form.malformed",
            "A form has 16 bytes of id, or none, and a kind in lower-case words.",
        )


async def _begin(
    own: OwnMember,
    connection: Connection,
    officer: str,
    form_id: bytes,
    given: FormGiven,
    now: datetime,
) -> FormRow:
    if len(await form_store.forms_of(connection, officer)) >= _MOST_FORMS:
        raise NotLawfulError(
            "form.too_many",
            f"An officer has at most {_MOST_FORMS} forms that were not sent.",
            remedy="Send or drop some first.",
        )
    key_row, key = own.vault.new_key(form_id, _SCOPE)
    nonce, sealed = key.seal(_TABLE, form_id, given.content)
    row = FormRow(
        form_id=form_id,
        officer=officer,
        kind=given.kind,
        case_pseudonym=given.case_pseudonym,
        begun_at=now,
        kept_at=now,
        version=1,
        data_key_id=key_row.key_id,
        nonce=nonce,
        sealed=sealed,
        epoch=key_row.epoch,
        wrapped=key_row.wrapped,
    )
    await sign_in_store.insert_key(connection, key_row)
    await form_store.insert_form(connection, row)
    return row


async def _change(
    own: OwnMember,
    connection: Connection,
    officer: str,
    before: FormRow,
    given: FormGiven,
    now: datetime,
) -> FormRow:
    _own_form(before, officer)
    if given.kind != before.kind or given.version not in {0, before.version}:
        raise ConflictError(
            "form.changed",
            "This form was changed elsewhere since it was opened.",
            where="version",
            remedy="Open it again, and look at what is there now.",
        )
    key: DataKey = own.vault.open_key(before.data_key_id, before.epoch, before.wrapped)
    nonce, sealed = key.seal(_TABLE, before.form_id, given.content)
    row = replace(
        before,
        case_pseudonym=given.case_pseudonym,
        kept_at=now,
        version=before.version + 1,
        nonce=nonce,
        sealed=sealed,
    )
    await form_store.update_form(connection, row)
    return row


def _own_form(row: FormRow | None, officer: str) -> FormRow:
    if row is None or row.officer != officer:
        raise NotFoundError("form.unknown", "This officer has no such form.")
    return row
