"""`relais node officer|officers|invite|reports|probe`: at one's node, by its socket.

The first officer of a new node is entered by nobody and must be an
administrator; from then on an administrator enters the others. An officer is a
staff pseudonym, never a name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.case_desk import STATE, NodeOption, SocketOption
from services.cli.network import open_network
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.errors import InvalidInputError
from services.node.domain.people import Role
from services.node.domain.tables import VIETNAM
from services.node.rpc.desk_values import DisclosureReportRead, OfficerRead
from services.node.rpc.node_client import NodeClient
from services.node.rpc.sign_in_client import SignInClient
from services.node.rpc.sign_in_values import InvitedRead

T = TypeVar("T")
_ROLES = ", ".join(role for role in Role if role is not Role.NODE)


def officer(
    pseudonym: Annotated[str, typer.Argument(help="Staff pseudonym, one word.")],
    role: Annotated[str, typer.Argument(help=f"One of {_ROLES}.")],
    unit: Annotated[str, typer.Argument(help="Unit of the member.")],
    acting: Annotated[
        str, typer.Option("--as", help="The administrator; empty for the very first.")
    ] = "",
    leave: Annotated[bool, typer.Option("--leave", help="The officer left.")] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Enter an officer, or change role, unit and whether active."""
    kept = OfficerRead(pseudonym, role, unit, not leave)

    async def keep(client: NodeClient) -> None:
        await client.keep_officer(acting, kept)

    at_node(socket_of(node, socket, state, network), node, keep)
    Console().print(Text(f"{pseudonym} is kept as {role}, {unit}."))


def invite(
    pseudonym: Annotated[str, typer.Argument(help="Staff pseudonym of the officer.")],
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    reset: Annotated[
        bool,
        typer.Option("--reset", help="End sessions, password, codes and passkeys now."),
    ] = False,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Print a code, once, with which an officer sets up sign-in."""
    path = socket_of(node, socket, state, network)

    async def ask() -> InvitedRead:
        async with SignInClient(path, node) as client:
            return await client.invite_officer(acting, pseudonym, reset=reset)

    invited = asyncio.run(ask())
    until = invited.expires_at.astimezone(VIETNAM)
    Console().print(Text(invited.code))
    Console(stderr=True).print(
        Text(
            f"Hand it to {pseudonym} in person; it is shown this once and ends "
            f"{until:%Y-%m-%d %H:%M}."
        )
    )


def officers(
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List the officers of a member."""

    async def read(client: NodeClient) -> tuple[OfficerRead, ...]:
        return await client.list_officers()

    found = at_node(socket_of(node, socket, state, network), node, read)
    table = Table("officer", "role", "unit", "")
    for each in found:
        left = "" if each.active else "left"
        table.add_row(Text(each.pseudonym), each.role, Text(each.unit), left)
    Console().print(table)


def reports(
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """List what other members sent and should not have; it was refused."""

    async def read(client: NodeClient) -> tuple[DisclosureReportRead, ...]:
        return await client.list_disclosure_reports(acting)

    found = at_node(socket_of(node, socket, state, network), node, read)
    table = Table("when", "from", "step", "refused by", "categories", "envelope")
    for each in found:
        table.add_row(
            f"{each.reported_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}",
            Text(each.sender),
            Text(each.step),
            Text(each.code),
            Text(" ".join(each.categories)),
            each.digest.hex()[:16],
        )
    Console().print(table)


def probe(
    member: Annotated[str, typer.Argument(help="The other member.")],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Say which part of an exchange with another member works; exit 1 if one fails."""

    async def ask(client: NodeClient) -> list[tuple[str, bool, str]]:
        findings = await client.probe_peer(member)
        return [
            (each.part, each.works, f"{each.detail} {each.remedy}".strip())
            for each in findings
        ]

    findings = at_node(socket_of(node, socket, state, network), node, ask)
    for part, works, detail in findings:
        Console(soft_wrap=True).print(
            Text(f"{'works' if works else 'FAILS'}  {part:<9} {detail}")
        )
    if not all(works for _, works, _ in findings):
        raise typer.Exit(1)


def socket_of(node: str, socket: Path | None, state: Path, network: str) -> Path:
    """The local socket of one node; raises InvalidInputError ``cli.no_node``."""
    if socket is not None:
        return socket.absolute()
    if not node:
        raise InvalidInputError(
            "cli.no_node",
            "No node is named.",
            remedy="Name the member with --node, or its socket with --socket.",
        )
    return open_network(state, network).local_socket(node)


def at_node(path: Path, member: str, act: Callable[[NodeClient], Awaitable[T]]) -> T:
    """What ``act`` gives, done at one node."""

    async def done() -> T:
        async with NodeClient(path, member) as client:
            return await act(client)

    return asyncio.run(done())
