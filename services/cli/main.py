"""`relais`: the command of people who run nodes and act on cases.

Promises: a refusal is one sentence on standard error with its stable code, and
exit code 1; wrong usage is exit code 2. Each sub-command is a module of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from rich.console import Console

from services.cli import (
    audit_commands,
    case_commands,
    case_state_commands,
    closing_commands,
    demo_commands,
    directory_commands,
    network_commands,
    node_commands,
    officer_commands,
    outbox_commands,
    policy_commands,
    upkeep_commands,
)
from services.node.domain.errors import RelaisError

app = typer.Typer(
    name="relais",
    help="Relais: sealed, receipted and logged referrals between organisations.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(network_commands.app, name="network")
app.add_typer(node_commands.app, name="node")
app.add_typer(directory_commands.app, name="directory")
case_commands.app.registered_commands += case_state_commands.app.registered_commands
app.add_typer(case_commands.app, name="case")
app.add_typer(audit_commands.app, name="audit")
app.add_typer(policy_commands.app, name="policy")
app.add_typer(outbox_commands.app, name="outbox")
for command in (
    officer_commands.officer,
    officer_commands.officers,
    officer_commands.invite,
    officer_commands.reports,
    officer_commands.probe,
    upkeep_commands.noted,
    upkeep_commands.day,
    upkeep_commands.successor,
    upkeep_commands.sealing_keys,
    closing_commands.closed_to_new,
):
    node_commands.app.command()(command)
app.command()(demo_commands.demo)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and turns refusals into sentences.

    ``arguments`` are those of this process if none are given.
    """
    try:
        app(arguments, prog_name="relais")
    except RelaisError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(str(error), markup=False)
        sys.exit(1)
