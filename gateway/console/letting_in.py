"""S15: a program is let in, and told what happens, by an administrator in person.

What opens something is shown once, on the page that answers, and is kept nowhere
here; a program's key opens nothing until a second person confirmed it
(``colleagues``). What was typed comes back after a proof: none of it is secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.console.node import check_administrator
from gateway.forms.fields import (
    Field,
    FormError,
    Typed,
    Value,
    Widget,
    read_fields,
    shown,
)
from gateway.web.pages import page
from gateway.web.proofs import prove_first
from gateway.web.refusals import status_of
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.api_clients import Scope
from services.node.domain.errors import RelaisError
from services.node.domain.webhooks import EventType
from services.node.rpc.api_client_values import ClientAsked
from services.node.rpc.webhooks import EndpointWanted

router = APIRouter(prefix="/node")

TOLD = tuple(each for each in EventType if each is not EventType.TEST)
"""What a program may be told of; a test is brought by hand."""
PROGRAM, WEBHOOK = "/node/programs/new", "/node/webhooks/new"
_PROVE = "sign_in.reauthenticate"
_MOST = 500
_NEVER = datetime.fromtimestamp(0, UTC)


def program_fields(officers: tuple[str, ...]) -> tuple[Field, ...]:
    """What a program is, and which of the officers it acts as."""
    return (
        Field("program_name", Widget.TEXT),
        Field("acts_as", Widget.MEMBER, officers, "member"),
        Field("scopes", Widget.CHOICES, tuple(Scope), "scope"),
        Field("ends_on", Widget.DAY),
        Field("certificate", Widget.TEXT, optional=True),
    )


def webhook_fields(programs: tuple[str, ...]) -> tuple[Field, ...]:
    """Which of the programs is told, where, and of what."""
    return (
        Field("program", Widget.MEMBER, programs, "member"),
        Field("address", Widget.TEXT),
        Field("told_of", Widget.CHOICES, TOLD, "webhook_type"),
    )


@router.get("/programs/new")
async def ask_program(officer: SignedIn, request: Request) -> Response:
    """Asks what the program is; what was typed before a proof stands there still."""
    check_administrator(officer)
    return await _ask(officer, PROGRAM, request.query_params)


@router.post("/programs/new")
async def let_in(officer: SignedIn, form: Sent) -> Response:
    """Makes its key, which is shown here and never again."""
    check_administrator(officer)
    names = await _officers(officer)
    try:
        said = read_fields(program_fields(tuple(names)), form)
        invited = await officer.programs.invite_client(officer.name, _program(said))
    except (FormError, RelaisError) as error:
        return await _refused(officer, PROGRAM, form, error)
    return page(
        officer.visitor,
        "program_told.html",
        here="/node",
        name=said["program_name"],
        secret=invited.key,
        invited=invited,
        until=None,
    )


@router.get("/webhooks/new")
async def ask_webhook(officer: SignedIn, request: Request) -> Response:
    """Asks where a program is told; what was typed before a proof stands there."""
    check_administrator(officer)
    return await _ask(officer, WEBHOOK, request.query_params)


@router.post("/webhooks/new")
async def register(officer: SignedIn, form: Sent) -> Response:
    """Tells a program from now on; what signs it is shown here and never again."""
    check_administrator(officer)
    names = await _programs(officer)
    try:
        said = read_fields(webhook_fields(tuple(names)), form)
        made = await officer.webhooks.register_endpoint(officer.name, _webhook(said))
    except (FormError, RelaisError) as error:
        return await _refused(officer, WEBHOOK, form, error)
    return page(
        officer.visitor,
        "program_told.html",
        here="/node",
        name=names[str(said["program"])],
        secret=made.secret,
        invited=None,
        until=None,
    )


async def _refused(
    officer: Officer, path: str, form: Typed, error: FormError | RelaisError
) -> Response:
    """The form with what is wrong; or a proof first, and back to what was typed."""
    if isinstance(error, RelaisError) and error.code == _PROVE:
        typed = shown(
            form, program_fields(()) if path == PROGRAM else webhook_fields(())
        )
        return prove_first(f"{path}?{urlencode(typed, doseq=True)}")
    return await _ask(officer, path, form, error=error)


async def _ask(
    officer: Officer,
    path: str,
    typed: Typed,
    *,
    error: FormError | RelaisError | None = None,
) -> Response:
    if path == PROGRAM:
        names = await _officers(officer)
        fields = program_fields(tuple(names))
    else:
        names = await _programs(officer)
        fields = webhook_fields(tuple(names))
    problems = error.problems if isinstance(error, FormError) else ()
    refusal = error if isinstance(error, RelaisError) else None
    return page(
        officer.visitor,
        "program_form.html",
        status=status_of(refusal) if refusal else 400 if error else 200,
        here="/node",
        path=path,
        fields=fields,
        names=names,
        typed=shown(typed, fields),
        problems={each.field: each.code for each in problems},
        refusal=refusal,
    )


async def _officers(officer: Officer) -> Mapping[str, str]:
    """Who works here, by code, as a list shows them."""
    words = officer.visitor.words
    return {
        each.pseudonym: f"{each.pseudonym} · {words.role(each.role)}, {each.unit}"
        for each in await officer.desk.list_officers()
        if each.active
    }


async def _programs(officer: Officer) -> Mapping[str, str]:
    """The programs that may act, by id, as a list shows them."""
    found = await officer.programs.list_clients(officer.name, _MOST)
    now = (await officer.upkeep.list_keys(officer.name)).now
    return {
        each.client_id.hex(): f"{each.name} · {each.officer}"
        for each in found
        if not each.revoked_by and each.expires_at > now
    }


def _program(said: Mapping[str, Value]) -> ClientAsked:
    ends = said["ends_on"]
    return ClientAsked(
        str(said["program_name"]),
        str(said["acts_as"]),
        _codes(said["scopes"]),
        # Without a day the form is not read; the node refuses one that is over.
        ends if isinstance(ends, datetime) else _NEVER,
        _digits(str(said["certificate"])),
    )


def _webhook(said: Mapping[str, Value]) -> EndpointWanted:
    program = bytes.fromhex(str(said["program"]))
    return EndpointWanted(program, str(said["address"]), _codes(said["told_of"]))


def _codes(said: Value) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else ()


def _digits(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        # The node knows no mark of one byte, and says what one is.
        return b"\0"
