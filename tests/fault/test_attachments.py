"""Attachments between real nodes: whole, resumed, refused where changed.

Kills and cuts come while chunks travel; what is kept is kept, and what arrives is
what was attached, without what the camera told beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from relais.desk.v1 import referral_pb2
from relais.envelope.v1 import body_pb2
from services.node.domain.errors import UnavailableError
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.attachment_values import AttachmentRead
from services.node.rpc.desk_client import DeskClient
from tests.fault.desks import Desk, new_id
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork
from tests.pictures import SECRET, cleaned_jpeg, jpeg

MIB = 1024 * 1024


@asynccontextmanager
async def files_of(town: SmallNetwork, name: str) -> AsyncIterator[DeskClient]:
    async with DeskClient(town.network.local_socket(name), name) as client:
        yield client


async def attach(town: SmallNetwork, desk: Desk, case: str, content: bytes) -> bytes:
    """A file of D2, sent in pieces; its number."""
    async with files_of(town, desk.name) as files:
        name = new_id()
        await files.begin_upload(desk.officer, name, case, "D2", len(content))
        for at in range(0, len(content), PIECE):
            await files.keep_piece(desk.officer, name, at, content[at : at + PIECE])
        return (await files.finish_upload(desk.officer, name)).attachment_id


async def offered(desk: Desk, case: str, *attachment_ids: bytes) -> bytes:
    made = await desk.referrals.MakeOffer(
        referral_pb2.MakeOfferRequest(
            officer=desk.officer,
            event_id=new_id(),
            case_pseudonym=case,
            recipient=PROVINCE,
            offer=body_pb2.Offer(
                referral_type="reception", priority="emergency", need="help"
            ),
            categories=("D1", "D2"),
            attachment_ids=attachment_ids,
        ),
        wait_for_ready=True,
        timeout=30,
    )
    return bytes(made.referral_id)


async def accepted(desks: dict[str, Desk], referral_id: bytes) -> str:
    """The province takes it over; its own number of the case."""
    province = desks[PROVINCE]
    await province.see(referral_id, "offered")
    await province.step(referral_id, acceptance=body_pb2.Acceptance())
    return str((await province.see(referral_id, "in_service")).case_pseudonym)


async def here(
    town: SmallNetwork,
    case: str,
    state: str = "whole",
    held: int = 0,
    problem: str = "",
) -> AttachmentRead:
    """The one attachment of the province's case, once it is so."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with files_of(town, PROVINCE) as files:
                    (found,) = await files.list_attachments(f"{PROVINCE}-1", case)
            except UnavailableError:
                continue
            right = found.state == state and found.held >= held
            if right and problem in {"", found.problem}:
                return found
            await asyncio.sleep(0.02)


async def content_of(town: SmallNetwork, name: str, case: str, number: bytes) -> bytes:
    async with files_of(town, name) as files:
        pieces = files.read_attachment(f"{name}-1", case, number)
        return b"".join([piece async for piece in pieces])


async def offer_of(
    town: SmallNetwork, desks: dict[str, Desk], content: bytes
) -> tuple[str, bytes, bytes]:
    """A case with this file, offered: case, attachment and referral."""
    hotline = desks[HOTLINE]
    case = await hotline.open_case()
    await hotline.agree(case, "reception_shelter", PROVINCE)
    number = await attach(town, hotline, case, content)
    return case, number, await offered(hotline, case, number)


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
