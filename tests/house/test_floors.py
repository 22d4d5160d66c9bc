"""What import-linter cannot say: the domain needs nothing but Python."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_the_domain_imports_the_standard_library_and_itself_only(services):
    assert [
        f"{each.name}: {name}"
        for each in services
        if each.name.startswith("services/node/domain/")
        for name in imported(each.tree)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("services.node.domain")
    ] == []


def test_every_import_is_absolute(sources):
    assert [
        f"{each.name}: {name}"
        for each in sources
        for name in imported(each.tree)
        if name.startswith(".")
    ] == []


def test_nobody_reads_the_clock_below_build(services):
    """Both clocks are passed in."""
    above = (
        "services/node/build.py",
        "services/node/clocks.py",
        "services/node/serve.py",
    )
    clocks = {"now", "utcnow", "today"}
    assert [
        f"{each.name}:{node.lineno}"
        for each in services
        if each.name.startswith("services/node/") and not each.name.startswith(above)
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in clocks
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ] == []
