"""Everything that the checker reads of the members, as plain rows.

Shares no code with the nodes: SQL of its own, and the tables as docs/schema.md
tells them. One snapshot a database. Nothing sealed is opened.
"""

from __future__ import annotations

import asyncio
import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from tests.fault.person import CANARY

Row = Mapping[str, Any]

_TABLES = {
    "head": "SELECT origin, size, root, checkpoint FROM ledger_head",
    "leaves": "SELECT index, leaf, subject FROM ledger_leaf ORDER BY index",
    "nodes": "SELECT level, index, hash FROM ledger_node",
    "checkpoints": "SELECT size, note FROM ledger_checkpoint ORDER BY size",
    "openings": "SELECT subject FROM ledger_opening",
    "directory": "SELECT index, leaf FROM directory_leaf ORDER BY index",
    "peer_heads": "SELECT member, size, root, checkpoint FROM peer_head",
    "events": "SELECT event_id, referral_id, referral_no, case_id, case_seq, author,"
    " author_seq, step, subject FROM event",
    "sent": "SELECT s.digest, s.envelope_id, s.event_id, s.referral_id, s.recipient,"
    " s.header, s.stanza, s.ciphertext, o.state, o.refusal_code, o.refusal_applied,"
    " o.number FROM envelope_sent AS s LEFT JOIN outbox AS o ON s.digest = o.digest",
    "receipts": "SELECT digest, index, evidence FROM receipt",
    "received": "SELECT digest, sender, envelope_id, event_id, header, stanza,"
    " ciphertext, evidence, outcome, code FROM envelope_received",
    "referrals": "SELECT referral_id, case_id, side, peer, alias, referral_type,"
    " moves_on, state, referral_no, sent_seq, received_seq, last_event FROM referral",
    "cases": "SELECT case_id, pseudonym, answerable, case_seq FROM cases",
    "periods": "SELECT case_id, number, since_event, since_step, from_member,"
    " until_event, until_step, to_member FROM answerability ORDER BY number",
    "consents": "SELECT consent_id, number, case_id, purpose, recipient, categories,"
    " status FROM consent",
    "overrides": "SELECT override_id, case_id, recipient, purpose, category"
    " FROM emergency_override",
    "disclosures": "SELECT referral_id, case_id, recipient, purpose, category,"
    " basis_kind, basis_id FROM disclosure",
    "records": "SELECT DISTINCT case_id, category, source FROM case_record",
    "part_keys": "SELECT referral_id, category FROM part_key",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member's database, table by table, and its guard files."""

    name: str
    rows: Mapping[str, list[Row]]
    guards: tuple[tuple[int, str], ...]
    """Size and root (hex) that each copy of the guard names."""
    leaf_of: Mapping[bytes, Row] = field(default_factory=dict)
    """Leaves by subject."""
    readable: tuple[str, ...] = ()
    """Tables and logs in which a person's name can be read."""

    def table(self, name: str) -> list[Row]:
        """The rows of one table."""
        return self.rows[name]


@dataclass(frozen=True, slots=True)
class Members:
    """All members; whoever is missing is not in the network."""

    by_name: Mapping[str, Member]

    def handoffs(self) -> int:
        """How many envelopes were received and applied."""
        return sum(
            each["outcome"] == "received"
            for member in self.by_name.values()
            for each in member.table("received")
        )

    def refusals(self) -> Counter[str]:
        """What was refused for good: by step and code, how often."""
        return Counter(
            f"{event['step']}: {row['refusal_code']}"
            for member in self.by_name.values()
            for row in member.table("sent")
            if row["state"] == "refused"
            for event in member.table("events")
            if event["event_id"] == row["event_id"]
        )


async def read_members(
    folders: Mapping[str, Path], databases: Mapping[str, str] | None = None
) -> Members:
    """Read every member whose ``node.toml`` lies in its folder.

    ``databases`` names another database for some of them.
    """
    instead = databases or {}
    found = await asyncio.gather(
        *(
            read_member(name, folder, instead.get(name, ""))
            for name, folder in folders.items()
        )
    )
    return Members({each.name: each for each in found})


async def read_member(name: str, folder: Path, database: str = "") -> Member:
    """Read one member in one snapshot."""
    settings = tomllib.loads((folder / "node.toml").read_text("utf-8"))
    section = settings["database"]
    connection = await asyncpg.connect(
        host=section["host"],
        port=section["port"],
        database=database or section["name"],
        user=section["user"],
        password=(folder / section["password_file"]).read_text().strip(),
    )
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            rows: dict[str, list[Row]] = {
                table: [dict(row) for row in await connection.fetch(sql)]
                for table, sql in _TABLES.items()
            }
            readable = await _readable(connection)
    finally:
        await connection.close()
    guards = tuple(
        (int(known["size"]), str(known["root"]))
        for known in _guards(folder, settings["guard"]["paths"])
    )
    leaf_of: dict[bytes, Row] = {row["subject"]: row for row in rows["leaves"]}
    logs = (folder.parents[1] / "logs").glob(f"{name}*.log")
    readable += [each.name for each in logs if CANARY in each.read_bytes()]
    return Member(name, rows, guards, leaf_of, tuple(readable))


async def _readable(connection: asyncpg.Connection) -> list[str]:
    """Tables of which a row holds the name, as text or as bytes."""
    tables = await connection.fetch(
        "SELECT format('%I', relname) AS name FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace"
        " AND has_table_privilege(oid, 'SELECT')"
    )
    holds = "SELECT EXISTS (SELECT 1 FROM {0} AS t WHERE t::text LIKE any($1))"
    shown = [f"%{CANARY.decode()}%", f"%{CANARY.hex()}%"]
    return [
        each["name"]
        for each in tables
        if await connection.fetchval(holds.format(each["name"]), shown)
    ]


def _guards(folder: Path, paths: Iterable[str]) -> Iterable[dict[str, Any]]:
    for path in paths:
        yield json.loads((folder / path).read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the policy's table of steps."""

    types: frozenset[str]
    step: str
    author: str
    from_states: frozenset[str]
    to_state: str
    arrival_only: bool


def policy_steps(folder: Path, day: str) -> list[StepRow]:
    """The steps in force on a day (ISO 8601), read as a table.

    What *shares* and *transfers* stand for is read from the table of who may send:
    responsibility never moves, or moves on the release.
    """
    groups = {"never": "shares", "release": "transfers", "minutes": ""}
    kinds = {
        row["referral_type"]: groups[row["moves_on"]]
        for row in _table(folder / "may_send.csv")
    }
    return [
        StepRow(
            _types(row["referral_types"].split(), kinds),
            row["step"],
            row["author"],
            frozenset(row["from_states"].split()),
            row["to_state"],
            row["arrival_only"] == "yes",
        )
        for row in _table(folder / "steps.csv")
        if row["valid_from"] <= day <= (row["valid_to"] or "9999")
    ]


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _types(words: list[str], kinds: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        each
        for each, group in kinds.items()
        if "*" in words or each in words or (group and group in words)
    )
