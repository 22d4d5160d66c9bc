"""What comes of an attachment that a peer sends wrongly, and of uploads left lying."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    UnavailableError,
    VerificationError,
)
from services.node.domain.identifiers import new_id
from services.node.flows.attachments import attachments_of_case, read_attachment
from services.node.flows.contents import WINDOW, Secrets
from services.node.flows.fetching import fetch_attachment, put_off, sweep_erased
from services.node.flows.footing import category_key
from services.node.flows.uploads import (
    LONGEST_PIECE,
    AddAttachment,
    begin_upload,
    clean_upload,
    keep_piece,
    sweep_uploads,
)
from services.node.keys.at_rest import new_data_key
from services.node.sealing.chunks import CHUNK, ContentKey
from services.node.store import attachments as attachment_store
from services.node.store.attachments import NewAttachment, insert_attachment
from services.node.store.writes import execute_writes
from tests.pictures import PDF, cleaned_jpeg, jpeg
from tests.store.person import OFFICER, Person

HOME, AWAY = "lao-cai", "son-la"
THIRD = "nha-hoa-ban"
CONTENT = bytes(range(256)) * 256 * 20 + b"end"
"""Twenty chunks and a bit: two windows."""
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Peer:
    """Sends chunks as ``change`` makes them."""

    def __init__(self, key: ContentKey, change=lambda chunks: chunks) -> None:
        self._key, self._change = key, change
        self.asked: list[int] = []

    async def fetch(self, member, attachment_id, first, total):
        assert (member, attachment_id) == (AWAY, self._key.content_id)
        self.asked.append(first)
        sealed = [
            (number, self._key.seal(number, CONTENT[number * CHUNK :][:CHUNK]))
            for number in range(total)
        ]
        chunks = self._change(sealed)[first:]
        for begin in range(0, len(chunks), WINDOW):
            yield chunks[begin : begin + WINDOW]


def flipped(chunks):
    number, sealed = chunks[18]
    return [*chunks[:18], (number, bytes((sealed[0] ^ 1,)) + sealed[1:]), *chunks[19:]]


def swapped(chunks):
    one, other = chunks[17], chunks[18]
    return [*chunks[:17], (17, other[1]), (18, one[1]), *chunks[19:]]


def reordered(chunks):
    return [*chunks[:17], chunks[18], chunks[17], *chunks[19:]]


def doubled(chunks):
    return [*chunks[:18], chunks[17], *chunks[18:]]


def shortened(chunks):
    return [*chunks[:-1], (chunks[-1][0], chunks[-1][1][:-1])]


@pytest.fixture
async def person(town):
    person = Person(town)
    await person.open(HOME)
    return person


@pytest.fixture
async def case(person):
    (row,) = await person.cases_at(HOME)
    return row


@pytest.fixture
def own(person):
    return person.town.members[HOME].own


async def expected(own, case, digest=None, category="D2", source=AWAY):
    """An attachment that a release named, as the fetcher finds it, and its key."""
    attachment_id, remote_id = new_id(), new_id()
    travelling = ContentKey(new_data_key(), remote_id, len(CONTENT))
    secrets = Secrets(
        new_data_key(), digest or hashlib.sha256(CONTENT).digest(), travelling.raw
    )
    async with own.database.transaction() as connection:
        key, writes = await category_key(own, connection, case["case_id"], category)
        new = NewAttachment(
            attachment_id,
            case["case_id"],
            category,
            category,
            source,
            "officer-9",
            NOW,
            "application/pdf",
            len(CONTENT),
            "fetching",
            remote_id,
            new_id(),
            NOW,
            secrets.seal(key, attachment_id),
        )
        await execute_writes(connection, [*writes, insert_attachment(new)])
    return await read_row(own, attachment_id), travelling


async def read_row(own, attachment_id):
    async with own.database.connection() as connection:
        return await attachment_store.attachment_by_id(connection, attachment_id)


async def held(own, content_id):
    async with own.database.connection() as connection:
        return await attachment_store.chunks_held(connection, content_id)


async def content(own, case, attachment_id):
    pieces = read_attachment(own, case["pseudonym"], attachment_id)
    return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize(
    "change",
    [flipped, swapped, reordered, doubled, shortened],
    ids=lambda c: c.__name__,
)
async def test_wrong_chunk_is_not_kept_and_the_right_one_is_asked_for(
    own, case, change
):
    row, key = await expected(own, case)
    with pytest.raises(VerificationError) as refused:
        await fetch_attachment(own, Peer(key, change), row)
    assert refused.value.code == "attachment.bad_chunk"
    # The first window was right and stays; nothing of the wrong one does.
    assert await held(own, row.attachment_id) == WINDOW
    with pytest.raises(UnavailableError):
        await content(own, case, row.attachment_id)
    right = Peer(key)
    await fetch_attachment(own, right, row)
    assert right.asked == [WINDOW]
    assert await content(own, case, row.attachment_id) == CONTENT


async def test_content_that_stops_is_never_whole(own, case):
    row, key = await expected(own, case)
    with pytest.raises(UnavailableError) as refused:
        await fetch_attachment(own, Peer(key, lambda chunks: chunks[:18]), row)
    assert refused.value.code == "attachment.chunk_missing"
    assert (await read_row(own, row.attachment_id)).state == "fetching"
    assert await held(own, row.attachment_id) == 18


async def test_other_content_than_was_offered_is_refused_for_good(own, case):
    """Well sealed, but not what the offer named: nothing of it stays."""
    row, key = await expected(own, case, digest=bytes(32))
    with pytest.raises(VerificationError) as refused:
        await fetch_attachment(own, Peer(key), row)
    assert refused.value.code == "attachment.other_content"
    settled = await read_row(own, row.attachment_id)
    assert (settled.state, settled.last_problem) == ("refused", refused.value.code)
    assert await held(own, row.attachment_id) == 0
    with pytest.raises(NotFoundError):
        await content(own, case, row.attachment_id)
    async with own.database.connection() as connection:
        assert await attachment_store.attachments_due(connection, NOW, 9) == []


async def test_the_files_of_one_member_hide_none_of_another(own, case):
    for _ in range(5):
        first, _ = await expected(own, case)
    other, _ = await expected(own, case, source=THIRD)
    async with own.database.connection() as connection:
        due = await attachment_store.attachments_due(connection, NOW, 4)
        assert [each.source for each in due] == [first.source, THIRD]
        left = await attachment_store.attachments_due(connection, NOW, 4, {AWAY})
    assert [each.attachment_id for each in left] == [other.attachment_id]


async def test_what_failed_waits_longer_each_time_and_not_for_ever(own, case):
    row, _ = await expected(own, case)
    waits = []
    for _ in range(14):
        await put_off(own, row, UnavailableError("peer.no_answer", "."), NOW)
        row = await read_row(own, row.attachment_id)
        async with own.database.connection() as connection:
            due = await attachment_store.next_fetch_at(connection, NOW)
        assert due is not None
        waits.append(due - NOW)
    assert waits[0] <= timedelta(milliseconds=500) < waits[5]
    assert timedelta(minutes=2) < waits[-1] <= timedelta(minutes=5)


async def test_chunks_whose_key_was_dropped_go(own, case):
    row, key = await expected(own, case)
    await fetch_attachment(own, Peer(key), row)
    assert await sweep_erased(own) == 0
    async with own.database.transaction() as connection:
        await connection.execute(
            "DELETE FROM data_key WHERE owner = $1 AND scope = 'D2'", case["case_id"]
        )
    assert await attachments_of_case(own, case["pseudonym"]) == []
    assert await sweep_erased(own) == 1
    assert await held(own, row.attachment_id) == 0
    assert await sweep_erased(own) == 0


async def upload(own, case, file, officer=OFFICER.pseudonym, name=None):
    name = name or new_id()
    begun = (own, officer, name, case["pseudonym"], "D2", len(file), NOW)
    at = await begin_upload(*begun)
    while at < len(file):
        at = await keep_piece(own, officer, name, at, file[at : at + LONGEST_PIECE])
    return name


async def test_empty_piece_asks_how_far_a_file_came(own, case):
    name, file = new_id(), jpeg(3 * CHUNK)
    await begin_upload(
        own, OFFICER.pseudonym, name, case["pseudonym"], "D2", len(file), NOW
    )
    assert await keep_piece(own, OFFICER.pseudonym, name, 0, b"") == 0
    await keep_piece(own, OFFICER.pseudonym, name, 0, file[:CHUNK])
    assert await keep_piece(own, OFFICER.pseudonym, name, 0, b"") == CHUNK


async def test_file_that_is_not_the_declared_one_is_refused_and_forgotten(own, case):
    file, name = jpeg(3 * CHUNK), new_id()
    declared = sha256(file).digest()
    first, second = file[:CHUNK], file[CHUNK : 2 * CHUNK]
    flipped = file[:5000] + bytes((file[5000] ^ 1,)) + file[5001:]
    for sent in (second + first + file[2 * CHUNK :], flipped):
        await begin_upload(
            own, OFFICER.pseudonym, name, case["pseudonym"], "D2", len(file), NOW
        )
        if not sent.startswith(b"\xff\xd8\xff"):
            with pytest.raises(InvalidInputError):
                await keep_piece(own, OFFICER.pseudonym, name, 0, sent)
            continue
        await keep_piece(own, OFFICER.pseudonym, name, 0, sent)
        with pytest.raises(InvalidInputError) as refused:
            await clean_upload(own, OFFICER.pseudonym, name, declared)
        assert refused.value.code == "attachment.changed_on_way"
    assert await held(own, name) == 0
    await upload(own, case, file, name=name)
    cleaned = await clean_upload(own, OFFICER.pseudonym, name, declared)
    assert cleaned.size == len(cleaned_jpeg(3 * CHUNK))


async def test_file_is_read_from_any_byte_on(own, case, town):
    name = await upload(own, case, jpeg(3 * CHUNK))
    act = AddAttachment(
        own,
        OFFICER.actor(),
        await clean_upload(own, OFFICER.pseudonym, name),
        town.moment(HOME),
    )
    added = (await town.act(HOME, act)).result
    whole = cleaned_jpeg(3 * CHUNK)
    for offset in (1, CHUNK - 1, CHUNK, CHUNK + 7, len(whole) - 1):
        pieces = read_attachment(own, case["pseudonym"], added, offset)
        assert b"".join([each async for each in pieces]) == whole[offset:]


async def test_file_is_kept_clean_and_sealed(own, case, town):
    file = jpeg(3 * CHUNK)
    name = await upload(own, case, file)
    cleaned = await clean_upload(own, OFFICER.pseudonym, name)
    act = AddAttachment(own, OFFICER.actor(), cleaned, town.moment(HOME))
    added = (await town.act(HOME, act)).result
    assert await content(own, case, added) == cleaned_jpeg(3 * CHUNK)
    rows = await town.rows(HOME, "SELECT sealed FROM attachment_chunk")
    for part in (file[-700:-600], cleaned_jpeg()[:40], hashlib.sha256(file).digest()):
        assert not [row for row in rows if part in row["sealed"]]
    leaves = await town.rows(
        HOME,
        "SELECT l.index FROM ledger_leaf AS l INNER JOIN event AS e"
        " ON l.subject = e.subject WHERE e.step = 'attachment_added'",
    )
    assert len(leaves) == 1


@pytest.mark.parametrize(
    ("category", "size", "code"),
    [
        ("D0", 1, "attachment.bad_category"),
        ("D99", 1, "attachment.bad_category"),
        ("D2", 0, "attachment.empty"),
        ("D2", 200 * 1024 * 1024 + 1, "attachment.too_large"),
    ],
)
async def test_what_cannot_be_attached_is_refused_before_it_comes(
    own, case, category, size, code
):
    with pytest.raises(InvalidInputError) as refused:
        await begin_upload(
            own, "desk-1", new_id(), case["pseudonym"], category, size, NOW
        )
    assert refused.value.code == code
    assert refused.value.remedy


async def test_unknown_type_is_refused_with_its_first_piece(own, case):
    with pytest.raises(InvalidInputError) as refused:
        await upload(own, case, b"MZ" + bytes(3 * CHUNK))
    assert refused.value.code == "attachment.unknown_type"


async def test_five_uploads_at_once_are_one_too_many(own, case):
    for _ in range(4):
        await upload(own, case, PDF)
    with pytest.raises(UnavailableError) as refused:
        await upload(own, case, PDF)
    assert refused.value.code == "attachment.too_many_uploads"
    assert await upload(own, case, PDF, officer="desk-2")
    # What is left lying for a day goes, and makes room.
    assert await sweep_uploads(own, NOW + timedelta(hours=23)) == 0
    assert await sweep_uploads(own, NOW + timedelta(hours=25)) == 5
    assert await upload(own, case, PDF)


async def test_upload_is_its_officers_own(own, case):
    name = await upload(own, case, PDF)
    with pytest.raises(NotFoundError):
        await clean_upload(own, "desk-2", name)
    with pytest.raises(InvalidInputError):
        await upload(own, case, PDF, officer="desk-2", name=name)


@pytest.mark.parametrize(
    "piece", [b"x", bytes(CHUNK + 1), bytes(LONGEST_PIECE + CHUNK)]
)
async def test_piece_that_is_cut_otherwise_is_refused(own, case, piece):
    name = new_id()
    await begin_upload(own, "desk-1", name, case["pseudonym"], "D2", 9 << 20, NOW)
    with pytest.raises(InvalidInputError) as refused:
        await keep_piece(own, "desk-1", name, 0, piece)
    assert refused.value.code == "attachment.bad_piece"
