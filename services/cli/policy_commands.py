"""`relais policy`: the dated tables by which every node rules.

``check`` reads files and says everything that is wrong with them. ``propose``
makes of a folder the bytes that approvers sign, and shows them row by row what
would change. Neither needs a node: a node rules by the directory's bytes, never
by these files. ``explain`` asks a member's own node which row decided what.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.case_desk import (
    STATE,
    CaseArgument,
    NodeOption,
    OfficerOption,
    SocketOption,
    at_desk,
)
from services.cli.network import open_network
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.policy_files import check_files, in_force, proposal_of
from services.cli.policy_tables import print_checked, print_explained, print_proposal
from services.node.domain.errors import ConflictError
from services.node.rpc.desk_client import DeskClient

app = typer.Typer(help="Check, explain and propose policy.", no_args_is_help=True)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A table's CSV file, or a folder.")],
) -> None:
    """Say what is wrong with policy tables, all at once; exit 1 if anything is."""
    checked = check_files(path)
    print_checked(Console(soft_wrap=True), checked)
    if checked.problems:
        raise typer.Exit(1)


@app.command()
def explain(
    case: CaseArgument,
    officer: OfficerOption,
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Show which row of which table decided what in a case, handoff by handoff."""

    async def read(desk: DeskClient) -> None:
        print_explained(Console(soft_wrap=True), await desk.explain_case(officer, case))

    at_desk(node, socket, state, network, read)


@app.command()
def propose(
    folder: Annotated[Path, typer.Argument(help="Folder with one CSV file a table.")],
    version: Annotated[str, typer.Option(help="The new version, one word.")],
    out: Annotated[Path, typer.Option(help="File for the entry's bytes.")],
    approver: Annotated[
        list[str] | None,
        typer.Option(help="Function that approves from then on; may be given again."),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="The network's directory file, if not here.")
    ] = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Write a policy as an entry for approval, and show what it would change."""
    opened = open_network(state, network)
    known = in_force(directory or opened.state.directory, opened.declared.name)
    proposal = proposal_of(
        folder, version, tuple(approver or ()), known, datetime.now(UTC)
    )
    try:
        with out.open("xb") as stream:
            stream.write(proposal.raw)
    except FileExistsError as error:
        raise ConflictError(
            "policy.file_exists",
            "That file exists; a proposal never overwrites another.",
            where=str(out),
            remedy="Name another file with --out.",
        ) from error
    print_proposal(Console(soft_wrap=True), proposal)
