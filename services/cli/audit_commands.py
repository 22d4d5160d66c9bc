"""`relais audit`: a member's log as a file, and the proof that logs are whole.

``export`` asks running nodes, as an officer whose role is auditor. ``verify``
needs no node: it reads files, on any machine. With ``--node`` or ``--all`` it
exports first, into a folder that is removed afterwards.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.table import Table

from services.cli.audit_export import export_log, whole_file
from services.cli.audit_extract import ExtractReport, verify_extract
from services.cli.audit_told import show_extract
from services.cli.audit_verify import AuditReport, FaultKind, verify_logs
from services.cli.network import open_network
from services.cli.network_commands import NetworkOption, StateOption
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.wire.audit import LogItem, is_extract, read_extract, read_log

app = typer.Typer(help="Export and verify the logs of nodes.", no_args_is_help=True)

SUFFIX = ".relais-log"
_STATE = Path(".relais/vietnam")
_ROUNDS = 3
_SHOWN = 200
_SOUND = "Every leaf, head, envelope, receipt and directory entry is as it was logged."

NodeOption = Annotated[
    list[str] | None, typer.Option("--node", help="A member; may be given again.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Every member.")]
OfficerOption = Annotated[
    str, typer.Option("--officer", help="Pseudonym of an officer who is an auditor.")
]


@app.command()
def export(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A file, or a folder for several.")
    ],
    node: NodeOption = None,
    every: AllOption = False,
    officer: OfficerOption = "auditor",
    state: StateOption = _STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Write the logs of running nodes to files, as they stand now."""
    sockets = _sockets(state, network, node or [], every=every)
    if not sockets:
        raise _nothing_named()
    to_folder = output.is_dir() or len(sockets) > 1
    files = {
        member: output / f"{member}{SUFFIX}" if to_folder else output
        for member in sockets
    }
    _export({sockets[member]: file for member, file in files.items()}, officer)
    for member, file in files.items():
        Console().print(f"{member}: {file}", highlight=False, soft_wrap=True)


@app.command()
def verify(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Exported logs, and extracts.")
    ] = None,
    node: NodeOption = None,
    every: AllOption = False,
    officer: OfficerOption = "auditor",
    fingerprint: Annotated[
        str, typer.Option(help="The directory's short words, as compared in person.")
    ] = "",
    state: StateOption = _STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Check logs against themselves and one another; exit 1 if anything is wrong.

    A log is the ledger with its leaves, heads and openings, every envelope and
    receipt, and the directory. What a node keeps beside it (cases, consents, who
    of its officers acted) is no part of a log, and nothing is said about it. An
    extract is checked by itself; what it proves, and what not, is said in words.
    """
    sockets = _sockets(state, network, node or [], every=every)
    if not files and not sockets:
        raise _nothing_named()
    console = Console(soft_wrap=True)
    extracts, logs = told_apart(files or [])
    sound = True
    for file in extracts:
        extract = verify_extract_file(file, fingerprint)
        show_extract(extract, console)
        sound = sound and extract.sound
    if (logs or sockets) and not _verify_logs(
        logs, sockets, officer, fingerprint, console
    ):
        sound = False
    if not sound:
        raise typer.Exit(1)


def told_apart(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Which of the files are extracts, and which are logs.

    Raises ``InvalidInputError`` for what is neither, and ``NotFoundError``.
    """
    extracts: list[Path] = []
    logs: list[Path] = []
    for file in files:
        with _reading(file) as stream:
            (extracts if is_extract(stream, str(file)) else logs).append(file)
    return extracts, logs


def verify_extract_file(file: Path, fingerprint: str = "") -> ExtractReport:
    """Verify an extract; raises as ``verify_files`` does."""
    with _reading(file) as stream:
        return verify_extract(read_extract(stream, str(file)), fingerprint or None)


def _verify_logs(
    logs: Sequence[Path],
    sockets: dict[str, Path],
    officer: str,
    fingerprint: str,
    console: Console,
) -> bool:
    with tempfile.TemporaryDirectory(prefix="relais-audit-") as folder:
        exported = {each: Path(folder) / f"{each}{SUFFIX}" for each in sockets}
        _export({sockets[each]: file for each, file in exported.items()}, officer)
        given = [*logs, *exported.values()]
        report = verify_files(given, fingerprint)
        for _ in range(_ROUNDS - 1):
            # Nodes at work went on between one export and the next.
            behind = _behind(report) & exported.keys()
            if not behind:
                break
            _export({sockets[each]: exported[each] for each in behind}, officer)
            report = verify_files(given, fingerprint)
    show(report, console)
    return report.sound


def verify_files(files: Sequence[Path], fingerprint: str = "") -> AuditReport:
    """Verify exported logs; raises ``InvalidInputError`` for what is none.

    Also ``NotFoundError`` (``audit.no_such_file``).
    """
    with ExitStack() as stack:
        return verify_logs(
            [_opened(file, stack) for file in files], fingerprint or None
        )


def show(report: AuditReport, console: Console) -> None:
    """Print what was checked, and what is wrong if anything is."""
    if not report.sound:
        table = Table("member", "where", "fault", "detail")
        for fault in report.faults[:_SHOWN]:
            table.add_row(fault.member, fault.place, fault.kind.value, fault.detail)
        console.print(table)
        if len(report.faults) > _SHOWN:
            console.print(f"… and {len(report.faults) - _SHOWN} more.")
    counted = (
        f"{len(report.members)} ledger(s), {report.leaves} leaves, "
        f"{report.handoffs} handoff(s), {report.receipts} receipt(s)"
    )
    if report.erased:
        counted += f", {report.erased} leaf opening(s) erased"
    if report.sound:
        console.print(f"Verified: {counted}. {_SOUND}", highlight=False)
    else:
        console.print(
            f"[bold red]{len(report.faults)} fault(s)[/] in {counted}.", highlight=False
        )
    if report.fingerprint:
        console.print(f"Directory: {report.fingerprint}", highlight=False)


def _sockets(
    state: Path, network: str, named: Sequence[str], *, every: bool
) -> dict[str, Path]:
    if not named and not every:
        return {}
    opened = open_network(state, network)
    members = [each.name for each in opened.members()] if every else list(named)
    return {member: opened.local_socket(member) for member in members}


def _export(files: dict[Path, Path], officer: str) -> None:
    """Socket to file, one after the other."""
    for socket, file in files.items():
        with whole_file(file) as stream:
            asyncio.run(export_log(socket, officer, stream))


def _behind(report: AuditReport) -> set[str]:
    return {each.member for each in report.faults if each.kind is FaultKind.LOG_BEHIND}


def _opened(file: Path, stack: ExitStack) -> Iterator[LogItem]:
    return read_log(stack.enter_context(_reading(file)), str(file))


def _reading(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise NotFoundError(
            "audit.no_such_file",
            f"The log cannot be read ({error.strerror}).",
            where=str(file),
        ) from error


def _nothing_named() -> InvalidInputError:
    return InvalidInputError(
        "audit.nothing_named",
        "No log is named.",
        remedy="Name files, members with --node, or every member with --all.",
    )
