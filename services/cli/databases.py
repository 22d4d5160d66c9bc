"""A member's database in the embedded PostgreSQL, and its two roles.

Promises: ``<member>_owner`` owns the database and its tables and is used for
migrations only; ``<member>`` is the node's, with the rights that the migrations
grant it (it appends to the ledger and cannot edit it). Neither can connect to
another member's database. Both passwords are random and stand in files of mode
0600; the server keeps scram verifiers.

Leaves to others: the tables (``store.migrate``). A member with a PostgreSQL of
its own makes the same roles by hand (deploy/postgres).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from services.cli.cluster import PORT, Cluster
from services.node.keys.files import read_secret, write_secret
from services.node.store.migrate import migrate
from services.node.store.pool import Address, open_database

_AT_ONCE = 4
"""Migrations run side by side; more only contend for the cores."""


@dataclass(frozen=True, slots=True)
class MemberDatabase:
    """Names and password files of one member's database."""

    member: str
    folder: Path
    """Where the two password files are."""

    @property
    def owner(self) -> str:
        """The role that owns database and tables."""
        return f"{self.member}_owner"

    @property
    def node_password_file(self) -> Path:
        """Password of the node's role."""
        return self.folder / "database.password"

    @property
    def owner_password_file(self) -> Path:
        """Password of the owner; a node never reads it."""
        return self.folder / "database-owner.password"

    def owner_address(self, cluster: Cluster) -> Address:
        """How the owner connects."""
        password = read_secret(self.owner_password_file).decode().strip()
        return Address(str(cluster.sockets), PORT, self.member, self.owner, password)


def create_databases(cluster: Cluster, members: Iterable[MemberDatabase]) -> None:
    """Makes roles and empty databases, all in one session of the superuser.

    Raises:
        UnavailableError: the server refused, or a role or database exists.
        ConflictError: a password file exists.
    """
    statements = ["REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;"]
    for each in members:
        passwords = secrets.token_hex(24), secrets.token_hex(24)
        each.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(each.node_password_file, passwords[0].encode() + b"\n")
        write_secret(each.owner_password_file, passwords[1].encode() + b"\n")
        name, owner = f'"{each.member}"', f'"{each.owner}"'
        statements += [
            f"CREATE ROLE {name} LOGIN PASSWORD '{passwords[0]}';",
            f"CREATE ROLE {owner} LOGIN PASSWORD '{passwords[1]}';",
            f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0;",
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
            f"GRANT CONNECT ON DATABASE {name} TO {name};",
        ]
    cluster.query("\n".join(statements))


def migrate_databases(cluster: Cluster, members: Iterable[MemberDatabase]) -> None:
    """Brings the tables of every member to this version, a few at a time."""
    asyncio.run(_migrate_all(cluster, list(members)))


async def _migrate_all(cluster: Cluster, members: list[MemberDatabase]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(member: MemberDatabase) -> None:
        async with gate:
            await migrate_database(member.owner_address(cluster), member.member)

    async with asyncio.TaskGroup() as group:
        for member in members:
            group.create_task(one(member))


async def migrate_database(owner: Address, node_role: str) -> int:
    """Migrates one database as its owner; how many migrations were missing."""
    database = await open_database(owner, 1)
    try:
        async with database.connection() as connection:
            return await migrate(connection, node_role)
    finally:
        await database.close()
