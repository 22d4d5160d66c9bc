"""Policy tables as files: read for checking, and encoded for approval.

Promises that a file is never half read, and that what ``proposal_of`` returns is
the one encoding of a POLICY entry that a directory would take if it is approved
(``wire.entries``): the tables hold, the version is new, the entry is sound.

Leaves to others: what makes a table good (``domain.policy``), and approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.node.directory.descriptions import check_policy
from services.node.directory.home import entry_bytes
from services.node.directory.load import load_directory
from services.node.directory.state import Directory
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.policy import (
    Table,
    check_policy_tables,
    parse_policy,
    read_tables,
)
from services.node.domain.policy_changes import RowChange, policy_changes
from services.node.domain.problems import Problem, problems_of
from services.node.keys.encoding import sha256
from services.node.wire.entries import Policy, PolicyTable


@dataclass(frozen=True, slots=True)
class Checked:
    """The tables that could be read, by name, and everything that is wrong."""

    tables: dict[str, Table]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The bytes of an entry, and what it would change."""

    raw: bytes
    digest: bytes
    """SHA-256 of ``raw``."""
    version: str
    in_force: str
    """Version that it would replace; empty for a first policy."""
    changes: tuple[RowChange, ...]


def read_policy_files(path: Path) -> dict[str, bytes]:
    """The CSV of one table, or of every table in a folder, by the file's stem.

    Raises ``NotFoundError``: ``policy.no_such_file`` if nothing can be read,
    ``policy.no_tables`` for a folder without a CSV file.
    """
    try:
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        found = {file.stem: file.read_bytes() for file in files}
    except OSError as error:
        raise NotFoundError(
            "policy.no_such_file",
            f"The policy tables cannot be read ({error.strerror}).",
            where=str(path),
        ) from error
    if not found:
        raise NotFoundError(
            "policy.no_tables",
            "The folder holds no policy table.",
            where=str(path),
            remedy="Name a table's file, or a folder with one CSV file a table.",
        )
    return found


def check_files(path: Path) -> Checked:
    """Every problem of a file, or of a folder taken as one policy."""
    raw = read_policy_files(path)
    lines: list[str] = []
    tables = read_tables(raw, [])
    if path.is_dir():
        check_policy_tables("", raw, lines)
    else:
        lines.extend(f"table {name} is not known" for name in raw.keys() - tables)
        read_tables(raw, lines)
    return Checked(tables, problems_of(lines))


def in_force(file: Path, network: str) -> Directory:
    """The directory of a network from its file.

    Raises ``NotFoundError`` (``policy.no_directory``) and what
    ``load_directory`` raises.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise NotFoundError(
            "policy.no_directory",
            f"The directory cannot be read ({error.strerror}).",
            where=str(file),
            remedy="Name the network's directory file with --directory.",
        ) from error
    return load_directory(raw, network)


def proposal_of(
    folder: Path,
    version: str,
    approvers: tuple[str, ...],
    directory: Directory,
    now: datetime,
) -> Proposal:
    """The tables of ``folder`` as an entry, written at ``now`` (wire clock).

    ``approvers`` are the functions that approve from then on; empty keeps those
    in force. Raises ``InvalidInputError``: ``policy.invalid``,
    ``policy.version_taken``, ``directory.bad_policy``.
    """
    raw = read_policy_files(folder)
    parse_policy(version, raw)
    if version in directory.policy_versions:
        raise InvalidInputError(
            "policy.version_taken",
            "The directory knows a policy of that version already.",
            where=version,
            remedy="Name a new version with --version.",
        )
    before = directory.policy
    entitled = approvers or (before.approver_functions if before else ())
    tables = tuple(PolicyTable(name, csv) for name, csv in sorted(raw.items()))
    policy = Policy(version, tables, entitled)
    check_policy(policy)
    entry = entry_bytes(directory.network, "", policy, now)
    return Proposal(
        raw=entry,
        digest=sha256(entry),
        version=version,
        in_force=before.version if before else "",
        changes=policy_changes(before.tables if before else {}, raw),
    )
