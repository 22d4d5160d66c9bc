"""`relais node closed-to-new`: say to all members that nobody new is received."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from services.cli.case_desk import STATE, NodeOption, OfficerOption, SocketOption
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.officer_commands import socket_of
from services.node.domain.closed_to_new import ClosedReason, ClosedToNew
from services.node.domain.tables import VIETNAM
from services.node.rpc.work_client import WorkClient
from services.node.rpc.work_values import MemberCardRead, OwnWordRead

_MINUTE = "%Y-%m-%d %H:%M"
_FORMATS = [_MINUTE, "%Y-%m-%dT%H:%M"]


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
    """Say that nobody new is received, end that, or show what all say now.

    Nothing is blocked by it: the others are warned, and may ask all the same.
    """
    path = socket_of(node, socket, state, network)

    async def say() -> tuple[OwnWordRead, tuple[MemberCardRead, ...]]:
        async with WorkClient(path, node) as client:
            if until is not None:
                ends_at = until.replace(tzinfo=VIETNAM)
                types = tuple(only or ())
                now = datetime.now(UTC)
                word = ClosedToNew(now, ends_at, types, reason.value)
                await client.say_closed_to_new(officer, word)
            elif end:
                await client.say_closed_to_new(officer, None)
            own = await client.get_closed_to_new(officer)
            return own, await client.list_members(officer)

    own, cards = asyncio.run(say())
    for line in _told(own, cards):
        typer.echo(line)


def _told(own: OwnWordRead, cards: Iterable[MemberCardRead]) -> Iterator[str]:
    """What this member says, then every other that says that it is closed."""
    if own.closed is None:
        yield "This member receives."
    else:
        yield f"This member: {_said(own.closed)}; said by {own.said_by}."
    for card in cards:
        word = card.word
        if word is not None and word.closed is not None:
            heard = word.heard_at.astimezone(VIETNAM)
            old = ", which is long ago" if word.stale else ""
            yield f"{card.name}: {_said(word.closed)}; heard {heard:{_MINUTE}}{old}."


def _said(closed: ClosedToNew) -> str:
    what = ", ".join(closed.referral_types) or "everything"
    ends_at = closed.until.astimezone(VIETNAM)
    return f"closed to new until {ends_at:{_MINUTE}} ({closed.reason}), for {what}"
