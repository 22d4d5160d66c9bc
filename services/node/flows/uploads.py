"""Adding a file to a case: in pieces, resumable, cleaned, then logged as one act.

Promises that a file of which the last answer was lost goes on where it was, on any
line and after any crash; that of a picture only the picture is kept; and that what
stands in the case stands in the ledger. The raw pieces lie sealed until then, and
go with the act or after a day.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.node.domain.attachments import (
    MOST_UPLOADS,
    TELLING_BYTES,
    MediaType,
    check_category,
    check_size,
    media_type_of,
)
from services.node.domain.cleaning import cleaner_for
from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
    VerificationError,
)
from services.node.domain.handoff import Actor
from services.node.domain.identifiers import ID_BYTES, new_id
from services.node.flows.contents import WINDOW, Secrets, check_content, window
from services.node.flows.footing import (
    CASE_SCOPE,
    case_named,
    category_key,
    data_key,
)
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled, id_reused
from services.node.keys.encoding import HASH_LENGTH
from services.node.sealing.chunks import CHUNK, ContentKey
from services.node.store import attachments as attachment_store
from services.node.store import cases as case_store
from services.node.store import events as event_store
from services.node.store.attachments import (
    Chunk,
    NewAttachment,
    UploadRow,
    insert_attachment,
)
from services.node.store.pool import Connection

#: Longest piece of a file, in bytes.
LONGEST_PIECE = WINDOW * CHUNK
_TABLE = "attachment_upload"
_KEPT_FOR = timedelta(days=1)
_SWEPT_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it will be kept."""

    upload: UploadRow
    media_type: MediaType
    size: int
    secrets: Secrets


async def begin_upload(
    own: OwnMember,
    officer: str,
    upload_id: bytes,
    pseudonym: str,
    category: str,
    size: int,
    now: datetime,
) -> int:
    """Announce a file, or go on with it; how many bytes are here.

    ``now`` is on the wire clock. Raises InvalidInputError, NotFoundError for an
    unknown case, UnavailableError ``attachment.too_many_uploads``.
    """
    check_category(category)
    check_size(size)
    if len(upload_id) != ID_BYTES:
        raise InvalidInputError(
            "attachment.bad_upload", f"An upload is named by {ID_BYTES} bytes."
        )
    async with own.database.transaction() as connection:
        case = await case_named(connection, pseudonym)
        found = await attachment_store.upload_by_id(connection, upload_id)
        if found is None:
            if await attachment_store.uploads_open(connection, officer) >= MOST_UPLOADS:
                raise UnavailableError(
                    "attachment.too_many_uploads",
                    f"This officer is adding {MOST_UPLOADS} files already.",
                    remedy="Finish one of them; what is left lying goes after a day.",
                )
            key = await data_key(own, connection, case.case_id, CASE_SCOPE)
            nonce, sealed = key.seal(_TABLE, upload_id, os.urandom(2 * HASH_LENGTH))
            await attachment_store.insert_upload(
                connection,
                UploadRow(
                    upload_id=upload_id,
                    attachment_id=new_id(),
                    event_id=new_id(),
                    case_id=case.case_id,
                    category=category,
                    size=size,
                    added_by=officer,
                    nonce=nonce,
                    sealed=sealed,
                    epoch=0,
                    wrapped=b"",
                    finished=False,
                ),
                now,
            )
            return 0
        if (found.case_id, found.category, found.size, found.added_by) != (
            case.case_id,
            category,
            size,
            officer,
        ):
            raise id_reused()
        return await _held(connection, found)


async def keep_piece(
    own: OwnMember, officer: str, upload_id: bytes, offset: int, data: bytes
) -> int:
    """Keep the next piece; how many bytes are here now.

    A piece that is here already is no mistake: the answer says where to go on, and
    to an empty one it says nothing else.
    Raises ConflictError ``attachment.gap`` for one that is not the next,
    InvalidInputError for one that is cut otherwise.
    """
    async with own.database.connection() as connection:
        upload = await _upload(connection, officer, upload_id)
        held = await _held(connection, upload)
    if offset < held or not data:
        return held
    _check_piece(upload, held, offset, data)
    if not offset:
        async with _forgotten_if_refused(own, upload):
            media_type_of(data[:TELLING_BYTES])
    key = _raw_key(own, upload)
    first = offset // CHUNK
    chunks = [
        (first + at, key.seal(first + at, data[at * CHUNK : (at + 1) * CHUNK]))
        for at in range(-(-len(data) // CHUNK))
    ]
    async with own.database.transaction() as connection:
        await attachment_store.insert_chunks(connection, upload_id, chunks)
    return offset + len(data)


def _check_piece(upload: UploadRow, held: int, offset: int, data: bytes) -> None:
    if offset > held:
        raise ConflictError(
            "attachment.gap",
            f"The piece begins at {offset}, and {held} bytes are here.",
            remedy="Ask how far the file came, and go on from there.",
        )
    end = offset + len(data)
    whole = len(data) % CHUNK == 0 or end == upload.size
    if not data or len(data) > LONGEST_PIECE or end > upload.size or not whole:
        raise InvalidInputError(
            "attachment.bad_piece",
            f"A piece has a whole number of {CHUNK} bytes, {LONGEST_PIECE} at most;"
            " the last one has what is left.",
            where="data",
            remedy="Cut the file so.",
        )


async def clean_upload(
    own: OwnMember, officer: str, upload_id: bytes, declared: bytes = b""
) -> Cleaned:
    """Write what of the file is kept, sealed under its own key.

    Done twice it writes the same. Of a file that is refused, also for not being the
    one ``declared`` by its SHA-256, all goes, and it can be sent anew. Raises
    InvalidInputError for what cannot be attached, ConflictError
    ``attachment.not_all_here``.
    """
    async with own.database.connection() as connection:
        upload = await _upload(connection, officer, upload_id)
        held = await _held(connection, upload)
        done = await attachment_store.attachment_by_id(connection, upload.attachment_id)
    if upload.finished and done is not None:
        # The act is known: what it once said is not asked for again.
        return Cleaned(upload, MediaType(done.media_type), done.size, _NOTHING)
    if held < upload.size:
        raise ConflictError(
            "attachment.not_all_here",
            f"{held} bytes of {upload.size} are here.",
            remedy="Send the rest first.",
        )
    async with _forgotten_if_refused(own, upload):
        if declared:
            await _check_declared(own, upload, declared)
        media_type, size, digest = await _measure(own, upload)
    secrets = Secrets(_keys(own, upload)[HASH_LENGTH:], digest)
    key = ContentKey(secrets.raw, upload.attachment_id, size)
    await _write(own, upload, key)
    return Cleaned(upload, media_type, size, secrets)


@asynccontextmanager
async def _forgotten_if_refused(
    own: OwnMember, upload: UploadRow
) -> AsyncIterator[None]:
    """A file that is refused will never be added: nothing of it stays."""
    try:
        yield
    except InvalidInputError:
        async with own.database.transaction() as connection:
            await attachment_store.delete_chunks(connection, upload.upload_id)
            await attachment_store.delete_upload(connection, upload.upload_id)
        raise


async def _check_declared(own: OwnMember, upload: UploadRow, declared: bytes) -> None:
    """What came must be what was sent, before anything else is said of it."""
    try:
        await check_content(own, _raw_key(own, upload), declared)
    except VerificationError:
        raise InvalidInputError(
            "attachment.changed_on_way",
            "The file that arrived is not the file that was sent.",
            where="digest",
            remedy="Send the file again from its beginning.",
        ) from None


async def _measure(own: OwnMember, upload: UploadRow) -> tuple[MediaType, int, bytes]:
    """Type, length and hash of what is kept: known before a chunk can be sealed."""
    digest, size, raw = hashlib.sha256(), 0, _raw_key(own, upload)
    beginning = (await window(own, raw, 0, 1))[0][:TELLING_BYTES]
    media_type, cleaner = cleaner_for(beginning)
    for first in range(0, raw.total, WINDOW):
        passed = cleaner.feed(b"".join(await window(own, raw, first)))
        digest.update(passed)
        size += len(passed)
    rest = cleaner.finish()
    digest.update(rest)
    size += len(rest)
    check_size(size)
    return media_type, size, digest.digest()


async def _write(own: OwnMember, upload: UploadRow, key: ContentKey) -> None:
    raw = _raw_key(own, upload)
    _, cleaner = cleaner_for((await window(own, raw, 0, 1))[0][:TELLING_BYTES])
    waiting, number = bytearray(), 0
    for first in range(0, raw.total, WINDOW):
        waiting += cleaner.feed(b"".join(await window(own, raw, first)))
        number = await _keep_full(own, key, waiting, number)
    if waiting:
        last = [(number, key.seal(number, bytes(waiting)))]
        async with own.database.transaction() as connection:
            await attachment_store.insert_chunks(connection, key.content_id, last)


async def _keep_full(
    own: OwnMember, key: ContentKey, waiting: bytearray, number: int
) -> int:
    """Keep every chunk that is full; the number of the next one."""
    chunks: list[Chunk] = []
    while len(waiting) >= CHUNK:
        chunks.append((number, key.seal(number, bytes(waiting[:CHUNK]))))
        del waiting[:CHUNK]
        number += 1
    if chunks:
        async with own.database.transaction() as connection:
            await attachment_store.insert_chunks(connection, key.content_id, chunks)
    return number


@dataclass(frozen=True, slots=True)
class AddAttachment:
    """The act of adding a cleaned file; its result is the attachment's id."""

    own: OwnMember
    actor: Actor
    cleaned: Cleaned
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotFoundError if the case or its key is gone."""
        own, upload = self.own, self.cleaned.upload
        row = await event_store.event_by_id(connection, upload.event_id)
        if row is not None:
            return Settled(row.subject, upload.attachment_id)
        case = await case_store.case_by_id(connection, upload.case_id)
        if case is None:
            raise NotFoundError("case.unknown", "This case is not here any more.")
        case_key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        key, writes = await category_key(own, connection, case.case_id, upload.category)
        added = insert_attachment(
            NewAttachment(
                attachment_id=upload.attachment_id,
                case_id=case.case_id,
                category=upload.category,
                key_scope=upload.category,
                source=own.name,
                added_by=self.actor.pseudonym,
                added_at=self.moment.case,
                media_type=self.cleaned.media_type.value,
                size=self.cleaned.size,
                state="whole",
                remote_id=None,
                referral_id=None,
                next_try_at=None,
                sealed=self.cleaned.secrets.seal(key, upload.attachment_id),
            )
        )
        recorded = Recorded(
            upload.event_id,
            self.actor,
            InsideAct.ATTACHMENT_ADDED,
            self.cleaned.secrets.digest,
            self.moment.case,
        )
        return plan_inside(
            own,
            case,
            case_key,
            recorded,
            (*writes, added),
            guard=bool(writes),
            result=upload.attachment_id,
        )


async def forget_raw(own: OwnMember, upload_id: bytes) -> None:
    """The raw pieces of a file go; which attachment it became stays for a day."""
    async with own.database.transaction() as connection:
        await attachment_store.delete_chunks(connection, upload_id)


async def sweep_uploads(own: OwnMember, now: datetime) -> int:
    """What was begun a day ago goes, with its chunks; how many went."""
    async with own.database.connection() as connection:
        old = await attachment_store.uploads_before(
            connection, now - _KEPT_FOR, _SWEPT_AT_ONCE
        )
    for each in old:
        async with own.database.transaction() as connection:
            await attachment_store.delete_chunks(connection, each.upload_id)
            if not each.finished:
                await attachment_store.delete_chunks(connection, each.attachment_id)
            await attachment_store.delete_upload(connection, each.upload_id)
    return len(old)


async def _upload(connection: Connection, officer: str, upload_id: bytes) -> UploadRow:
    upload = await attachment_store.upload_by_id(connection, upload_id)
    if upload is None or upload.added_by != officer:
        raise NotFoundError(
            "attachment.unknown_upload",
            "This officer is adding no such file.",
            remedy="Begin again: what is left lying goes after a day.",
        )
    return upload


async def _held(connection: Connection, upload: UploadRow) -> int:
    if upload.finished:
        return upload.size
    chunks = await attachment_store.chunks_held(connection, upload.upload_id)
    return min(chunks * CHUNK, upload.size)


def _keys(own: OwnMember, upload: UploadRow) -> bytes:
    """The key of the raw pieces, and that of the attachment to be."""
    key = own.vault.open_key(None, upload.epoch, upload.wrapped)
    return key.open(_TABLE, upload.upload_id, upload.nonce, upload.sealed)


def _raw_key(own: OwnMember, upload: UploadRow) -> ContentKey:
    return ContentKey(_keys(own, upload)[:HASH_LENGTH], upload.upload_id, upload.size)


_NOTHING = Secrets(bytes(HASH_LENGTH), bytes(HASH_LENGTH))
