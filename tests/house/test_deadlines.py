"""No call goes out without a deadline: nobody waits for ever for another program."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from services.node.rpc.callers import CALLERS
from tests.house.conftest import ROOT

RAW = {"unary_unary", "unary_stream", "stream_unary", "stream_stream"}
"""How a channel makes a callable without a stub."""


def method_names() -> set[str]:
    """Every method that is served, by its short name.

    ``test_services`` holds the table to the descriptors.
    """
    return {each.rpartition("/")[2] for each in CALLERS}


def without_deadline(tree: ast.AST, methods: set[str]) -> Iterator[int]:
    """The lines of calls to another program that name no ``timeout``."""
    raw = {
        ast.unparse(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in RAW
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        of_stub = isinstance(node.func, ast.Attribute) and node.func.attr in methods
        if not of_stub and ast.unparse(node.func) not in raw:
            continue
        if not any(each.arg == "timeout" for each in node.keywords):
            yield node.lineno


def test_every_call_of_every_stub_has_a_deadline() -> None:
    methods, found = method_names(), []
    assert {"Deliver", "Fetch", "Collect", "Probe", "Deposit"} <= methods
    for folder in ("services", "gateway"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            found += [
                f"{path.relative_to(ROOT)}:{line}"
                for line in without_deadline(tree, methods)
            ]
    assert found == []


def test_a_call_without_a_deadline_is_found() -> None:
    planted = (
        "call = stub.Deliver()\n"
        "ask: Any = channel.unary_stream(METHOD)\n"
        "ask(request)\n"
        "stub.Deliver(timeout=3)\n"
        "ask(request, timeout=3)\n"
    )
    assert sorted(without_deadline(ast.parse(planted), {"Deliver"})) == [1, 3]
