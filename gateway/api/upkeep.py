"""How the node is looked after: room, backups, keys, peers, rules."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Word, model_of
from services.node.rpc.upkeep_values import (
    ConfigurationRead,
    DayEnvelopeRead,
    DoneRead,
    KeyWaits,
    MeasuredRead,
    OwnKeysRead,
    PeerRead,
    RetentionRead,
    UpkeepRead,
)

router = APIRouter(tags=["node"])


@router.get(
    "/upkeep", response_model=model_of(UpkeepRead), summary="What needs to be seen to"
)
async def get_upkeep(request: Request, caller: Calling) -> Response:
    """Room, the last backup and restore test, and what an administrator should do."""
    return answer(request, await caller.upkeep.get_upkeep(ME), varying=("now",))


@router.post(
    "/upkeep/{what}",
    status_code=201,
    response_model=model_of(DoneRead),
    summary="Say that a backup was made or tried",
)
async def note_upkeep(request: Request, caller: Calling, what: Word) -> Response:
    """``backup`` or ``restore_test``; whatever makes the backup calls this after it."""
    return answer(request, await caller.upkeep.note_upkeep(ME, what), status=201)


@router.get("/keys", response_model=model_of(OwnKeysRead), summary="The member's keys")
async def get_keys(request: Request, caller: Calling) -> Response:
    """What each is for and how long it lasts; nothing private."""
    found = await caller.upkeep.list_keys(ME)
    return answer(request, found, varying=("now",))


@router.post(
    "/keys/successor",
    status_code=201,
    response_model=model_of(KeyWaits),
    summary="Ask for the successor of the node's certificate",
)
async def ask_key(request: Request, caller: Calling) -> Response:
    """After a recent proof; another administrator confirms it (``answer_admission``).

    The node then makes the key; ``get_keys`` tells the entry that has to be signed. 409
    ``keys.successor_waits`` while one waits to be listed. Not for programs.
    """
    return answer(request, await caller.upkeep.ask_key(ME), status=201)


@router.post(
    "/keys/sealing",
    status_code=201,
    response_model=model_of(KeyWaits),
    summary="Ask for the sealing keys of the next quarter",
)
async def ask_sealing_keys(request: Request, caller: Calling) -> Response:
    """As ``ask_key``: ``get_keys`` tells the entry under ``sealing``.

    409 ``keys.sealing_waits`` while some wait to be listed, ``keys.sealing_enough``
    where 21 weeks are listed from this one on. Not for programs.
    """
    return answer(request, await caller.upkeep.ask_key(ME, "sealing"), status=201)


@router.get("/peers", response_model=page_of(PeerRead), summary="The other nodes")
async def list_peers(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """Fingerprint, keys, clock, and when each was heard from last; by name."""
    start = read_cursor(cursor)
    found = await caller.upkeep.list_peers(ME)
    return answer(request, part_page(found, start, limit))


@router.post(
    "/peers/measurement",
    response_model=model_of(MeasuredRead),
    summary="Ask every node for its clock",
)
async def measure_peers(request: Request, caller: Calling) -> Response:
    """All that can be dialled; the list of peers then tells what they said."""
    return answer(request, await caller.upkeep.measure_peers(ME))


@router.get(
    "/days/{member}/{day}",
    response_model=page_of(DayEnvelopeRead),
    summary="What went between two members on a day",
)
async def list_day(
    request: Request,
    caller: Calling,
    member: Word,
    day: date,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """By digest, to be compared with the other's list where a statement differs."""
    start = read_cursor(cursor)
    found = await caller.upkeep.list_day(ME, member, day.isoformat())
    return answer(request, part_page(found, start, limit))


@router.get(
    "/retention",
    response_model=model_of(RetentionRead),
    summary="What is kept",
)
async def get_retention(request: Request, caller: Calling) -> Response:
    """What the node deletes, what the policy keeps, who hears of clocks, code lists."""
    return answer(request, await caller.upkeep.list_retention(ME))


@router.get(
    "/configuration",
    response_model=model_of(ConfigurationRead),
    summary="The configuration in force",
)
async def get_configuration(request: Request, caller: Calling) -> Response:
    """As TOML; it names the files of secrets and holds none."""
    return answer(request, await caller.upkeep.export_configuration(ME))
