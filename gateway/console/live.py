"""Live updates: that something changed at this member, and never what.

A page that shows work listens to ``/events`` (server-sent events, HTML standard
9.2) and asks ``/changes`` every minute where no stream comes through; what it
then shows it fetches like any page. Nobody asked for it by hand, so none of it
keeps a session from locking, and a stream says so when the session is no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response, StreamingResponse

from gateway.web.event_streams import Ended, Ending
from gateway.web.visitors import Anybody, Visitor, unattended
from services.node.domain.errors import RelaisError
from services.node.rpc.desk_client import DeskClient

router = APIRouter()
Known = Annotated[int, Query(ge=0, le=2**53)]
STILL_SECONDS = 15
"""How often a stream says that it is still there, and looks whether it may be."""


@router.get("/events")
async def events(visitor: Anybody, known: Known = 0) -> Response:
    """A stream that says when the ledger is longer than ``known``."""
    desk = unattended(visitor)
    # Whoever may not watch is refused before a stream begins.
    await changed_since(desk, known)
    return StreamingResponse(
        _said(visitor, desk, known), media_type="text/event-stream"
    )


@router.get("/changes")
async def changes(visitor: Anybody) -> Response:
    """The size of the ledger, for a page to which no stream comes through."""
    return JSONResponse({"size": await changed_since(unattended(visitor), 0)})


async def changed_since(desk: DeskClient, known: int, seconds: int = 0) -> int:
    """The ledger's size when it is over ``known``, or the time is."""
    return await desk.await_change("", known, seconds)


async def _said(visitor: Visitor, desk: DeskClient, known: int) -> AsyncIterator[str]:
    """The stream; every event has the size as its id and says nothing else."""
    with visitor.site.streams.opened(visitor.token) as ending:
        yield _event("still", known)
        while not ending.done():
            size = await _next(desk, known, ending)
            if size is None:
                break
            yield _event("change" if size > known else "still", size)
            known = max(known, size)
        yield _event(ending.result() if ending.done() else Ended.OVER, known)


async def _next(desk: DeskClient, known: int, ending: Ending) -> int | None:
    """The size after a change or a while; None if the stream has to end."""
    asked = asyncio.ensure_future(changed_since(desk, known, STILL_SECONDS))
    try:
        both: set[asyncio.Future[Any]] = {asked, ending}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        return None if ending.done() else asked.result()
    except RelaisError:
        # Locked, over, or the node went away: the page asks and finds out which.
        return None
    finally:
        asked.cancel()


def _event(what: str, size: int) -> str:
    return f"id: {size}\nevent: {what}\ndata:\n\n"
