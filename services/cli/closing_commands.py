"""`relais node closed-to-new`: say to all members that nobody new is received."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from services.cli.case_desk import STATE, NodeOption, OfficerOption, SocketOption
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.officer_commands import socket_of
from services.node.domain.closed_to_new import ClosedReason, ClosedToNew
from services.node.domain.tables import VIETNAM
from services.node.rpc.work_client import WorkClient
from services.node.rpc.work_values import OwnWordRead

_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


def closed_to_new(
    officer: OfficerOption,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=_FORMATS, help="Until when, in Viet Nam; at most 90 days."
        ),
    ] = None,
    reason: Annotated[
        ClosedReason, typer.Option(help="Why nobody new is received.")
    ] = ClosedReason.FULL,
    only: Annotated[
        list[str] | None, typer.Option(help="A type of referral; all without any.")
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="Receive again.")] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Say that nobody new is received, end that, or show what is said now.

    Nothing is blocked by it: the others are warned, and may ask all the same.
    """
    path = socket_of(node, socket, state, network)

    async def say() -> OwnWordRead:
        async with WorkClient(path, node) as client:
            if until is not None:
                ends_at = until.replace(tzinfo=VIETNAM)
                types = tuple(only or ())
                now = datetime.now(UTC)
                word = ClosedToNew(now, ends_at, types, reason.value)
                await client.say_closed_to_new(officer, word)
            elif end:
                await client.say_closed_to_new(officer, None)
            return await client.get_closed_to_new(officer)

    Console().print(Text(_told(asyncio.run(say()))))


def _told(word: OwnWordRead) -> str:
    closed = word.closed
    if closed is None:
        return "This member receives."
    what = ", ".join(closed.referral_types) or "everything"
    ends_at = closed.until.astimezone(VIETNAM)
    return (
        f"Closed to new until {ends_at:%Y-%m-%d %H:%M} ({closed.reason}), for {what};"
        f" said by {word.said_by}."
    )
