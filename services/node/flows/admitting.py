"""What an admission does once it holds: an officer, an invitation, a program.

Promises that each writes all it has to in the transaction of its caller, and that
nobody's session outlives the role or unit it was begun for. Instants: wire clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.admissions import Standing
from services.node.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
)
from services.node.domain.identifiers import new_id
from services.node.domain.sign_in import SignInEvent
from services.node.flows.enrol import revoke
from services.node.store import api_clients as client_store
from services.node.store import officers as officer_store
from services.node.store import sessions as session_store
from services.node.store import sign_in as sign_in_store
from services.node.store.api_clients import NewApiClient
from services.node.store.pool import Connection
from services.node.store.rows import OfficerRow
from services.node.store.sign_in import InvitationRow


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a code invites, as its SHA-256, until when, and who asked for it."""

    officer: str
    code_hash: bytes
    expires_at: datetime
    asked_by: str


async def standing_of(connection: Connection, pseudonym: str) -> Standing | None:
    """What an officer is now; None for nobody."""
    row = await officer_store.officer_by_pseudonym(connection, pseudonym)
    return None if row is None else Standing(row.role, row.unit, row.active)


def check_not_oneself(before: Standing | None, row: OfficerRow) -> None:
    """Raise NotPermittedError ``people.oneself`` for one's own role or unit.

    Who looks after the node must not make herself somebody who reads cases.
    """
    moved = before is not None and (before.role, before.unit) != (row.role, row.unit)
    if moved and row.changed_by == row.pseudonym:
        raise NotPermittedError(
            "people.oneself",
            "Nobody changes their own role or unit.",
            remedy="Ask another administrator of your organisation to do it.",
        )


async def enter(
    connection: Connection, before: Standing | None, row: OfficerRow, now: datetime
) -> None:
    """Add an officer, or change role, unit and whether active."""
    await officer_store.keep_officer(connection, row)
    if not row.active:
        await revoke(connection, row.pseudonym, now)
    elif before is not None and (before.role, before.unit) != (row.role, row.unit):
        await session_store.end_sessions_of(connection, row.pseudonym)


async def open_invitation(
    connection: Connection, invitation: Invitation, now: datetime
) -> None:
    """From now on the code opens; raises NotFoundError ``people.unknown_officer``."""
    officer = await active_officer(connection, invitation.officer)
    before = await sign_in_store.credential_of(connection, officer.pseudonym)
    await sign_in_store.keep_invitation(
        connection,
        InvitationRow(
            pseudonym=officer.pseudonym,
            code_hash=invitation.code_hash,
            user_handle=before.user_handle if before else new_id(),
            expires_at=invitation.expires_at,
            data_key_id=None,
            nonce=None,
            sealed=None,
            epoch=None,
            wrapped=None,
            role=officer.role,
            unit=officer.unit,
            active=officer.active,
        ),
    )
    what, by = SignInEvent.INVITED.value, invitation.asked_by
    await sign_in_store.note(connection, officer.pseudonym, what, now, done_by=by)


async def open_program(
    connection: Connection, program: NewApiClient, now: datetime
) -> None:
    """From now on the program acts; raises as ``check_program`` does."""
    await check_program(connection, program.officer, program.spki or b"")
    await client_store.insert_api_client(connection, program)
    what, by = SignInEvent.PROGRAM_LET_IN.value, program.created_by
    await sign_in_store.note(connection, program.officer, what, now, done_by=by)


async def check_program(connection: Connection, officer: str, spki: bytes) -> None:
    """Raise unless a program may act as this officer and has a certificate of its own.

    NotFoundError ``people.unknown_officer``, ConflictError
    ``client.certificate_taken``.
    """
    await active_officer(connection, officer)
    if spki and await client_store.api_client_by_spki(connection, spki):
        raise ConflictError(
            "client.certificate_taken",
            "Another program here proves itself by this certificate's key.",
            where="spki_sha256",
            remedy="Take that program back first, or make a fresh key.",
        )


async def active_officer(connection: Connection, pseudonym: str) -> OfficerRow:
    """Who has that pseudonym here; raises NotFoundError ``people.unknown_officer``."""
    officer = await officer_store.officer_by_pseudonym(connection, pseudonym)
    if officer is None or not officer.active:
        raise NotFoundError(
            "people.unknown_officer",
            "No active officer of this organisation has that pseudonym.",
            where="officer",
            remedy="Enter the officer first, and let a second person confirm it.",
        )
    return officer
