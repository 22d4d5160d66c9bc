"""`relais audit`: what a person gets to read, and the exit code of it."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
from grpc_status import rpc_status
from rich.console import Console
from typer.testing import CliRunner

from relais.audit.v1 import audit_pb2_grpc
from services.cli import audit_commands
from services.cli.audit_commands import app, show, verify_files
from services.cli.audit_faults import AuditReport, Fault, FaultKind
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    RelaisError,
    UnavailableError,
)
from services.node.ledger.merkle import inclusion_path, reader
from services.node.rpc.errors import to_status
from services.node.wire.audit import (
    DirectoryEntry,
    ExtractIdentity,
    LoggedLeaf,
    LogItem,
    ProvedLeaf,
    item_to_message,
)
from services.node.wire.leaves import Outcome

MEMBER = "hanoi"


class _Node(audit_pb2_grpc.AuditServiceServicer):
    """A node's own listener, of which only the log is made up."""

    def __init__(self, logs: list[list[LogItem]]) -> None:
        self._logs = logs

    async def Export(self, request, context):  # noqa: N802 - gRPC's name
        if request.officer != "auditor":
            refused = NotPermittedError("people.unknown", "No such officer.")
            status = rpc_status.to_status(to_status(refused))
            context.set_trailing_metadata(status.trailing_metadata)
            await context.abort(status.code, status.details)
        items = self._logs.pop(0) if len(self._logs) > 1 else self._logs[0]
        for item in items:
            yield item_to_message(item)

    def Extract(self, request, context):  # noqa: N802 - gRPC's name
        return context.abort(grpc.StatusCode.UNIMPLEMENTED, type(request).__name__)

    ExtractOwn = Extract

    def ListAnswerability(self, request, context):  # noqa: N802 - gRPC's name
        return context.abort(grpc.StatusCode.UNIMPLEMENTED, type(request).__name__)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator:
    """Serves logs on unix sockets, each call the next one of its list."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers = []

    async def start(member: str, logs: list[list[LogItem]]) -> None:
        server = grpc.aio.server()
        audit_pb2_grpc.add_AuditServiceServicer_to_server(_Node(logs), server)
        server.add_insecure_port(f"unix:{tmp_path}/{member}.sock")
        await server.start()
        servers.append(server)

    def serve(member: str, *logs: list[LogItem]) -> None:
        asyncio.run_coroutine_threadsafe(start(member, list(logs)), loop).result(10)

    yield serve
    for server in servers:
        asyncio.run_coroutine_threadsafe(server.stop(None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a command; members' sockets lie in the test's folder."""

    def sockets(_state, _network, named, *, every):
        assert not every
        return {member: tmp_path / f"{member}.sock" for member in named}

    monkeypatch.setattr(audit_commands, "_sockets", sockets)
    return lambda *arguments: CliRunner().invoke(app, [str(each) for each in arguments])


def said(report: AuditReport) -> str:
    console = Console(file=io.StringIO(), width=200)
    show(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def write(folder: Path, world, member: str, items=None) -> Path:
    file = folder / f"{member}.relais-log"
    file.write_bytes(world.file(items or world.items(member)))
    return file


def test_a_sound_network_is_a_calm_line_and_exit_0(audit_world, tmp_path, run):
    files = [write(tmp_path, audit_world, member) for member in audit_world.MEMBERS]
    done = run("verify", *files)
    assert done.exit_code == 0
    line, directory = done.output.splitlines()
    assert line == (
        "Verified: 3 ledger(s), 18 leaves, 7 handoff(s), 6 receipt(s). "
        "Every leaf, head, envelope, receipt and directory entry is as it was logged."
    )
    assert directory.startswith("Directory: ")


def test_an_extract_is_told_in_words_beside_a_log_and_a_fault_is_exit_1(
    audit_world, tmp_path, run
):
    log = audit_world.logs["hanoi"]
    identity, *_, head = log.items()
    leaf = log.leaves[1]
    path = inclusion_path(1, head.size, reader(log.nodes))
    directory = [each for each in log.items() if isinstance(each, DirectoryEntry)]
    extract = [
        ExtractIdentity(identity, "", datetime(2026, 3, 2, tzinfo=UTC)),
        *directory,
        ProvedLeaf(leaf, path),
        head,
    ]
    file = tmp_path / "hanoi-1.relais-extract"
    file.write_bytes(audit_world.file(extract))
    done = run("verify", file, write(tmp_path, audit_world, "hanoi"))
    assert done.exit_code == 0, done.output
    assert "Verified: 1 event(s) under the head" in done.output
    assert "does not prove that the case has no other entry" in done.output
    assert "Verified: 1 ledger(s)" in done.output
    extract[-2] = ProvedLeaf(leaf, path[::-1])
    file.write_bytes(audit_world.file(extract))
    wrong = run("verify", file)
    assert wrong.exit_code == 1
    assert "leaf altered" in wrong.output
    assert "Verified" not in wrong.output


def test_a_fault_is_a_row_with_member_place_and_kind_and_exit_1(
    audit_world, tmp_path, run
):
    items = [
        replace(item, leaf=bytes(98))
        if isinstance(item, LoggedLeaf) and item.index == 2
        else item
        for item in audit_world.items(MEMBER)
    ]
    done = run("verify", write(tmp_path, audit_world, MEMBER, items))
    assert done.exit_code == 1
    (row,) = [line for line in done.output.splitlines() if MEMBER in line]
    cells = [cell.strip() for cell in row.split("│")]
    assert cells[1:4] == [MEMBER, "leaf 2", "leaf altered"]
    assert "1 fault(s)" in done.output


def test_a_wrong_fingerprint_is_a_fault(audit_world, tmp_path, run):
    file = write(tmp_path, audit_world, MEMBER)
    words = "-".join(["babab"] * 12)
    done = run("verify", file, "--fingerprint", words)
    assert done.exit_code == 1
    assert "directory altered" in done.output


def test_many_faults_are_counted_and_not_all_printed():
    faults = tuple(
        Fault(MEMBER, index, FaultKind.LEAF_MISSING, "gone") for index in range(500)
    )
    text = said(AuditReport((MEMBER,), 500, 0, 0, 2, "", faults))
    assert text.count("gone") == 200
    assert "and 300 more" in text
    assert "500 fault(s)" in text
    assert "2 leaf opening(s) erased" in text


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_of_fault_has_a_place_to_print(kind):
    assert Fault(MEMBER, 7, kind, "").place.endswith(" 7")
    assert Fault(MEMBER, None, kind, "").place == "whole log"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NotFoundError) as refused:
        verify_files([tmp_path / "none.relais-log"])
    assert refused.value.code == "audit.no_such_file"


def test_a_file_cut_short_is_refused_by_name(audit_world, tmp_path):
    file = write(tmp_path, audit_world, MEMBER)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(InvalidInputError) as refused:
        verify_files([file])
    assert refused.value.code == "audit.truncated_file"
    assert refused.value.where == str(file)


@pytest.mark.parametrize("command", [["verify"], ["export", "-o", "x"]])
def test_naming_no_log_is_refused(run, command):
    done = run(*command)
    assert isinstance(done.exception, RelaisError)
    assert done.exception.code == "audit.nothing_named"


def test_an_export_is_a_private_file_that_verifies(audit_world, tmp_path, run, serve):
    serve(MEMBER, audit_world.items(MEMBER))
    file = tmp_path / "out" / "log"
    file.parent.mkdir()
    done = run("export", "--node", MEMBER, "-o", file)
    assert done.exit_code == 0, done.exception
    assert file.read_bytes() == audit_world.file(audit_world.items(MEMBER))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["log"]
    assert verify_files([file]).sound


def test_several_exports_are_files_of_a_folder(audit_world, tmp_path, run, serve):
    names = ("hanoi", "lao-cai")
    for name in names:
        serve(name, audit_world.items(name))
    folder = tmp_path / "out"
    done = run("export", "--node", "hanoi", "--node", "lao-cai", "-o", folder)
    assert done.exit_code == 0, done.exception
    assert {each.name for each in folder.iterdir()} == {
        f"{n}.relais-log" for n in names
    }


def test_an_officer_who_is_no_auditor_gets_the_nodes_refusal_and_no_file(
    audit_world, tmp_path, run, serve
):
    serve(MEMBER, audit_world.items(MEMBER))
    folder = tmp_path / "out"
    folder.mkdir()
    done = run(
        "export", "--node", MEMBER, "-o", folder / "log", "--officer", "somebody"
    )
    assert isinstance(done.exception, RelaisError)
    assert done.exception.code == "people.unknown"
    assert list(folder.iterdir()) == []


def test_a_node_that_is_down_is_one_sentence(tmp_path, run):
    done = run("export", "--node", MEMBER, "-o", tmp_path / "log")
    assert isinstance(done.exception, UnavailableError)
    assert done.exception.code == "cli.node_unreachable"


def test_running_nodes_are_verified_at_once(audit_world, run, serve):
    for name in audit_world.MEMBERS:
        serve(name, audit_world.items(name))
    named = [word for name in audit_world.MEMBERS for word in ("--node", name)]
    done = run("verify", *named)
    assert done.exit_code == 0, done.exception
    assert "Verified: 3 ledger(s)" in done.output


def test_a_node_at_work_meanwhile_is_asked_again(empty_world, run, serve):
    """Hanoi was exported before the handoff that Lao Cai's log already shows."""
    before = empty_world.items(MEMBER)
    empty_world.handoff("lao-cai", MEMBER, Outcome.RECEIVED)
    serve(MEMBER, before, empty_world.items(MEMBER))
    serve("lao-cai", empty_world.items("lao-cai"))
    done = run("verify", "--node", MEMBER, "--node", "lao-cai")
    assert done.exit_code == 0, done.output


def test_a_node_that_stays_behind_is_a_fault(empty_world, run, serve):
    before = empty_world.items(MEMBER)
    empty_world.handoff("lao-cai", MEMBER, Outcome.RECEIVED)
    serve(MEMBER, before)
    serve("lao-cai", empty_world.items("lao-cai"))
    done = run("verify", "--node", MEMBER, "--node", "lao-cai")
    assert done.exit_code == 1
    assert "log behind" in done.output
