"""If-Match: an act is done only while what it was decided on is so.

Promises that the tag is compared with what is there now, and that the node does
the act in one step with looking whether anything happened since: the read that has
the tag names the newest event (``last_index``), and the act names it to the node.
An act whose tag holds no more goes to the node too: one that was done already has
its first answer, and every other is refused (``api.changed``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Header

from gateway.api.answers import names, tag_of
from gateway.api.callers import ME, Caller, Calling
from gateway.api.shapes import Identifier, Word, json_of
from services.node.rpc.desk_client import DeskClient

_NOT_SO = 0
"""The first leaf of a ledger is its founding: it is the newest of no case."""

IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=1000,
        description="The ETag that the act was decided on; 412 if it changed.",
    ),
]


async def on_case(caller: Calling, case: Word, if_match: IfMatch = "") -> DeskClient:
    """The desk for an act in a case; the tag is that of the case or of its state."""
    desk = caller.desk
    return await deciding(
        caller,
        "case",
        if_match,
        lambda: desk.get_case_state(ME, case),
        lambda: desk.get_case(ME, case),
    )


async def on_referral(
    caller: Calling, referral_id: Identifier, if_match: IfMatch = ""
) -> DeskClient:
    """The desk for a step of a referral; the tag is that of the referral."""
    desk = caller.desk
    return await deciding(
        caller, "referral", if_match, lambda: desk.get_referral(ME, referral_id)
    )


async def deciding(
    caller: Caller, scope: str, if_match: str, *reads: Callable[[], Awaitable[Any]]
) -> DeskClient:
    """The desk whose acts are done only if one of what is read has a tag named."""
    if not if_match or if_match.strip() == "*":
        return caller.desk
    newest = _NOT_SO
    for read in reads:
        found = await read()
        if names(if_match, tag_of(json_of(found))):
            newest = found.last_index
            break
    return caller.deciding(f"{scope} {newest}")


OnCase = Annotated[DeskClient, Depends(on_case)]
OnReferral = Annotated[DeskClient, Depends(on_referral)]
