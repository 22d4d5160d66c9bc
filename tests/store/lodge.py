"""One member's two local sockets in one process: real gRPC, flows and database.

The wire clock stands where the test puts it, so that an idle quarter of an hour
costs nothing. One-time codes are made here by RFC 6238 itself, passkeys by a
software authenticator that follows Web Authentication.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cbor2
import grpc
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from grpc_health.v1 import health

from services.node.flows.credentials import SignInDesk
from services.node.flows.guard import Guard
from services.node.flows.hashing import Hashing
from services.node.flows.keep_letter import Quota
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.vault import Vault
from services.node.keys.files import load_member_keys
from services.node.rpc.collecting import Collectors
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.local_calls import LocalCalls
from services.node.rpc.peer_client import PeerClient
from services.node.rpc.server import local_server
from services.node.rpc.services import ServiceParts, mounts_for
from services.node.rpc.sign_in_client import SignInClient
from services.node.rpc.sign_in_values import SignedInRead
from services.node.store.pool import Address, open_database
from services.province.profile import PROFILE
from tests.store.town import MEMBERS, NETWORK, Founded, Member

MEMBER = "lao-cai"
ORIGIN = "https://lao-cai.localhost:8443"
PASSWORD = "bốn con ngựa đứng yên"
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LIMIT = 4_000_000

ADMINISTRATOR = OfficerRead("quan-tri", "administrator", "office", active=True)
OFFICER = OfficerRead("can-bo-1", "officer", "unit-1", active=True)
COLLEAGUE = OfficerRead("can-bo-2", "officer", "unit-2", active=True)
AUDITOR = OfficerRead("kiem-toan", "auditor", "office", active=True)


@dataclass
class Hands:
    """Both clocks, moved by the test."""

    wire: datetime = BEGIN
    case: datetime = BEGIN

    def now(self) -> Moment:
        return Moment(self.wire, self.case)

    def drive(self, case: datetime) -> Moment:
        self.case = case
        return self.now()

    def wait(self, **passed: float) -> None:
        self.wire += timedelta(**passed)


@dataclass
class Lodge:
    """Both sockets, as the command line and as the gateway reach them."""

    own: OwnMember
    socket: Path
    clock: Hands
    desk: DeskClient
    door: SignInClient
    gateway: DeskClient
    web: SignInClient
    secrets: dict[str, str] = field(default_factory=dict)

    def code(self, pseudonym: str, *, off: int = 0) -> str:
        return totp(self.secrets[pseudonym], self.clock.wire, off=off)

    async def enrol(self, pseudonym: str, password: str = PASSWORD) -> None:
        """From invitation to the first sign-in, a step of the clock later."""
        administrator = ADMINISTRATOR.pseudonym
        invited = await self.door.invite_officer(administrator, pseudonym)
        chosen = await self.web.enrol_password(invited.code, password)
        self.secrets[pseudonym] = chosen.totp_secret
        await self.web.confirm_enrolment(invited.code, self.code(pseudonym))
        self.clock.wait(seconds=30)

    async def sign_in(
        self, pseudonym: str, password: str = PASSWORD, *, source: str = ""
    ) -> SignedInRead:
        """Sign in by password with a code that is fresh."""
        self.clock.wait(seconds=30)
        return await self.web.sign_in(
            pseudonym, password, self.code(pseudonym), source=source
        )

    async def enter(self, pseudonym: str) -> str:
        """The token of an officer who was enrolled and signed in."""
        if pseudonym not in self.secrets:
            await self.enrol(pseudonym)
        return (await self.sign_in(pseudonym)).token

    async def events(self, pseudonym: str = "") -> list[str]:
        """What happened around sign-in, oldest first."""
        found = await self.door.list_sign_in_events(ADMINISTRATOR.pseudonym, pseudonym)
        return [each.what for each in reversed(found)]


def totp(secret: str, at: datetime, *, off: int = 0) -> str:
    """RFC 6238 with SHA-1, 30 seconds and 6 digits; ``off`` in steps."""
    key = base64.b32decode(secret)
    counter = struct.pack(">Q", int(at.timestamp()) // 30 + off)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


async def _member(
    founded: Founded, address_of: Callable[[], Address], folder: Path
) -> Member:
    kind, _, skew = MEMBERS[MEMBER]
    keys = load_member_keys(founded.keys / MEMBER)
    own = OwnMember(
        name=MEMBER,
        network=NETWORK,
        kind=kind,
        keys=keys,
        vault=Vault(keys.at_rest),
        database=await open_database(address_of(), 4),
        adopted=founded.adopted,
        envelope_limit=1_000_000,
        batch=16,
        keys_folder=folder,
    )
    paths = (folder / "a" / "head", folder / "b" / "head")
    for path in paths:
        path.parent.mkdir(parents=True)
    member = Member(own, Guard(paths), founded.file, timedelta(minutes=skew))
    await member.start(BEGIN)
    return member


async def _serve(
    member: Member, clock: Hands, folder: Path
) -> tuple[grpc.aio.Server, ...]:
    own = member.own
    desk = Desk(own, member.published, member.writer.submit, clock)
    parts = ServiceParts(
        desk,
        # The same argon2id in a thousandth of the memory: tests hash a lot.
        SignInDesk(own, Hashing(memory_kib=64), (ORIGIN,)),
        PeerClient(own, LIMIT),
        Collectors(),
        Quota(letters=4, bytes=LIMIT, days=1),
        lambda _: None,
        lambda: False,
    )
    servers = []
    for name, gateway in (("local", False), ("gateway", True)):
        server = local_server(
            own,
            folder / f"{name}.sock",
            LIMIT,
            mounts_for(parts, PROFILE.local),
            PROFILE.local,
            health.aio.HealthServicer(),
            LocalCalls(own, lambda: clock.now().wire, gateway=gateway),
        )
        await server.start()
        servers.append(server)
    return tuple(servers)


@asynccontextmanager
async def open_lodge(
    founded: Founded, address_of: Callable[[], Address], folder: Path
) -> AsyncIterator[Lodge]:
    """A member with an administrator, two officers of two units, and an auditor."""
    clock = Hands()
    member = await _member(founded, address_of, folder)
    servers = await _serve(member, clock, folder)
    local, gateway_socket = folder / "local.sock", folder / "gateway.sock"
    try:
        async with (
            DeskClient(local, MEMBER) as at_desk,
            SignInClient(local, MEMBER) as door,
            DeskClient(gateway_socket, MEMBER) as at_gateway,
            SignInClient(gateway_socket, MEMBER) as web,
        ):
            await at_desk.keep_officer("", ADMINISTRATOR)
            for each in (OFFICER, COLLEAGUE, AUDITOR):
                await at_desk.keep_officer(ADMINISTRATOR.pseudonym, each)
            yield Lodge(member.own, local, clock, at_desk, door, at_gateway, web)
    finally:
        for server in servers:
            await server.stop(None)
        await member.stop()
        await member.own.database.close()


class SoftKey:
    """A passkey in software: P-256, with the user verified unless told otherwise."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.user_handle = b""
        self.count = 0

    def register(self, options_json: str, *, verified: bool = True) -> str:
        """What a browser answers to the options for a new passkey."""
        options = json.loads(options_json)
        self.user_handle = _bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public: dict[int, int | bytes] = {1: 2, 3: -7, -1: 1}
        public |= {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = (
            bytes(16)
            + struct.pack(">H", len(self.credential_id))
            + self.credential_id
            + cbor2.dumps(public)
        )
        data = self._data(options["rp"]["id"], 0x40, verified=verified) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            "webauthn.create",
            options["challenge"],
            {"attestationObject": _text(cbor2.dumps(attestation))},
        )

    def answer(self, options_json: str, *, verified: bool = True) -> str:
        """What a browser answers to the options for a sign-in."""
        options = json.loads(options_json)
        self.count += 1
        data = self._data(options["rpId"], 0, verified=verified)
        client = self._client("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            "webauthn.get",
            options["challenge"],
            {
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": _text(self.user_handle),
            },
        )

    def _data(self, rp_id: str, flags: int, *, verified: bool) -> bytes:
        flags |= 0x01 | (0x04 if verified else 0)
        host = hashlib.sha256(rp_id.encode()).digest()
        return host + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, kind: str, challenge: str, response: dict[str, str]) -> str:
        client = _text(self._client(kind, challenge))
        return json.dumps(
            {
                "id": _text(self.credential_id),
                "rawId": _text(self.credential_id),
                "type": "public-key",
                "response": {"clientDataJSON": client, **response},
                "clientExtensionResults": {},
            }
        )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
