"""Every method has its row, and docs/services.md says what the rows say."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator

import pytest

from services.node.domain.functions import Kind
from services.node.rpc.callers import CALLERS, CallerRow, Listener

ROW = re.compile(
    r"^\| `([\w.]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) ?\|$", re.MULTILINE
)
TABLE = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)


def callers_of(row: CallerRow) -> str:
    if row.listener is Listener.PEERS:
        return "members of the directory"
    if row.signed_in:
        return "whoever is signed in"
    return row.act.value if row.act else "anybody at the socket"


@pytest.fixture(scope="module")
def methods(root) -> set[str]:
    """Every method of every contract, as gRPC writes its path."""
    return set(_methods(root))


def _methods(root) -> Iterator[str]:
    for file in sorted((root / "proto" / "relais").rglob("*.proto")):
        path = file.relative_to(root / "proto").with_suffix("")
        module = importlib.import_module(".".join(path.parts) + "_pb2")
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                yield f"/{service.full_name}/{method.name}"


@pytest.fixture(scope="module")
def page(root) -> dict[str, tuple[str, ...]]:
    """Service to listeners, callers, tables and kinds as the page lists them."""
    text = (root / "docs" / "services.md").read_text("utf-8")
    return {
        name: tuple(cell.strip() for cell in (listener, callers, tables, kinds))
        for name, kinds, listener, callers, tables in ROW.findall(text)
    }


def test_every_method_of_the_contracts_has_its_row(methods):
    assert methods - set(CALLERS) == set()


def test_every_row_is_for_a_method_that_exists(methods):
    ours = {name for name in CALLERS if name.startswith("/relais.")}
    assert ours - methods == set()
    assert {name for name in set(CALLERS) - ours if "/grpc." not in name} == set()


def test_no_desk_audit_or_admin_method_is_served_to_peers():
    served = {name for name, row in CALLERS.items() if row.listener is Listener.PEERS}
    assert {name.split("/")[1].rpartition(".")[0] for name in served} == {
        "relais.exchange.v1",
        "relais.mailbox.v1",
    }


def test_no_exchange_method_is_served_locally():
    assert [
        name
        for name, row in CALLERS.items()
        if name.startswith("/relais.exchange.") and row.listener is not Listener.PEERS
    ] == []


def test_the_page_lists_listener_and_callers_of_every_service(page):
    rows = defaultdict(list)
    for name, row in CALLERS.items():
        rows[name.split("/")[1]].append(row)
    assert {
        name: (listed[0], set(listed[1].split(", "))) for name, listed in page.items()
    } == {
        name: (
            ", ".join(sorted({each.listener.value for each in several})),
            {callers_of(each) for each in several},
        )
        for name, several in rows.items()
    }


def test_the_page_lists_the_kinds_whose_profile_mounts_a_service(page):
    mounted = {
        kind: importlib.import_module(f"services.{kind}.profile").PROFILE
        for kind in Kind
    }
    for name, listed in page.items():
        if name.startswith("grpc."):
            continue
        assert listed[3].split(", ") == [
            kind.value
            for kind, profile in mounted.items()
            if name in profile.peers + profile.local
        ], name


def test_every_service_of_a_profile_is_on_the_listener_of_its_row():
    for kind in Kind:
        profile = importlib.import_module(f"services.{kind}.profile").PROFILE
        for listener, names in (("peers", profile.peers), ("local", profile.local)):
            for name in names:
                rows = [row for method, row in CALLERS.items() if f"/{name}/" in method]
                assert rows
                assert {row.listener.value for row in rows} == {listener}


def test_the_page_lists_the_tables_that_each_service_can_reach(root):
    """And every table of the schema stands somewhere on it."""
    check = subprocess.run(
        [sys.executable, "docs/list_tables.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.stdout == ""
    assert check.returncode == 0, check.stderr


def test_the_page_names_only_tables_that_exist(root, page):
    folder = root / "services" / "node" / "store" / "migrations"
    tables = {
        table
        for file in folder.glob("*.sql")
        for table in TABLE.findall(file.read_text("utf-8"))
    }
    named = {
        table
        for _, _, cell, _ in page.values()
        for table in re.findall(r"`(\w+)`", cell)
    }
    assert named - tables == set()
