"""`relais network`: many nodes on one machine, up, down, status and check."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.demo.staff import enrol_everybody, enter_everybody
from services.cli.gateways import Gateways
from services.cli.network import Network, open_network
from services.cli.network_check import check_nodes
from services.cli.network_faults import NetworkReport
from services.cli.staff_sign_ins import staff_sign_in, staff_sign_ins
from services.node.domain.errors import InvalidInputError

app = typer.Typer(help="Run a whole network on this machine.", no_args_is_help=True)

StateOption = Annotated[
    Path, typer.Option("--state", help="Folder of keys, databases and logs.")
]
NetworkOption = Annotated[
    str, typer.Option("--network", help="Name under deploy/network, or a path.")
]
_STATE = Path(".relais/vietnam")


@app.command()
def up(
    state: StateOption = _STATE,
    network: NetworkOption = "vietnam",
    clock: Annotated[
        str, typer.Option("--clock", help="Where the case clock starts (ISO 8601).")
    ] = "",
    free_ports: Annotated[
        bool, typer.Option("--free-ports", help="Choose ports; ignore the declared.")
    ] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Remove what was there before.")
    ] = False,
    staff: Annotated[
        bool,
        typer.Option("--staff", help="Enter the invented staff of every node."),
    ] = False,
    gateways: Annotated[
        bool, typer.Option("--gateways", help="Start a console before every node.")
    ] = False,
) -> None:
    """Make what is missing, start what is down, and leave it running."""
    opened = open_network(state, network, clock=check_clock(clock))
    try:
        opened.start(free_ports=free_ports, afresh=afresh)
        if staff or gateways:
            asyncio.run(enter_everybody(opened))
        if gateways:
            Gateways(opened).start()
            asyncio.run(enrol_everybody(opened, lambda: datetime.now(UTC)))
        _print(opened)
    finally:
        opened.close()


@app.command()
def down(state: StateOption = _STATE, network: NetworkOption = "vietnam") -> None:
    """Stop every node and PostgreSQL; what they stored stays."""
    opened = open_network(state, network)
    Gateways(opened).stop()
    opened.stop()
    Console().print("Every node is stopped, and PostgreSQL with them.")


@app.command("sign-in")
def sign_in(
    member: Annotated[str, typer.Argument(help="The member.")],
    officer: Annotated[str, typer.Argument(help="Staff code; empty lists all.")] = "",
    state: StateOption = _STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Tell the password and the one-time code of now of an invented officer."""
    place = open_network(state, network).place(member)
    if not officer:
        for each in sorted(staff_sign_ins(place)):
            Console().print(each, highlight=False)
        return
    found = staff_sign_in(place, officer)
    for name, value in (
        ("staff code", found.officer),
        ("password", found.password),
        ("one-time code", found.code(datetime.now(UTC))),
    ):
        Console().print(f"{name}: {value}", highlight=False, soft_wrap=True)


@app.command()
def status(state: StateOption = _STATE, network: NetworkOption = "vietnam") -> None:
    """Say which nodes run and where they answer; exit 1 if any is down."""
    opened = open_network(state, network)
    _print(opened)
    members = opened.members()
    if not members or any(each.pid is None for each in members):
        raise typer.Exit(1)


@app.command()
def check(
    officer: Annotated[
        str, typer.Option(help="Pseudonym of an officer who is an auditor.")
    ] = "auditor",
    chains: Annotated[
        bool, typer.Option("--chains", help="Show who answers in every chain.")
    ] = False,
    state: StateOption = _STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Ask every node who is answerable; exit 1 unless exactly one is, everywhere."""
    opened = open_network(state, network)
    sockets = {each.name: each.local_socket for each in opened.members()}
    report = asyncio.run(check_nodes(sockets, officer))
    show_check(report, Console(soft_wrap=True), chains=chains)
    if report.faults or not sockets:
        raise typer.Exit(1)


def show_check(report: NetworkReport, console: Console, *, chains: bool) -> None:
    """Print the chains if asked for, then what is wrong, then what was checked."""
    if chains:
        table = Table("cases", "handed on", "answers now")
        for person in report.chains:
            cases = "\n".join(each.label for each in person.cases)
            way = " → ".join(each.member for each in person.chain.periods)
            table.add_row(cases, way, ", ".join(person.chain.holders) or "nobody")
        console.print(table)
    if report.faults:
        table = Table("fault", "where", "since", "detail")
        for fault in report.faults:
            since = f"{fault.since:%Y-%m-%d %H:%M}" if fault.since else ""
            table.add_row(fault.kind, "\n".join(fault.where), since, fault.detail)
        console.print(table)
    counted = f"{len(report.chains)} chain(s) of cases over {len(report.members)}"
    if report.faults:
        count = f"[bold red]{len(report.faults)} fault(s)[/]"
        console.print(f"{count} in {counted} member(s).", highlight=False)
    else:
        console.print(
            f"Checked: {counted} member(s). Exactly one answers in each.",
            highlight=False,
        )


def check_clock(text: str) -> str:
    """``text`` if it is empty or an aware ISO 8601 instant.

    Raises:
        InvalidInputError: ``cli.bad_clock``.
    """
    try:
        aware = not text or datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise InvalidInputError(
            "cli.bad_clock",
            "The clock is no instant with an offset.",
            remedy="Write it as 2018-03-05T08:00:00+07:00.",
        )
    return text


def _print(network: Network) -> None:
    console = Console()
    members = network.members()
    if not members:
        console.print("There is no network yet; start it with: relais network up")
        return
    consoles = Gateways(network).origins()
    table = Table("member", "kind", "runs as", "peers")
    for column in table.columns:
        column.no_wrap = True
    for each in members:
        runs = str(each.pid) if each.pid else "[bold red]down[/]"
        table.add_row(each.name, each.kind, runs, each.peers_address or "dials out")
    console.print(table)
    sockets = members[0].local_socket.parent
    console.print(f"Local: {sockets}/MEMBER.sock", soft_wrap=True, highlight=False)
    console.print(f"Logs: {network.logs}", soft_wrap=True, highlight=False)
    for member, origin in consoles.items():
        console.print(f"{member}: {origin}", soft_wrap=True, highlight=False)
    if consoles:
        console.print(
            "Sign in as invented staff: relais network sign-in MEMBER [OFFICER]",
            highlight=False,
        )
