"""Signing in, who I am, lock and leave; passkeys need a browser and stay there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.callers import Caller, Calling
from gateway.api.shapes import EPOCH, Sent, Word, list_of, model_of
from gateway.web.site import Site
from gateway.web.visitors import source_of
from services.node.domain.api_clients import is_key
from services.node.rpc.api_client_values import ClientSeen
from services.node.rpc.sign_in_values import (
    PasskeyRead,
    ProofGiven,
    SessionRead,
    SignedInRead,
)

router = APIRouter(tags=["session"])


@dataclass(frozen=True, slots=True)
class SignInSaid:
    """What an officer signs in with."""

    officer: str
    password: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProofSaid:
    """The password or a one-time code: one of them."""

    password: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PasswordSaid:
    """A new password."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LanguageSaid:
    """A language tag; empty for none."""

    language: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions ended."""

    ended: int


@dataclass(frozen=True, slots=True)
class WhoIAm:
    """Whom the token stands for; ``client`` is null for a session.

    ``acts`` are the kinds of act that the officer's role allows at this member; a
    program gets no further than its scopes and these.
    """

    officer: str
    role: str
    unit: str
    member: str
    locked: bool
    method: str
    signed_in_at: datetime
    locks_at: datetime
    ends_at: datetime
    reauthenticated_at: datetime
    language: str
    scopes: tuple[str, ...]
    client: str
    acts: tuple[str, ...]


@router.post(
    "/sessions",
    status_code=201,
    response_model=model_of(SignedInRead),
    summary="Sign in by password and one-time code",
)
async def sign_in(
    request: Request, said: Annotated[SignInSaid, Sent(), Body()]
) -> Response:
    """A session; its token is told once. A refusal never says what was wrong."""
    site: Site = request.app.state.site
    found = await site.node.sign_in.sign_in(
        said.officer, said.password, said.code, source=source_of(request)
    )
    return answer(request, found, status=201)


@router.get(
    "/session", response_model=model_of(WhoIAm), summary="Whom the token stands for"
)
async def get_session(request: Request, caller: Calling) -> Response:
    """Officer, role and unit; for a program its scopes too."""
    return answer(request, await who_calls(caller))


async def who_calls(caller: Caller) -> WhoIAm:
    """Whom the token or the certificate stands for."""
    if is_key(caller.token) or caller.certificate:
        return _of_client(await caller.clients.get_client())
    return _of_session(await caller.sign_in.get_session())


@router.delete("/session", status_code=204, summary="Sign out")
async def sign_out(caller: Calling) -> Response:
    """Ends the session; its token opens nothing any more."""
    await caller.sign_in.sign_out()
    return Response(status_code=204)


@router.delete(
    "/sessions", response_model=model_of(Ended), summary="Sign out everywhere"
)
async def sign_out_everywhere(request: Request, caller: Calling) -> Response:
    """Ends every session of the officer, this one too."""
    return answer(request, Ended(await caller.sign_in.sign_out_everywhere()))


@router.post("/session/lock", status_code=204, summary="Lock the session")
async def lock_session(caller: Calling) -> Response:
    """Nothing that was kept is lost."""
    await caller.sign_in.lock_session()
    return Response(status_code=204)


@router.post(
    "/session/unlock", response_model=model_of(WhoIAm), summary="Unlock the session"
)
async def unlock_session(
    request: Request, caller: Calling, said: Annotated[ProofSaid, Sent(), Body()]
) -> Response:
    """Five wrong proofs in a row end the session."""
    found = await caller.sign_in.unlock_session(_proof(said))
    return answer(request, _of_session(found))


@router.post(
    "/session/proof",
    response_model=model_of(WhoIAm),
    summary="Prove who you are once more",
)
async def prove_session(
    request: Request, caller: Calling, said: Annotated[ProofSaid, Sent(), Body()]
) -> Response:
    """Holds for five minutes, for what asks for a recent proof."""
    found = await caller.sign_in.reauthenticate(_proof(said))
    return answer(request, _of_session(found))


@router.put("/session/password", status_code=204, summary="Choose another password")
async def change_password(
    caller: Calling, said: Annotated[PasswordSaid, Sent(), Body()]
) -> Response:
    """Asks for a recent proof; every other session ends."""
    await caller.sign_in.change_password(said.password)
    return Response(status_code=204)


@router.put("/session/language", status_code=204, summary="Keep a language")
async def set_language(
    caller: Calling, said: Annotated[LanguageSaid, Sent(), Body()]
) -> Response:
    """The language in which the officer reads the console."""
    await caller.sign_in.set_language(said.language)
    return Response(status_code=204)


@router.get("/passkeys", response_model=list_of(PasskeyRead), summary="My passkeys")
async def list_passkeys(request: Request, caller: Calling) -> Response:
    """Those that the signed-in officer has, the oldest first."""
    return answer(request, await caller.sign_in.list_passkeys())


@router.delete(
    "/passkeys/{credential}", status_code=204, summary="Remove one of my passkeys"
)
async def remove_passkey(caller: Calling, credential: Word) -> Response:
    """Asks for a recent proof."""
    raw = bytes.fromhex(credential) if _is_hex(credential) else b""
    await caller.sign_in.remove_passkey(raw)
    return Response(status_code=204)


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and set(text) <= set("0123456789abcdef")


def _proof(said: ProofSaid) -> ProofGiven:
    return ProofGiven(password=said.password, totp=said.code)


def _of_session(found: SessionRead) -> WhoIAm:
    return WhoIAm(
        officer=found.officer,
        role=found.role,
        unit=found.unit,
        member=found.member,
        locked=found.locked,
        method=found.method,
        signed_in_at=found.signed_in_at,
        locks_at=found.locks_at,
        ends_at=found.ends_at,
        reauthenticated_at=found.reauthenticated_at,
        language=found.language,
        scopes=(),
        client="",
        acts=found.acts,
    )


def _of_client(seen: ClientSeen) -> WhoIAm:
    client = seen.client
    return WhoIAm(
        officer=client.officer,
        role=client.role,
        unit=client.unit,
        member=seen.member,
        locked=False,
        method="key",
        signed_in_at=client.created_at,
        locks_at=EPOCH,
        ends_at=client.expires_at,
        reauthenticated_at=EPOCH,
        language="",
        scopes=client.scopes,
        client=client.name,
        acts=seen.acts,
    )
