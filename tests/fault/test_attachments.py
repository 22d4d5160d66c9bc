"""Attachments between real nodes: whole, resumed, refused where changed.

Kills and cuts come while chunks travel; what is kept is kept, and what arrives is
what was attached, without what the camera told beside it.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog

from services.node.domain.attachments import LARGEST
from services.node.domain.errors import NotFoundError, RelaisError, UnavailableError
from services.node.rpc.attachment_client import PIECE
from services.node.sealing.chunks import CHUNK
from tests.fault.desks import new_id
from tests.fault.files import (
    accepted,
    as_owner,
    asked_by,
    attach,
    content_of,
    files_of,
    here,
    offer_of,
    offered,
)
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork
from tests.fault.test_withdrawal import acknowledged, withdraw
from tests.fault.widely import ALL
from tests.network.command_line import relais
from tests.pictures import SECRET, cleaned_jpeg, jpeg

MIB = 1024 * 1024
AT_THE_LIMIT = LARGEST * 996 // 1000
"""With all that a photograph has beside it, 22 KiB less than may be."""
LOCK = 4711
PAUSE = """
CREATE FUNCTION paused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number >= {} THEN
        PERFORM pg_advisory_xact_lock_shared({});
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paused BEFORE INSERT ON attachment_chunk
FOR EACH ROW EXECUTE FUNCTION paused();
"""
FLIPPED = """
UPDATE attachment_chunk SET sealed = set_byte(sealed, 70, get_byte(sealed, 70) # 1)
WHERE content_id = $1 AND number = 2
"""
CHANGES = {
    FLIPPED: "attachment.bad_chunk",
    "UPDATE attachment_chunk AS a SET sealed = b.sealed FROM attachment_chunk AS b"
    " WHERE a.content_id = $1 AND b.content_id = $1 AND a.number = 1"
    " AND b.number = 3": "attachment.bad_chunk",
    "DELETE FROM attachment_chunk WHERE content_id = $1"
    " AND number > 2": "attachment.chunk_missing",
}
"""What happens to a content in its sender's database, and what that is."""


@asynccontextmanager
async def paused_after(town: SmallNetwork, length: int) -> AsyncIterator[None]:
    """The province keeps no chunk beyond so many bytes until the block ends."""
    async with as_owner(town, PROVINCE) as owner:
        await owner.execute(PAUSE.format(length // CHUNK, LOCK))
        await owner.execute(f"SELECT pg_advisory_lock({LOCK})")
        try:
            yield
        finally:
            await owner.execute(f"SELECT pg_advisory_unlock({LOCK})")
            await owner.execute("DROP FUNCTION paused CASCADE")


async def test_a_photograph_arrives_without_what_the_camera_told(town, desks):
    case, number, referral_id = await offer_of(town, desks, jpeg())
    assert await content_of(town, HOTLINE, case, number) == cleaned_jpeg()
    there = await accepted(desks, referral_id)
    found = await here(town, there)
    assert (found.category, found.media_type, found.source) == (
        "D2",
        "image/jpeg",
        HOTLINE,
    )
    arrived = await content_of(town, PROVINCE, there, found.attachment_id)
    assert arrived == cleaned_jpeg()
    assert SECRET not in arrived


def rss(town: SmallNetwork, name: str) -> float:
    """MiB of the member's node."""
    return float(town.process(name).memory_info().rss) / MIB


async def highest_while(
    town: SmallNetwork, done: asyncio.Event, *names: str
) -> dict[str, float]:
    """The most that each node held until ``done``."""
    highest = dict.fromkeys(names, 0.0)
    while not done.is_set():
        for name in names:
            highest[name] = max(highest[name], rss(town, name))
        await asyncio.sleep(0.01)
    return highest


@pytest.mark.parametrize("length", [50 * MIB, *([AT_THE_LIMIT] if ALL else [])])
async def test_fifty_mebibytes_pass_through_two_nodes_in_little_memory(
    town, desks, length
):
    """In the long form also the largest file, whose line is cut in the middle."""
    await test_a_photograph_arrives_without_what_the_camera_told(town, desks)
    before = {name: rss(town, name) for name in (HOTLINE, PROVINCE)}
    done = asyncio.Event()
    watching = asyncio.create_task(highest_while(town, done, *before))
    began = time.monotonic()
    _, _, referral_id = await offer_of(town, desks, jpeg(length))
    there = await accepted(desks, referral_id)
    if length == AT_THE_LIMIT:
        await here(town, there, "fetching", length // 2)
        town.lines[HOTLINE].cut()
        held = (await here(town, there, "fetching", 0, "peer.unreachable")).held
        assert length // 2 <= held < length
        town.lines[HOTLINE].mend()
    found = await here(town, there)
    digest, size = hashlib.sha256(), 0
    async with files_of(town, PROVINCE) as files:
        pieces = files.read_attachment(f"{PROVINCE}-1", there, found.attachment_id)
        async for piece in pieces:
            digest.update(piece)
            size += len(piece)
    took = time.monotonic() - began
    done.set()
    highest = await watching
    assert digest.digest() == hashlib.sha256(cleaned_jpeg(length)).digest()
    assert size == found.size > length
    extra = {name: highest[name] - before[name] for name in before}
    assert max(extra.values()) <= 64, (extra, took)
    assert took < 60 * length / (50 * MIB), (extra, took)
    log = structlog.get_logger()
    log.info("file.passed", mebibytes=length // MIB, extra=extra, seconds=took)


@pytest.mark.parametrize("killed", [HOTLINE, PROVINCE])
async def test_killed_in_the_middle_it_goes_on_where_it_was(town, desks, killed):
    content = jpeg(6 * MIB, seed=len(killed))
    _, _, referral_id = await offer_of(town, desks, content)
    async with paused_after(town, 2 * MIB):
        there = await accepted(desks, referral_id)
        before = await here(town, there, "fetching", 2 * MIB)
        await town.kill(killed)
        await town.restart(killed)
        assert (await here(town, there, "fetching", before.held)).held < before.size
    found = await here(town, there)
    arrived = await content_of(town, PROVINCE, there, found.attachment_id)
    assert arrived == cleaned_jpeg(6 * MIB, seed=len(killed))


async def test_cut_line_is_not_the_end(town, desks):
    content = jpeg(4 * MIB, seed=3)
    _, _, referral_id = await offer_of(town, desks, content)
    async with paused_after(town, MIB):
        there = await accepted(desks, referral_id)
        await here(town, there, "fetching", MIB)
        town.lines[HOTLINE].cut()
    await here(town, there, "fetching", MIB, "peer.unreachable")
    town.lines[HOTLINE].mend()
    found = await here(town, there)
    arrived = await content_of(town, PROVINCE, there, found.attachment_id)
    assert arrived == cleaned_jpeg(4 * MIB, seed=3)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_changed_at_the_sender_is_not_taken(town, desks, change):
    """A flipped bit, a moved chunk, a lost end: once repaired, it goes on."""
    case, number, referral_id = await offer_of(town, desks, jpeg(300_000))
    problem = CHANGES[change]
    async with as_owner(town, HOTLINE) as owner:
        kept = await owner.fetch(
            "SELECT content_id, number, sealed FROM attachment_chunk"
            " WHERE content_id = $1",
            number,
        )
        await owner.execute(change, number)
        there = await accepted(desks, referral_id)
        found = await here(town, there, "fetching", 0, problem)
        with pytest.raises(UnavailableError) as refused:
            await content_of(town, PROVINCE, there, found.attachment_id)
        assert refused.value.code == "attachment.not_here_yet"
        with pytest.raises(RelaisError) as own:
            await content_of(town, HOTLINE, case, number)
        assert own.value.code == problem
        await owner.execute(
            "DELETE FROM attachment_chunk WHERE content_id = $1", number
        )
        await owner.executemany(
            "INSERT INTO attachment_chunk VALUES ($1, $2, $3)",
            [tuple(each) for each in kept],
        )
    found = await here(town, there)
    arrived = await content_of(town, PROVINCE, there, found.attachment_id)
    assert arrived == cleaned_jpeg(300_000)


async def test_what_was_changed_at_the_recipient_is_not_read(town, desks):
    _, _, referral_id = await offer_of(town, desks, jpeg(300_000))
    there = await accepted(desks, referral_id)
    found = await here(town, there)
    async with as_owner(town, PROVINCE) as owner:
        await owner.execute(FLIPPED, found.attachment_id)
    with pytest.raises(RelaisError) as refused:
        await content_of(town, PROVINCE, there, found.attachment_id)
    assert refused.value.code == "attachment.bad_chunk"


async def test_nothing_opens_before_the_release(town, desks):
    """The recipient has neither a chunk nor a key, and is not told what it is."""
    _, number, referral_id = await offer_of(town, desks, jpeg())
    await desks[PROVINCE].see(referral_id, "offered")
    async with town.database(PROVINCE) as connection:
        assert not await connection.fetchval(
            "SELECT count(*) FROM attachment WHERE referral_id = $1", referral_id
        )
    async with town.database(HOTLINE) as connection:
        (row,) = await connection.fetch(
            "SELECT remote_id, sealed FROM attachment_out WHERE referral_id = $1",
            referral_id,
        )
    assert row["sealed"] is None
    assert row["remote_id"] != number
    for name in (PROVINCE, "nha-hoa-ban"):
        with pytest.raises(NotFoundError) as refused:
            await asked_by(town, name, row["remote_id"])
        assert refused.value.code == "attachment.not_served"
    await accepted(desks, referral_id)
    assert len(await asked_by(town, PROVINCE, row["remote_id"])) == 1
    with pytest.raises(NotFoundError):
        # The release is no business of anybody else.
        await asked_by(town, "nha-hoa-ban", row["remote_id"])


async def test_taken_back_it_is_read_no_more(town, desks):
    hotline = desks[HOTLINE]
    case = await hotline.open_case()
    agreed = await hotline.agree(case, "reception_shelter", PROVINCE)
    number = await attach(town, hotline, case, jpeg())
    referral_id = await offered(hotline, case, number)
    there = await accepted(desks, referral_id)
    found = await here(town, there)
    await withdraw(hotline, case, agreed.consent_id)
    await acknowledged(hotline, case)
    async with files_of(town, PROVINCE) as files:
        assert await files.list_attachments(f"{PROVINCE}-1", there) == ()
    with pytest.raises(NotFoundError):
        await content_of(town, PROVINCE, there, found.attachment_id)
    # What the hotline itself attached is its own.
    assert await content_of(town, HOTLINE, case, number) == cleaned_jpeg()


async def test_upload_goes_on_after_the_node_was_killed(town, desks):
    hotline = desks[HOTLINE]
    case, content, name = await hotline.open_case(), jpeg(3 * MIB), new_id()
    begun = (hotline.officer, name, case, "D2", len(content))
    async with files_of(town, HOTLINE) as files:
        assert await files.begin_upload(*begun) == 0
        for at in (0, PIECE):
            await files.keep_piece(hotline.officer, name, at, content[at : at + PIECE])
    await town.kill(HOTLINE)
    await town.restart(HOTLINE)
    async with files_of(town, HOTLINE) as files:
        held = await files.begin_upload(*begun)
        assert held == 2 * PIECE
        # The same again is no mistake, a gap is one, and so is another's hand.
        assert await files.keep_piece(hotline.officer, name, 0, content[:PIECE]) == held
        with pytest.raises(RelaisError) as refused:
            await files.keep_piece(hotline.officer, name, held + PIECE, b"x")
        assert refused.value.code == "attachment.gap"
        with pytest.raises(RelaisError) as refused:
            await files.finish_upload(hotline.officer, name)
        assert refused.value.code == "attachment.not_all_here"
        while held < len(content):
            piece = content[held : held + PIECE]
            held = await files.keep_piece(hotline.officer, name, held, piece)
        added = await files.finish_upload(hotline.officer, name)
        again = await files.finish_upload(hotline.officer, name)
        assert again == added
        (found,) = await files.list_attachments(hotline.officer, case)
    assert found.attachment_id == added.attachment_id
    arrived = await content_of(town, HOTLINE, case, added.attachment_id)
    assert arrived == cleaned_jpeg(3 * MIB)
    async with town.database(HOTLINE) as connection:
        raw = "SELECT count(*) FROM attachment_chunk WHERE content_id = $1"
        assert await connection.fetchval(raw, name) == 0


async def test_files_from_the_command_line(town, desks, tmp_path):
    hotline = desks[HOTLINE]
    case = await hotline.open_case()
    await hotline.agree(case, "reception_shelter", PROVINCE)
    photograph, out = tmp_path / "canary-name.jpg", tmp_path / "out.jpg"
    photograph.write_bytes(jpeg())
    socket = str(town.network.local_socket(HOTLINE))
    at = ("--officer", hotline.officer, "--socket", socket)
    words = ("case", "attach", case, str(photograph), "--category", "D2", *at)
    said = await asyncio.to_thread(relais, *words)
    assert said.returncode == 0, said.stderr
    number = said.stdout.split("Attached: ")[1][:32]
    again = await asyncio.to_thread(relais, *words)
    assert number in again.stdout
    listed = await asyncio.to_thread(relais, "case", "attachments", case, *at)
    assert number in listed.stdout
    assert "image/jpeg" in listed.stdout
    read = ("case", "fetch", case, number[:8], str(out), *at)
    assert (await asyncio.to_thread(relais, *read)).returncode == 0
    assert out.read_bytes() == cleaned_jpeg()
    assert (await asyncio.to_thread(relais, *read)).returncode == 1
    other = tmp_path / "film.mp4"
    other.write_bytes(b"\0\0\0\x18ftypmp42")
    words = ("case", "attach", case, str(other), "--category", "D2", *at)
    refused = await asyncio.to_thread(relais, *words)
    assert "attachment.unknown_type" in refused.stderr
    log = town.network.place(HOTLINE).log.read_bytes()
    assert b"FinishUpload" in log
    assert b"canary-name" not in log
