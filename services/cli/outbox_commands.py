"""`relais outbox`: what waits to be received, and what to do about it.

For the administrator of a node, who opens no case: an envelope is shown by its
digest, as it stands in the ledger. Nothing is ever taken out: ``retry`` asks now and
not later, ``return`` tells the people here that it was not received.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.case_desk import STATE, NodeOption, SocketOption
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.officer_commands import at_node, socket_of
from services.node.domain.errors import InvalidInputError
from services.node.domain.tables import VIETNAM
from services.node.rpc.node_client import NodeClient
from services.node.rpc.outbox_values import LetterRead

app = typer.Typer(
    help="See what waits for other members, try again, give back to the sender.",
    no_args_is_help=True,
)
ActingOption = Annotated[str, typer.Option("--as", help="The administrator.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="Most to list.")]
LetterArgument = Annotated[
    str, typer.Argument(help="The envelope's digest, or how it begins.")
]
_SHOWN = 16
_SHORTEST = 8


@app.command("list")
def list_(
    acting: ActingOption,
    as_json: JsonOption = False,
    limit: LimitOption = 100,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List for each member what waits, since when, the next try and the problem."""
    found = at_node(
        socket_of(node, socket, state, network),
        node,
        lambda client: client.list_waiting(acting, limit),
    )
    if as_json:
        _print_json(found)
        return
    table = Table(
        "member", "waiting", "since", "next try", "tries", "problem", "line", "dead"
    )
    for each in found:
        table.add_row(
            Text(each.recipient),
            str(each.waiting),
            _instant(each.waits_since),
            _instant(each.next_try_at),
            str(each.attempts),
            Text(each.last_problem),
            each.circuit,
            str(each.dead),
        )
    Console(soft_wrap=True).print(table)


@app.command()
def show(
    acting: ActingOption,
    member: Annotated[
        str, typer.Argument(help="The other member; of dead letters none for all.")
    ] = "",
    dead: Annotated[
        bool, typer.Option("--dead", help="What was refused for good, or expired.")
    ] = False,
    as_json: JsonOption = False,
    limit: LimitOption = 100,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List the envelopes that wait for a member, or the dead letters."""
    found = at_node(
        socket_of(node, socket, state, network),
        node,
        lambda client: client.list_letters(acting, member, limit, dead=dead),
    )
    if as_json:
        _print_json(found)
        return
    table = Table(
        "envelope", "to", "state", "lane", "since", "tries", "why", "given back"
    )
    for each in found:
        table.add_row(
            each.digest.hex()[:_SHOWN],
            Text(each.recipient),
            each.state,
            each.lane,
            _instant(each.waits_since),
            str(each.attempts),
            Text(each.problem),
            Text(each.returned_by),
        )
    Console(soft_wrap=True).print(table)


@app.command()
def retry(
    acting: ActingOption,
    member: Annotated[str, typer.Argument(help="The other member.")] = "",
    letter: Annotated[
        str, typer.Option("--letter", help="Only this envelope, by its digest.")
    ] = "",
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Ask a member again now, for all that waits or for one envelope."""
    if bool(member) == bool(letter):
        raise InvalidInputError(
            "cli.which_retry",
            "Either a member or one envelope is tried again.",
            remedy="Name the member, or the envelope with --letter.",
        )

    async def ask(client: NodeClient) -> str:
        digest = await _digest(client, acting, letter) if letter else b""
        return await client.retry_now(acting, member, digest)

    asked = at_node(socket_of(node, socket, state, network), node, ask)
    Console().print(Text(f"{asked} is asked now."))


@app.command("return")
def return_(
    letter: LetterArgument,
    acting: ActingOption,
    as_json: JsonOption = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Give an envelope back to who sent it, as not received; it is still sent."""

    async def ask(client: NodeClient) -> LetterRead:
        digest = await _digest(client, acting, letter)
        return await client.return_letter(acting, digest)

    found = at_node(socket_of(node, socket, state, network), node, ask)
    if as_json:
        _print_json([found])
        return
    Console(soft_wrap=True).print(
        Text(
            f"{found.digest.hex()[:_SHOWN]} to {found.recipient} is given back "
            f"({found.problem or 'no answer'}). Its case stands in the notices; this "
            "member stays answerable as before."
        )
    )


async def _digest(client: NodeClient, acting: str, said: str) -> bytes:
    """The one envelope that waits or is dead whose digest begins so."""
    found = {
        each.digest for each in await client.list_letters(acting, dead=True, limit=1000)
    }
    for destination in await client.list_waiting(acting, 1000):
        letters = await client.list_letters(acting, destination.recipient, 1000)
        found |= {each.digest for each in letters}
    begins = said.lower()
    named = [each for each in found if each.hex().startswith(begins)]
    if len(begins) < _SHORTEST or len(named) != 1:
        raise InvalidInputError(
            "cli.which_letter",
            f"{len(named)} envelopes here have a digest that begins so.",
            where=said,
            remedy="Copy it from: relais outbox show",
        )
    return named[0]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}" if at.timestamp() else ""


def _print_json(found: Iterable[Any]) -> None:
    told = [asdict(each) for each in found]
    print(json.dumps(told, default=_plain, indent=1))  # noqa: T201 - for programs


def _plain(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat() if value.timestamp() else None
    return str(value)
