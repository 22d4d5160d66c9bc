"""S15: the member's programs and their keys, and how one is taken back.

A program is let in by two (``letting_in``); here an administrator sees all of them
and ends a key that leaked, after reading what that does.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.node import check_administrator
from gateway.web.numbers import Start
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotFoundError
from services.node.domain.identifiers import ID_BYTES
from services.node.rpc.api_client_values import ClientRead

router = APIRouter(prefix="/node/programs")
_PAGE = 50
_AT_ONCE = 500


@router.get("")
async def programs(officer: SignedIn, start: Start = 0) -> Response:
    """Programs, those that ended too, the newest first."""
    check_administrator(officer)
    found = await officer.programs.list_clients(officer.name, _PAGE + 1, offset=start)
    return page(
        officer.visitor,
        "programs.html",
        here="/node",
        programs=found[:_PAGE],
        now=(await officer.upkeep.list_keys(officer.name)).now,
        older=start + _PAGE if len(found) > _PAGE else 0,
    )


@router.get("/{client}/end")
async def ask(officer: SignedIn, client: str) -> Response:
    """What taking the key back does, before it is done."""
    check_administrator(officer)
    return page(
        officer.visitor,
        "program_end.html",
        here="/node",
        program=await _program(officer, _identifier(client)),
    )


@router.post("/{client}/end")
async def end(officer: SignedIn, _form: Sent, client: str) -> Response:
    """The key opens nothing from now on."""
    check_administrator(officer)
    await officer.programs.revoke_client(officer.name, _identifier(client))
    return see_other("/node/programs")


async def _program(officer: Officer, client_id: bytes) -> ClientRead:
    start = 0
    while True:
        found = await officer.programs.list_clients(
            officer.name, _AT_ONCE, offset=start
        )
        for each in found:
            if each.client_id == client_id and not each.revoked_by:
                return each
        if len(found) < _AT_ONCE:
            raise _unknown()
        start += _AT_ONCE


def _identifier(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != ID_BYTES:
        raise _unknown()
    return found


def _unknown() -> NotFoundError:
    return NotFoundError("client.unknown", "No program that may act here has that id.")
