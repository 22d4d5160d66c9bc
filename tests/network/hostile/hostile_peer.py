"""A member's keys in hostile hands: real mutual TLS, sealing and proofs, no rules.

Every function makes the honest thing unless a test asks for another; so each
test differs from a good envelope in what it is about and in nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

import grpc
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from relais.exchange.v1 import deliver_pb2, deliver_pb2_grpc
from services.cli.network import Network
from services.node.directory.load import load_directory
from services.node.domain.bodies import Offer
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Actor, Body, Handoff, MovesOn, Part
from services.node.domain.identifiers import new_alias, new_id
from services.node.flows.compose import expires_at
from services.node.flows.exchange import (
    NO_HEAD,
    Consignment,
    Delivery,
    DeliveryAnswer,
    Envelope,
    Growth,
    KnownHead,
)
from services.node.flows.take_step import STEP_OF
from services.node.keys.encoding import lp
from services.node.keys.files import load_member_keys
from services.node.keys.tls import to_pem
from services.node.ledger.evidence import Opening
from services.node.ledger.leaf import commit, directory_leaf, event_leaf
from services.node.rpc.conversions import answer_from, delivery_to
from services.node.rpc.errors import from_rpc_error
from services.node.sealing.envelope import (
    ContentKeys,
    SealedEnvelope,
    header_hash,
    new_salt,
    padded_len,
    payload_hash,
    seal_envelope,
)
from services.node.wire.handoffs import (
    DirectoryHead,
    Header,
    encode_header,
    encode_payload,
)
from services.node.wire.leaves import (
    DirectoryAdopted,
    Outcome,
    Pers,
    encode_adopted,
    encode_pers,
)
from tests.network.hostile.memory_ledger import Logged, MemoryLedger

CASE_NOW = datetime(2018, 3, 5, 1, tzinfo=UTC)
OPTIONS = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),
]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope with what its sender would honestly commit to."""

    envelope: SealedEnvelope
    event_id: bytes
    pers: Pers


class HostilePeer:
    """One member as a victim's node sees it; keeps its ledger in memory."""

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.network = network
        declared = network.declared.name
        self.keys = load_member_keys(network.place(name).keys)
        self.directory = load_directory(network.state.directory.read_bytes(), declared)
        self.ledger = MemoryLedger(f"{declared}/{name}", self.keys.ledger)
        adopted = DirectoryAdopted(self.directory.size, self.directory.root)
        self.ledger.append(directory_leaf(encode_adopted(adopted)))
        self.seen: dict[str, KnownHead] = {}
        self.case_now = CASE_NOW

    # -- what is said ---------------------------------------------------------

    def seal(
        self,
        victim: str,
        payload: Handoff | bytes,
        *,
        keys: ContentKeys | None = None,
        plain: bytes | None = None,
        prev_event: bytes = b"",
        **header: Any,
    ) -> Sealed:
        """Seal to the victim; ``header`` changes fields, ``plain`` the plaintext."""
        if isinstance(payload, Handoff):
            event_id, prev_event = payload.event_id, payload.prev_event
            payload = encode_payload(payload)
        else:
            event_id = new_id()
        keys, salt = keys or ContentKeys.new(), new_salt()
        raw = encode_header(self._header(victim, keys, len(payload), header))
        key = self.directory.sealing_key_for(victim, datetime.now(UTC))
        sealed = seal_envelope(raw, keys, key.raw, payload, salt)
        if plain is not None:
            sealed = replace(sealed, ciphertext=encrypt(raw, keys, plain))
        hashed = payload_hash(salt, payload)
        pers = Pers(Outcome.SENT, "", sealed.digest, hashed, prev_event or bytes(16))
        return Sealed(sealed, event_id, pers)

    def _header(
        self, victim: str, keys: ContentKeys, length: int, changes: dict[str, Any]
    ) -> Header:
        now = datetime.now(UTC)
        usual = Header(
            version=1,
            suite=1,
            envelope_id=new_id(),
            network=self.network.declared.name,
            sender=self.name,
            recipient=victim,
            sealing_key_id=self.directory.sealing_key_for(victim, now).key_id,
            directory=DirectoryHead(self.directory.size, self.directory.root),
            created_at=now,
            expires_at=expires_at(now),
            key_commit=keys.key_commit,
            padded_len=padded_len(length),
        )
        return replace(usual, **changes)

    # -- what is logged -------------------------------------------------------

    def log(
        self,
        sealed: Sealed,
        *,
        ledger: MemoryLedger | None = None,
        link: bytes | None = None,
        **pers: Any,
    ) -> Logged:
        """Append the leaf for an envelope; ``pers`` changes what it commits to."""
        pers = {"digest": sealed.envelope.digest, **pers}
        opened = Opening(os.urandom(32), encode_pers(replace(sealed.pers, **pers)))
        linked = Opening(os.urandom(32), sealed.event_id if link is None else link)
        leaf = event_leaf(
            os.urandom(32),
            commit("pers", opened.salt, opened.value),
            commit("link", linked.salt, linked.value),
        )
        ledger = ledger or self.ledger
        return Logged(leaf, opened, linked, ledger.append(leaf))

    def consign(
        self, sealed: Sealed, logged: Logged, ledger: MemoryLedger | None = None
    ) -> Consignment:
        """The envelope with its proof under the present head: deliver it next."""
        each = sealed.envelope
        envelope = Envelope(each.header, each.stanza, each.ciphertext)
        return Consignment(envelope, (ledger or self.ledger).evidence(logged))

    def post(self, sealed: Sealed, **pers: Any) -> Consignment:
        """Log and consign."""
        return self.consign(sealed, self.log(sealed, **pers))

    # -- what is sent ---------------------------------------------------------

    def deliver(
        self,
        victim: str,
        *consignments: Consignment,
        growth: Growth | None = None,
        your_head: KnownHead = NO_HEAD,
        address: str = "",
    ) -> DeliveryAnswer:
        """Deliver one batch; raises the RelaisError that the call was refused by."""
        seen = self.seen.get(victim, NO_HEAD)
        growth = growth or self.ledger.growth(seen)
        message = delivery_to(Delivery(your_head, growth, consignments))
        with closing(self.channel(victim, address=address)) as channel:
            answer = answer_from(self.call(channel, message))
        self.seen[victim] = answer.your_head
        return answer

    def channel(
        self,
        victim: str,
        *,
        address: str = "",
        key_pem: bytes | None = None,
        cert_pem: bytes | None = None,
    ) -> grpc.Channel:
        """A channel to the victim's peers listener, as this member or another."""
        trusted = self.directory.member(victim).certificates.values()
        return grpc.secure_channel(
            address or self.network.peers_address(victim),
            grpc.ssl_channel_credentials(
                b"".join(to_pem(each) for each in trusted),
                key_pem or self.keys.tls_key_pem,
                cert_pem or self.keys.tls_cert_pem,
            ),
            [*OPTIONS, ("grpc.ssl_target_name_override", f"{victim}.relais.invalid")],
        )

    def call(
        self, channel: grpc.Channel, message: deliver_pb2.DeliverRequest
    ) -> deliver_pb2.DeliverResponse:
        """One Deliver call with one batch; raises RelaisError."""
        stub = deliver_pb2_grpc.DeliverServiceStub(channel)
        try:
            return next(stub.Deliver(iter([message]), timeout=30))
        except grpc.RpcError as error:
            raise refusal_in(error) from error


def refusal_in(error: grpc.RpcError) -> RelaisError:
    """The error of ours that a call ended with."""
    return from_rpc_error(cast("grpc.aio.AioRpcError", error))


def encrypt(header: bytes, keys: ContentKeys, plain: bytes) -> bytes:
    """A ciphertext of any plaintext under the envelope's own key and header."""
    aad = lp("relais/v1/env/content", header_hash(header))
    return AESGCM(keys.content_key).encrypt(bytes(12), plain, aad)


class Talk:
    """One referral as the hostile side keeps it, whichever side that is."""

    def __init__(
        self,
        peer: HostilePeer,
        victim: str,
        moves_on: MovesOn = MovesOn.NEVER,
        referral_id: bytes | None = None,
        alias: str = "",
    ) -> None:
        self.peer = peer
        self.victim = victim
        self.moves_on = moves_on
        self.referral_id = referral_id or new_id()
        self.alias = alias or new_alias()
        self.seq = 0

    def handoff(self, body: Body, **changes: Any) -> Handoff:
        """The next step of this referral; ``changes`` change its fields."""
        usual = Handoff(
            event_id=new_id(),
            referral_id=self.referral_id,
            case_alias=self.alias,
            referral_seq=self.seq + 1,
            prev_event=b"",
            step=STEP_OF[type(body)],
            moves_on=self.moves_on,
            from_=self.peer.name,
            to=self.victim,
            on_behalf_of="",
            actor=Actor("hostile-1", "liaison", "desk"),
            happened_at=self.peer.case_now,
            recorded_at=self.peer.case_now,
            policy_version="vietnam-2018",
            body=body,
        )
        return replace(usual, **changes)

    def seal(self, body: Body, **changes: Any) -> Sealed:
        """The next step, sealed and not yet logged."""
        sealed = self.peer.seal(self.victim, self.handoff(body, **changes))
        self.seq += 1
        return sealed

    def say(self, body: Body, **changes: Any) -> Consignment:
        """The next step, sealed and logged: deliver it next."""
        return self.peer.post(self.seal(body, **changes))

    def offer(
        self, referral_type: str = "tracing", parts: Sequence[Part] = (), **said: Any
    ) -> Consignment:
        """An offer as the first step."""
        return self.say(offer(referral_type, **said), parts=tuple(parts))


def offer(referral_type: str = "tracing", **changes: Any) -> Offer:
    """An offer that asks for little."""
    usual = Offer(
        referral_type=referral_type,
        priority="urgent",
        services=(),
        age_band="",
        sex="",
        languages=(),
        constraints=(),
        need="Somebody is looked for.",
        need_language="en",
        basis_ids=(),
    )
    return replace(usual, **changes)


def an_offer_of(peer: HostilePeer, victim: str, **changes: Any) -> Handoff:
    """A good first step of a new referral; ``changes`` spoil it."""
    return Talk(peer, victim).handoff(offer(), **changes)
