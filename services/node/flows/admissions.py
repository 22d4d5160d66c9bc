"""Admissions: one asks that somebody be let in, a second person confirms it.

Promises that nothing of what was asked for holds before that, that what held before
goes on meanwhile, and that who asked, who answered and when stand among the sign-in
events. ``alone`` is for the node's own host, where one is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.node.domain.admissions import (
    WAITS,
    Admission,
    AdmissionAnswer,
    AdmissionKind,
    Standing,
    answer_of,
    needs_second,
    unknown,
)
from services.node.domain.api_clients import ClientTerms, check_terms, new_key
from services.node.domain.identifiers import new_id
from services.node.domain.people import Officer
from services.node.domain.sheets import LooksAsked, check_second, may_be_second
from services.node.domain.sign_in import INVITATION_LASTS, SignInEvent, new_code
from services.node.flows import admitting
from services.node.flows.admitting import Invitation
from services.node.flows.ceremonies import check_may_make, make_keys
from services.node.flows.enrol import code_hash, end_everything
from services.node.flows.leavers import HandingOver, hand_over
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.sign_in import hash_token
from services.node.store import admissions as store
from services.node.store import sign_in as sign_in_store
from services.node.store.admissions import AdmissionRow
from services.node.store.api_clients import NewApiClient
from services.node.store.pool import Connection
from services.node.store.rows import OfficerRow

_MOST_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when (wire clock), and whether that is enough."""

    by: Officer
    now: datetime
    alone: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh invitation; ``code`` is kept nowhere, opens nothing while it waits."""

    code: str = field(repr=False)
    expires_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class Let:
    """A program; ``key`` is kept nowhere, empty for a certificate."""

    client_id: bytes
    key: str = field(repr=False)
    expires_at: datetime
    waits: bool


async def keep_officer(
    own: OwnMember,
    row: OfficerRow,
    asking: Asking,
    over: HandingOver | None = None,
) -> bool:
    """Add an officer, or change role, unit and whether active; whether it waits.

    ``over`` says who takes over what is assigned to one who leaves. Raises
    NotPermittedError ``people.oneself`` for one's own role or unit, and what
    ``hand_over`` does.
    """
    kinds = [AdmissionKind.OFFICER.value]
    async with own.database.transaction() as connection:
        before = await admitting.standing_of(connection, row.pseudonym)
        admitting.check_not_oneself(before, row)
        waits = not asking.alone and needs_second(
            before, Standing(row.role, row.unit, row.active)
        )
        if not row.active:
            kinds = [each.value for each in AdmissionKind]
            if over is not None:
                await hand_over(own, connection, row.pseudonym, over)
        await _withdraw(connection, row.pseudonym, kinds, asking)
        if not waits:
            await admitting.enter(connection, before, row, asking.now)
            return False
        asked = _asked(AdmissionKind.OFFICER, row.pseudonym, asking)
        await _ask(connection, replace(asked, role=row.role, unit=row.unit))
    return True


async def invite(
    own: OwnMember, asking: Asking, pseudonym: str, *, reset: bool
) -> Invited:
    """Invite an officer; ``reset`` ends at once what the officer had (a lost phone).

    Raises NotFoundError ``people.unknown_officer`` for nobody who is an active officer
    here, or waits to become one.
    """
    code, expires_at = new_code(), asking.now + INVITATION_LASTS
    async with own.database.transaction() as connection:
        if not await _to_come(connection, pseudonym, asking):
            await admitting.active_officer(connection, pseudonym)
        if reset:
            await end_everything(connection, pseudonym)
            what, by = SignInEvent.RESET.value, asking.by.pseudonym
            await sign_in_store.note(
                connection, pseudonym, what, asking.now, done_by=by
            )
        kinds = [AdmissionKind.INVITATION.value]
        await _withdraw(connection, pseudonym, kinds, asking)
        if asking.alone:
            invitation = Invitation(
                pseudonym, code_hash(code), expires_at, asking.by.pseudonym
            )
            await admitting.open_invitation(connection, invitation, asking.now)
        else:
            asked = _asked(AdmissionKind.INVITATION, pseudonym, asking)
            asked = replace(asked, expires_at=expires_at, ends_at=expires_at)
            await _ask(connection, replace(asked, key_hash=code_hash(code)))
    return Invited(code, expires_at, not asking.alone)


async def let_in(own: OwnMember, asking: Asking, terms: ClientTerms) -> Let:
    """A key for a program that acts as an officer, or its certificate is known.

    Raises what ``check_terms`` and ``admitting.check_program`` do.
    """
    check_terms(terms, asking.now)
    client_id, key = new_id(), "" if terms.spki else new_key()
    row = replace(
        _asked(AdmissionKind.PROGRAM, terms.officer, asking),
        admission_id=client_id,
        name=terms.name,
        scopes=list(dict.fromkeys(terms.scopes)),
        key_hash=hash_token(key) if key else None,
        spki=terms.spki or None,
        expires_at=terms.expires_at,
        ends_at=min(asking.now + WAITS, terms.expires_at),
    )
    async with own.database.transaction() as connection:
        await admitting.check_program(connection, terms.officer, terms.spki)
        if asking.alone:
            await admitting.open_program(connection, _program(row), asking.now)
        else:
            await _ask(connection, row)
    return Let(client_id, key, terms.expires_at, not asking.alone)


async def ask_sheet(
    own: OwnMember, auditor: Officer, looks: LooksAsked, now: datetime
) -> datetime:
    """Ask for a sheet of looks, in place of one that waits; until when it does."""
    asking = Asking(auditor, now, alone=False)
    asked = _asked(AdmissionKind.EXPORT, auditor.pseudonym, asking)
    async with own.database.transaction() as connection:
        await _withdraw(connection, asked.officer, [asked.kind], asking)
        await _ask(connection, replace(asked, looks=looks.text()))
    return asked.ends_at


async def ask_key(
    own: OwnMember, asking: Asking, kind: AdmissionKind = AdmissionKind.KEY
) -> datetime | None:
    """Ask for the keys of a ceremony (``ceremonies``); until when it waits.

    None where they are made at once: at the node's own host, where one is enough.
    Raises what ``check_may_make`` does.
    """
    check_may_make(own, kind, asking.now)
    if asking.alone:
        make_keys(own, kind, asking.now)
        return None
    asked = _asked(kind, asking.by.pseudonym, asking)
    async with own.database.transaction() as connection:
        await _withdraw(connection, asked.officer, [asked.kind], asking)
        await _ask(connection, asked)
    return asked.ends_at


async def all_waiting(own: OwnMember, now: datetime) -> list[AdmissionRow]:
    """Everything that waits for a second person, the oldest first."""
    async with own.database.connection() as connection:
        return await store.admissions_waiting(connection, now, _MOST_WAITING)


async def waiting(own: OwnMember, second: Officer, now: datetime) -> list[AdmissionRow]:
    """What this second person may answer or asked for, the oldest first."""
    rows = await all_waiting(own, now)
    return [
        each for each in rows if may_be_second(_admission(each), each.looks, second)
    ]


async def answer(
    own: OwnMember, second: Officer, admission_id: bytes, moment: Moment, *, yes: bool
) -> AdmissionAnswer:
    """Confirm or refuse; who asked may only take it back.

    Raises NotFoundError ``admission.unknown``, what ``answer_of`` does, and what
    stands against it now.
    """
    now = moment.wire
    async with own.database.transaction() as connection:
        row = await store.admission_by_id(connection, admission_id)
        if row is None:
            raise unknown()
        check_second(_admission(row), row.looks, second)
        given = answer_of(_admission(row), second, now, confirmed=yes)
        by = second.pseudonym
        await store.answer_admission(connection, admission_id, given.value, by, now)
        told = _TOLD[given].value
        await sign_in_store.note(
            connection, row.officer, told, now, method=row.kind, done_by=by
        )
        if given is AdmissionAnswer.CONFIRMED:
            await _hold(own, connection, row, moment)
    if given is AdmissionAnswer.CONFIRMED:
        # After it stands that two confirmed it: a key is never made on one's word.
        make_keys(own, AdmissionKind(row.kind), now)
    return given


_TOLD = {
    AdmissionAnswer.CONFIRMED: SignInEvent.ADMITTED,
    AdmissionAnswer.REFUSED: SignInEvent.NOT_ADMITTED,
    AdmissionAnswer.WITHDRAWN: SignInEvent.ADMISSION_WITHDRAWN,
}


async def _hold(
    own: OwnMember, connection: Connection, row: AdmissionRow, moment: Moment
) -> None:
    now = moment.wire
    match AdmissionKind(row.kind):
        case AdmissionKind.OFFICER:
            before = await admitting.standing_of(connection, row.officer)
            said = (row.officer, row.role, row.unit, True)
            act = (moment.case, row.asked_by)
            kept = OfficerRow(*said, *act, *act)
            await admitting.enter(connection, before, kept, now)
        case AdmissionKind.INVITATION:
            code, ends = row.key_hash or b"", row.expires_at or row.ends_at
            invitation = Invitation(row.officer, code, ends, row.asked_by)
            await admitting.open_invitation(connection, invitation, now)
        case AdmissionKind.PROGRAM:
            await admitting.open_program(connection, _program(row), now)
        case AdmissionKind.EXPORT:
            pass  # The answer itself opens the sheet (``sheets``).
        case AdmissionKind.KEY | AdmissionKind.SEALING:
            # Others may have been made since they were asked for.
            check_may_make(own, AdmissionKind(row.kind), now)


async def _to_come(connection: Connection, pseudonym: str, asking: Asking) -> bool:
    """Whether the officer waits to be let in; nobody is invited so by one alone."""
    if asking.alone:
        return False
    rows = await store.admissions_waiting(connection, asking.now, _MOST_WAITING)
    return (AdmissionKind.OFFICER.value, pseudonym) in {
        (each.kind, each.officer) for each in rows
    }


async def _ask(connection: Connection, row: AdmissionRow) -> None:
    await store.insert_admission(connection, row)
    await sign_in_store.note(
        connection,
        row.officer,
        SignInEvent.ADMISSION_ASKED.value,
        row.asked_at,
        method=row.kind,
        done_by=row.asked_by,
    )


async def _withdraw(
    connection: Connection, officer: str, kinds: list[str], asking: Asking
) -> None:
    await store.withdraw_admissions(
        connection, officer, kinds, asking.by.pseudonym, asking.now
    )


def _asked(kind: AdmissionKind, officer: str, asking: Asking) -> AdmissionRow:
    by, at = asking.by.pseudonym, asking.now
    return AdmissionRow(new_id(), kind.value, officer, by, at, at + WAITS)


def _admission(row: AdmissionRow) -> Admission:
    return Admission(
        AdmissionKind(row.kind),
        row.officer,
        row.asked_by,
        row.ends_at,
        None if row.answer is None else AdmissionAnswer(row.answer),
    )


def _program(row: AdmissionRow) -> NewApiClient:
    return NewApiClient(
        client_id=row.admission_id,
        name=row.name,
        key_hash=row.key_hash,
        spki=row.spki,
        officer=row.officer,
        scopes=tuple(row.scopes),
        created_at=row.asked_at,
        created_by=row.asked_by,
        expires_at=row.expires_at or row.ends_at,
    )
