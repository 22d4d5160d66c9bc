"""A second relay: takes what waits for a member to it, twice and in reverse.

It holds the senders' keys, as a replica of their nodes would, reads their
databases and guards, and delivers past the line on which the first relay's requests
are kept.
It settles nothing: the first relay comes with the same envelopes afterwards.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import grpc

from relais.exchange.v1 import deliver_pb2, deliver_pb2_grpc
from services.cli.cluster import PORT
from services.node.build import _directory, _policy
from services.node.config.node import NodeConfig
from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.evidence import evidence_for
from services.node.flows.exchange import NO_HEAD, Consignment, Delivery, Envelope
from services.node.flows.growth import GROWTH_MISSING, known_head, own_growth
from services.node.flows.own import Adopted, OwnMember
from services.node.flows.vault import Vault
from services.node.keys.tls import to_pem
from services.node.places import open_places
from services.node.rpc.conversions import delivery_to
from services.node.store import exchange as exchange_store
from services.node.store import ledger as ledger_store
from services.node.store.pool import Address, Database, open_database
from tests.chaos.world import World

_WAITING = """
SELECT digest FROM outbox WHERE state = 'waiting' AND recipient = $1
ORDER BY number LIMIT 50
"""
_TRIES = 4
_LIMITS = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.enable_http_proxy", 0),
]


class Courier:
    """Knows every member's keys; opens few connections, and when needed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, OwnMember] = {}

    async def close(self) -> None:
        """Close the databases."""
        for own in self._known.values():
            await own.database.close()

    async def bring(self, recipient: str, *, reverse: bool) -> dict[str, set[bytes]]:
        """Deliver twice what waits for ``recipient``; what it was, by sender."""
        brought: dict[str, set[bytes]] = {}
        for sender in self._world.members:
            if sender == recipient:
                continue
            try:
                digests = await self._bring_from(sender, recipient, reverse=reverse)
            except (RelaisError, grpc.aio.AioRpcError, asyncpg.PostgresError, OSError):
                continue
            if digests:
                brought[sender] = digests
        return brought

    async def _bring_from(
        self, sender: str, recipient: str, *, reverse: bool
    ) -> set[bytes]:
        own = await self._own(sender)
        async with own.database.connection() as connection:
            rows = await connection.fetch(_WAITING, recipient)
        digests = [row["digest"] for row in rows]
        if not digests:
            return set()
        if reverse:
            digests.reverse()
        async with self._channel(own, recipient) as channel:
            stub = deliver_pb2_grpc.DeliverServiceStub(channel)
            first = await self._deliver(own, stub, recipient, digests)
            await self._deliver(own, stub, recipient, digests[::-1])
        return first

    async def _deliver(
        self, own: OwnMember, stub: Any, recipient: str, digests: list[bytes]
    ) -> set[bytes]:
        """One batch; the digests that were answered with a receipt."""
        for _ in range(_TRIES):
            delivery = await self._delivery(own, recipient, digests)
            call = stub.Deliver(timeout=10)
            await call.write(delivery_to(delivery))
            await call.done_writing()
            answer = await call.read()
            if not isinstance(answer, deliver_pb2.DeliverResponse):
                return set()
            if any(each.refusal.code == GROWTH_MISSING for each in answer.answers):
                # Its own relay showed a newer head in between.
                continue
            return {
                digests[each.position]
                for each in answer.answers
                if each.HasField("receipt")
            }
        return set()

    async def _delivery(
        self, own: OwnMember, recipient: str, digests: list[bytes]
    ) -> Delivery:
        other = await self._own(recipient)
        async with other.database.connection() as connection:
            seen = await known_head(connection, own.name)
        async with own.database.transaction() as connection:
            head = await ledger_store.lock_head(connection)
            # No other batch begins until this transaction ends.
            await asyncio.to_thread(self._check_published, own.name, head.size)
            envelopes = await exchange_store.envelopes_sent(connection, digests)
            evidence = await evidence_for(own, connection, digests, head)
            growth = await own_growth(own, connection, head, seen)
        return Delivery(
            NO_HEAD,
            growth,
            tuple(
                Consignment(
                    Envelope(
                        envelopes[each].header,
                        envelopes[each].stanza,
                        envelopes[each].ciphertext,
                    ),
                    evidence[each],
                )
                for each in digests
            ),
        )

    def _check_published(self, member: str, size: int) -> None:
        """Raise UnavailableError while a copy of the guard knows a smaller head.

        Its node publishes nothing then, and would stop if somebody else did.
        """
        for path in self._world.network.config(member).guard.paths:
            if json.loads(path.read_text("utf-8"))["size"] != size:
                raise UnavailableError(
                    "ledger.not_published", "The guard of this head is not written."
                )

    @asynccontextmanager
    async def _channel(
        self, own: OwnMember, recipient: str
    ) -> AsyncIterator[grpc.aio.Channel]:
        trusted = own.adopted.directory.member(recipient).certificates.values()
        channel = grpc.aio.secure_channel(
            self._world.network.peers_address(recipient),
            grpc.ssl_channel_credentials(
                b"".join(to_pem(each) for each in trusted),
                own.keys.tls_key_pem,
                own.keys.tls_cert_pem,
            ),
            [
                *_LIMITS,
                ("grpc.ssl_target_name_override", f"{recipient}.relais.invalid"),
            ],
        )
        async with channel:
            yield channel

    async def _own(self, member: str) -> OwnMember:
        if member not in self._known:
            config = self._world.network.config(member)
            places = open_places(config)
            _, directory = _directory(config, places.directory)
            self._known[member] = OwnMember(
                name=member,
                network=config.member.network,
                kind=config.member.kind,
                keys=places.keys,
                vault=Vault(places.keys.at_rest),
                database=await self._database(config, places.password),
                adopted=Adopted(directory, _policy(directory)),
                envelope_limit=config.limits.envelope_bytes,
                batch=config.limits.batch,
            )
        return self._known[member]

    async def _database(self, config: NodeConfig, password: str) -> Database:
        section = replace(
            config.database, host=str(self._world.network.state.cluster.sockets)
        )
        address = Address(section.host, PORT, section.name, section.user, password)
        return await open_database(address, 2)
