"""`relais node noted` and `relais node day`: what an administrator says and asks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from services.cli.case_desk import STATE, NodeOption, SocketOption
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.officer_commands import socket_of
from services.node.domain.tables import VIETNAM
from services.node.keys.secret_files import write_public
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.rpc.upkeep_values import (
    DayEnvelopeRead,
    DoneRead,
    OwnKeysRead,
)


def noted(
    what: Annotated[str, typer.Argument(help="backup or restore_test.")],
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Say that a backup was made, or that one was restored to try it."""
    path = socket_of(node, socket, state, network)

    async def say() -> DoneRead:
        async with UpkeepClient(path, node) as client:
            return await client.note_upkeep(acting, what)

    done = asyncio.run(say())
    at = done.at.astimezone(VIETNAM)
    Console().print(Text(f"Noted: {done.what}, {at:%Y-%m-%d %H:%M}."))


def successor(
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Have the node make the successor of its certificate; what has to be signed.

    At the node's own host one person is enough; the console asks for two.
    """
    path = socket_of(node, socket, state, network)

    async def ask() -> OwnKeysRead:
        async with UpkeepClient(path, node) as client:
            await client.ask_key(acting)
            return await client.list_keys(acting)

    made = asyncio.run(ask()).successor
    if made is not None:
        typer.echo(f"Made {made.name}: {made.fingerprint.hex()}")
        typer.echo("Next: download its entry from Node, Our keys, and have it signed.")


def sealing_keys(
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    out: Annotated[
        Path | None, typer.Option(help="Where the entry goes that has to be signed.")
    ] = None,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Have the node make its sealing keys of the quarter; what has to be signed.

    At the node's own host one person is enough; the console asks for two. Those that
    were made and are not listed yet are told again.
    """
    path = socket_of(node, socket, state, network)

    async def ask() -> OwnKeysRead:
        async with UpkeepClient(path, node) as client:
            before = await client.list_keys(acting)
            if before.sealing.made is not None:
                return before
            await client.ask_key(acting, "sealing")
            return await client.list_keys(acting)

    made = asyncio.run(ask()).sealing.made
    if made is None:
        return
    weeks = f"{made.begins_at:%Y-%m-%d} to {made.ends_at:%Y-%m-%d} (UTC)"
    typer.echo(f"Made {made.name}: {made.weeks} weeks, {weeks}")
    typer.echo(f"Entry {made.digest.hex()}")
    if out is not None:
        write_public(out, made.entry)
        typer.echo(f"Next: have {out} signed where the identity keys are kept.")
    else:
        typer.echo("Next: download its entry from Node, Our keys, and have it signed.")


def day(
    member: Annotated[str, typer.Argument(help="The other member.")],
    on: Annotated[str, typer.Argument(help="The day in UTC, such as 2018-03-05.")],
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List what went between this member and another on a day, by digest.

    Where a statement differs, both administrators list the day: the digest that stands
    in one list only is the envelope that was lost. An entry of the ledger leads to it.
    """
    path = socket_of(node, socket, state, network)

    async def look() -> tuple[DayEnvelopeRead, ...]:
        async with UpkeepClient(path, node) as client:
            return await client.list_day(acting, member, on)

    found = asyncio.run(look())
    # A digest is compared with another node's: it is never cut or wrapped.
    for sent in (True, False):
        listed = [each for each in found if each.sent is sent]
        typer.echo(_heading(member, on, listed, sent=sent))
        for each in listed:
            typer.echo(_line(each))


def _heading(
    member: str, on: str, envelopes: list[DayEnvelopeRead], *, sent: bool
) -> str:
    statements = sum(each.statement for each in envelopes)
    way = f"Sent to {member}" if sent else f"Received from {member}"
    counted = len(envelopes) - statements
    return f"{way}, made on {on} (UTC): {counted}, and {statements} statements."


def _line(each: DayEnvelopeRead) -> str:
    words = [each.digest.hex(), each.state or "gone", f"entry {each.index}"]
    if each.answered:
        words.append(f"theirs {each.answer_index}")
    if each.statement:
        words.append("statement")
    return "  ".join(words)
