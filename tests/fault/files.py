"""Files at the desks of a small network: attached, offered, awaited and read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import grpc

from relais.desk.v1 import referral_pb2
from relais.envelope.v1 import body_pb2
from relais.exchange.v1 import attachment_pb2
from relais.exchange.v1.attachment_pb2_grpc import AttachmentServiceStub
from services.node.domain.errors import UnavailableError
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.attachment_values import AttachmentRead
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.errors import from_rpc_error
from services.node.store.attachments import Chunk
from tests.fault.desks import ACCEPT, Desk, new_id
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork


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
    await province.step(referral_id, **ACCEPT)
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


@asynccontextmanager
async def as_owner(town: SmallNetwork, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection with the rights of whoever made the tables."""
    database = town.network.place(name).database
    address = database.owner_address(town.network.state.cluster)
    connection = await asyncpg.connect(
        host=address.host,
        port=address.port,
        database=address.name,
        user=address.user,
        password=address.password,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def asked_by(town: SmallNetwork, name: str, remote_id: bytes) -> list[Chunk]:
    """The first chunks, asked of the hotline with a member's own certificate."""
    peers, keys = town.network.config(HOTLINE).peers, town.network.place(name).keys
    channel = grpc.aio.secure_channel(
        f"{peers.host}:{peers.port}",
        grpc.ssl_channel_credentials(
            (town.network.place(HOTLINE).keys / "tls.crt").read_bytes(),
            (keys / "tls.key").read_bytes(),
            (keys / "tls.crt").read_bytes(),
        ),
        [("grpc.ssl_target_name_override", f"{HOTLINE}.relais.invalid")],
    )
    async with channel:
        call = AttachmentServiceStub(channel).Fetch()
        try:
            await call.write(
                attachment_pb2.FetchRequest(attachment_id=remote_id, first=0, count=16)
            )
            await call.done_writing()
            return [(each.number, each.sealed) async for each in call]
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, name) from error
