"""The exchange as a client: calls to other members' nodes over pinned TLS.

One channel a member, kept open. The only certificates trusted for a member are
those that it lists; names in certificates mean nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from relais.exchange.v1 import (
    attachment_pb2,
    attachment_pb2_grpc,
    deliver_pb2,
    deliver_pb2_grpc,
    probe_pb2,
    probe_pb2_grpc,
)
from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.contents import WINDOW
from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.own import OwnMember
from services.node.flows.probe import ProbeTest
from services.node.keys.tls import to_pem
from services.node.rpc.conversions import answer_from, delivery_to
from services.node.rpc.errors import from_rpc_error
from services.node.store.attachments import Chunk

_TIMEOUT = 30.0
#: Seconds for one attachment; what is missing then is fetched by another call.
_WHOLE_FILE = 6 * 3600.0


class PeerClient:
    """Channels to peers; ``message_limit`` in bytes bounds one batch."""

    def __init__(self, own: OwnMember, message_limit: int) -> None:
        self._own = own
        self._message_limit = message_limit
        self._channels: dict[str, tuple[tuple[object, ...], grpc.aio.Channel]] = {}

    async def deliver(self, member: str, delivery: Delivery) -> DeliveryAnswer:
        """Send one batch and wait for its answers; raises RelaisError."""
        stub = deliver_pb2_grpc.DeliverServiceStub(await self.channel(member))
        with translated(member):
            async with asyncio.timeout(_TIMEOUT):
                call = stub.Deliver(timeout=_TIMEOUT)
                await call.write(delivery_to(delivery))
                await call.done_writing()
                response = await call.read()
                if not isinstance(response, deliver_pb2.DeliverResponse):
                    raise no_answer(member)
                return answer_from(response)

    async def probe(
        self,
        member: str,
        test: ProbeTest,
        word: probe_pb2.ClosedToNew | None = None,
    ) -> probe_pb2.ProbeResponse:
        """Ask the peer to open a test value, and tell what this member says of itself.

        ``word`` is None where it tells nothing. Raises RelaisError.
        """
        stub = probe_pb2_grpc.ProbeServiceStub(await self.channel(member))
        request = probe_pb2.ProbeRequest(
            sealing_key_id=test.sealing_key_id,
            sealed=test.sealed,
            closed_to_new=word,
        )
        try:
            response: probe_pb2.ProbeResponse = await stub.Probe(request, timeout=10)
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, member) from error
        return response

    async def fetch(
        self, member: str, attachment_id: bytes, first: int, total: int
    ) -> AsyncIterator[list[Chunk]]:
        """Windows of chunks of an attachment from ``first`` on; raises RelaisError.

        The next window is asked for when this one was taken.
        """
        stub = attachment_pb2_grpc.AttachmentServiceStub(await self.channel(member))
        # All windows together; each has its own limit beside it.
        call = stub.Fetch(timeout=_WHOLE_FILE)
        try:
            for begin in range(first, total, WINDOW):
                count = min(WINDOW, total - begin)
                with translated(member):
                    async with asyncio.timeout(_TIMEOUT):
                        chunks = await _window(call, attachment_id, begin, count)
                if len(chunks) < count:
                    raise no_answer(member)
                yield chunks
        finally:
            call.cancel()

    async def close(self) -> None:
        """Close every channel."""
        for _, channel in self._channels.values():
            await channel.close()
        self._channels.clear()

    async def channel(self, member: str) -> grpc.aio.Channel:
        """The channel to a member, made anew when its entry changed."""
        peer = self._own.adopted.directory.active_member(member)
        if not peer.peers_address:
            raise only_dials_out(member)
        certificates = tuple(peer.certificates.values())
        if not certificates:
            raise UnavailableError(
                "peer.no_certificate",
                "The directory lists no certificate of this member.",
                where=member,
            )
        key = (peer.peers_address, certificates)
        known = self._channels.get(member)
        if known is not None and known[0] == key:
            return known[1]
        if known is not None:
            await known[1].close()
        channel = grpc.aio.secure_channel(
            peer.peers_address,
            grpc.ssl_channel_credentials(
                root_certificates=b"".join(to_pem(each) for each in certificates),
                private_key=self._own.keys.tls_key_pem,
                certificate_chain=self._own.keys.tls_cert_pem,
            ),
            options=[
                ("grpc.ssl_target_name_override", f"{member}.relais.invalid"),
                ("grpc.max_receive_message_length", self._message_limit),
                ("grpc.max_send_message_length", self._message_limit),
                ("grpc.initial_reconnect_backoff_ms", 200),
                # Also how long one attempt may take: a handshake over a slow line
                # or with a busy node needs its time.
                ("grpc.min_reconnect_backoff_ms", 5000),
                # The relay's own waits are longer; a member that is back is met soon.
                ("grpc.max_reconnect_backoff_ms", 1000),
                ("grpc.enable_http_proxy", 0),
            ],
        )
        self._channels[member] = (key, channel)
        return channel


async def _window(
    call: Any, attachment_id: bytes, first: int, count: int
) -> list[Chunk]:
    """The chunks of one request; fewer if the call ends before."""
    request = attachment_pb2.FetchRequest(
        attachment_id=attachment_id, first=first, count=count
    )
    await call.write(request)
    chunks: list[Chunk] = []
    while len(chunks) < count:
        answer = await call.read()
        if not isinstance(answer, attachment_pb2.FetchResponse):
            break
        chunks.append((answer.number, answer.sealed))
    return chunks


@contextmanager
def translated(member: str) -> Iterator[None]:
    """Whatever a call to ``member`` fails with, as one of our own errors."""
    try:
        yield
    except TimeoutError as error:
        raise no_answer(member) from error
    except asyncio.InvalidStateError as error:
        # The call was over before it was written: its status says why.
        raise no_answer(member) from error
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
            # Either clock may be the first to end it: it is told alike.
            raise no_answer(member) from error
        raise from_rpc_error(error, member) from error


def only_dials_out(member: str) -> RelaisError:
    """The error for a call to a member that nobody can dial."""
    return UnavailableError(
        "peer.only_dials_out",
        "The directory lists no address of this member: it only dials out.",
        where=member,
        remedy="What waits for it is handed over as soon as that node comes.",
    )


def no_answer(member: str) -> RelaisError:
    """The error for a call that came back without what was asked."""
    return UnavailableError(
        "peer.no_answer",
        "The other node did not answer in time.",
        where=member,
        remedy="It is tried again by itself, with the same id and bytes.",
    )
