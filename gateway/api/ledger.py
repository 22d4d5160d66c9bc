"""The ledger for the auditor's own programs: entries, proofs, checks, concerns."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from gateway.api.answers import USUAL, Cursor, Limit, answer, page, page_of, read_cursor
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Instant, Word, list_of, model_of, read_instant
from gateway.web.streams import begun
from services.node.domain.concerns import MOST_EXTRACTED
from services.node.rpc.ledger_values import (
    ConcernsRead,
    EntryRead,
    EntrySought,
    LedgerCheckRead,
    PartyRead,
    ProvedEntryRead,
)
from services.node.rpc.sign_in_values import Period, PruningsRead, UnusualDaysRead

router = APIRouter(tags=["audit"])

_LARGEST = 2**31 - 1
Index = Annotated[int, Path(ge=0, le=_LARGEST)]


def period_of(
    since: Annotated[
        Instant | None, Query(description="At this instant or later.")
    ] = None,
    until: Annotated[Instant | None, Query(description="Before this instant.")] = None,
) -> Period:
    """The period between two instants as they were sent; None for no bound."""
    return Period(_instant(since), _instant(until))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else read_instant(text)


Between = Annotated[Period, Depends(period_of)]


def entries_sought(
    *,
    code: Annotated[Word, Query()] = "",
    kind: Annotated[Word, Query()] = "",
    member: Annotated[Word, Query()] = "",
    role: Annotated[Word, Query()] = "",
    period: Between,
    cursor: Cursor = "",
) -> EntrySought:
    """Which entries are asked for; whatever is empty is no condition."""
    return EntrySought(code, kind, member, period, read_cursor(cursor), role)


Sought = Annotated[EntrySought, Depends(entries_sought)]


@router.get(
    "/ledger/entries",
    response_model=page_of(EntryRead),
    summary="The entries of the ledger",
)
async def list_entries(
    request: Request,
    caller: Calling,
    sought: Sought,
    limit: Limit = USUAL,
) -> Response:
    """The newest first; by case or alias, kind, other member, role and period."""
    found = (await caller.ledger.list_entries(ME, sought, limit)).entries
    last = found[-1].index if found else 0
    return answer(request, page(found, last or None))


@router.get(
    "/ledger/own/entries",
    response_model=page_of(EntryRead),
    summary="Entries of the own unit's cases",
)
async def list_own_entries(
    request: Request,
    caller: Calling,
    sought: Sought,
    limit: Limit = USUAL,
) -> Response:
    """The newest first, of the cases and referrals that the caller's unit acted in."""
    found = (await caller.ledger.list_own_entries(ME, sought, limit)).entries
    last = found[-1].index if found else 0
    return answer(request, page(found, last or None))


@router.get(
    "/ledger/own/entries/{index}",
    response_model=model_of(ProvedEntryRead),
    summary="One entry of the own unit's cases with its proofs",
)
async def get_own_entry(request: Request, caller: Calling, index: Index) -> Response:
    """Verified at this moment; another unit's entry is not found."""
    return answer(request, await caller.ledger.get_own_entry(ME, index))


@router.get(
    "/ledger/own/concerns",
    response_model=model_of(ConcernsRead),
    summary="What is unanswered or one-sided in the own unit's cases",
)
async def list_own_concerns(
    request: Request,
    caller: Calling,
    *,
    kind: Annotated[Word, Query()] = "",
    limit: Limit = USUAL,
    offset: Annotated[int, Query(ge=0, le=_LARGEST)] = 0,
) -> Response:
    """Both kinds with how many there are, and a part of them, the oldest first."""
    found = await caller.ledger.list_own_concerns(ME, kind, limit=limit, offset=offset)
    return answer(request, found, varying=("now",))


@router.get(
    "/ledger/entries/{index}",
    response_model=model_of(ProvedEntryRead),
    summary="One entry with its proofs",
)
async def get_entry(request: Request, caller: Calling, index: Index) -> Response:
    """Path, head, opening, receipt and sender's proof, verified at this moment."""
    return answer(request, await caller.ledger.get_entry(ME, index))


@router.post(
    "/ledger/checks",
    response_model=model_of(LedgerCheckRead),
    summary="Have the node recompute its ledger",
)
async def verify_ledger(request: Request, caller: Calling) -> Response:
    """What this node can prove by itself; other members' logs prove more."""
    return answer(request, await caller.ledger.verify_ledger(ME))


@router.get(
    "/ledger/log",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
    summary="The whole log as a file",
)
async def export_log(caller: Calling) -> Response:
    """As ``relais audit verify`` reads it, offline."""
    items = await begun(caller.ledger.export_log(ME))
    return StreamingResponse(items, media_type="application/octet-stream")


@router.get(
    "/ledger/extract",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
    summary="Some entries with what proves them, as a file for a court",
)
async def extract_entries(
    caller: Calling,
    code: Annotated[Word, Query()] = "",
    entry: Annotated[list[Index] | None, Query(max_length=MOST_EXTRACTED)] = None,
) -> Response:
    """Of one code, or of entries by number; ``relais audit verify`` reads it, offline.

    Asks for a recent proof.
    """
    items = await begun(caller.ledger.extract(ME, code, tuple(entry or ())))
    return StreamingResponse(items, media_type="application/octet-stream")


@router.get(
    "/ledger/own/extract",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
    summary="Entries of one of the own unit's codes, as a file for a court",
)
async def extract_own_entries(
    caller: Calling, code: Annotated[Word, Query()]
) -> Response:
    """As the auditor extracts them; another unit's code is not found."""
    items = await begun(caller.ledger.extract_own(ME, code))
    return StreamingResponse(items, media_type="application/octet-stream")


@router.get(
    "/ledger/members",
    response_model=list_of(PartyRead),
    summary="The members that entries are with",
)
async def list_parties(request: Request, caller: Calling) -> Response:
    """By name."""
    return answer(request, await caller.ledger.list_parties(ME))


@router.get(
    "/concerns",
    response_model=model_of(ConcernsRead),
    summary="What needs an auditor's eye",
)
async def list_concerns(
    request: Request,
    caller: Calling,
    *,
    kind: Annotated[Word, Query()] = "",
    limit: Limit = USUAL,
    offset: Annotated[int, Query(ge=0, le=_LARGEST)] = 0,
) -> Response:
    """Every kind with how many there are, and a part of them, the oldest first."""
    found = await caller.ledger.list_concerns(ME, kind, limit=limit, offset=offset)
    return answer(request, found, varying=("now",))


@router.get(
    "/looks/unusual",
    response_model=model_of(UnusualDaysRead),
    summary="Days on which somebody looked at much, at night, or in vain",
)
async def list_unusual(
    request: Request, caller: Calling, limit: Limit = USUAL
) -> Response:
    """Of the last thirty days, the newest first; 40 cases, 5 at night, 10 refused."""
    return answer(request, await caller.desk.list_unusual(ME, limit))


@router.get(
    "/looks/prunings",
    response_model=model_of(PruningsRead),
    summary="When looks were deleted because they were too old",
)
async def list_prunings(
    request: Request, caller: Calling, limit: Limit = USUAL
) -> Response:
    """The newest run first, each chained to the one before."""
    return answer(request, await caller.desk.list_prunings(ME, limit))
