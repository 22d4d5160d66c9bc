"""`relais node`: one member's node, for the people who run it.

``init`` makes keys and configuration; the member's identity keys are then moved
offline. ``upgrade`` brings the tables to this version with the owner's role,
which the running node never uses.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.databases import migrate_database
from services.cli.node_init import NodePlan, init_node
from services.node.config.network import load_member
from services.node.config.node import load_node_config
from services.node.keys.files import read_secret
from services.node.store.pool import Address

app = typer.Typer(help="Set up and look after one node.", no_args_is_help=True)


@app.command()
def init(
    declaration: Annotated[Path, typer.Argument(help="The member's TOML file.")],
    folder: Annotated[Path, typer.Option(help="Where keys and node.toml go.")],
    network: Annotated[str, typer.Option(help="Name of the network to join.")],
    directory: Annotated[Path, typer.Option(help="The directory file received.")],
    fingerprint: Annotated[str, typer.Option(help="Its short words, as compared.")],
    database_host: Annotated[
        str, typer.Option(help="Host, or folder of the unix socket.")
    ] = "/run/postgresql",
    database_port: Annotated[int, typer.Option(min=1, max=65535)] = 5432,
    listen: Annotated[str, typer.Option(help="Address for peers to reach.")] = "[::]",
) -> None:
    """Make a new member's keys and configuration; nothing is overwritten."""
    member = load_member(declaration)
    plan = NodePlan(
        member=member,
        network=network,
        folder=folder.absolute(),
        directory=directory.absolute(),
        fingerprint=fingerprint,
        database=(database_host, database_port),
        listen=listen.removeprefix("[").removesuffix("]"),
    )
    config = init_node(plan, datetime.now(UTC))
    say = Console(highlight=False, soft_wrap=True).print
    say(f"Made {config} and the keys of {member.name}.")
    say("Next: let the database's administrator run deploy/postgres/roles.sql,")
    say(f"write the node's password to {folder}/database.password (mode 0600),")
    say(f"run: relais node upgrade --config {config} --owner-password-file FILE")
    say("and move identity-*.key to a place that is never online.")


@app.command()
def upgrade(
    config: Annotated[Path, typer.Option(help="The node's configuration.")],
    owner_password_file: Annotated[Path, typer.Option(help="Mode 0600.")],
) -> None:
    """Bring the member's tables to this version, as their owner."""
    database = load_node_config(config).database
    owner = Address(
        host=database.host,
        port=database.port,
        name=database.name,
        user=f"{database.user}_owner",
        password=read_secret(owner_password_file).decode().strip(),
    )
    applied = asyncio.run(migrate_database(owner, database.user))
    Console().print(f"{applied} migration(s) applied; the tables are current.")
