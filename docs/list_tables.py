"""Writes the last column of docs/services.md: which tables a service can reach.

    python docs/list_tables.py           writes the column anew
    python docs/list_tables.py --check   says where the page is not true; exit 1

Read off the source, statement by statement. A definition reaches what its text
names: in its own module, by import, or as an attribute of an imported module. What
an object brings along unnamed (the batch
writer behind ``submit``, the database behind ``connection``) is not followed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.node.rpc.services import SERVICES
from services.node.store.queries import named_queries, query

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "services.md"
PACKAGE = "services.node."
USED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")

_DEFINING = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_TABLE = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)
_VIEW = re.compile(r"^CREATE VIEW (\w+) AS(.*?);$", re.MULTILINE | re.DOTALL)

Place = tuple[str, str]
"""Module and the name of a definition in it."""


@dataclass
class Module:
    """What a module defines and under which names it knows others."""

    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)


def read_modules(root: Path) -> dict[str, Module]:
    """Every module of the engine by its dotted name."""
    found = {}
    for file in sorted((root / "services" / "node").rglob("*.py")):
        dotted = ".".join(file.relative_to(root).with_suffix("").parts)
        found[dotted] = _module(ast.parse(file.read_text("utf-8")))
    return found


def _module(tree: ast.Module) -> Module:
    module = Module()
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            for alias in statement.names:
                place = (statement.module, alias.name)
                module.names[alias.asname or alias.name] = place
        elif isinstance(
            statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ):
            module.definitions[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    module.definitions[target.id] = statement
        elif isinstance(statement, ast.AnnAssign) and isinstance(
            statement.target, ast.Name
        ):
            module.definitions[statement.target.id] = statement
    return module


def tables_reached(
    modules: Mapping[str, Module], start: Place, tables: set[str]
) -> set[str]:
    """The tables of every named query that the definition can reach, through views."""
    views = all_views()
    seen, waiting, found = {start}, [start], set()
    while waiting:
        module, name = waiting.pop()
        statement = modules[module].definitions[name]
        for text in _strings(statement):
            if module.startswith(PACKAGE + "store.") and text in named_queries():
                used = set(USED.findall(query(text)))
                behind = {each for name in used for each in views.get(name, ())}
                found |= (used | behind) & tables
        for place in _named(modules, module, statement):
            if place not in seen:
                seen.add(place)
                waiting.append(place)
    return found


def _strings(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _named(
    modules: Mapping[str, Module], module: str, statement: ast.stmt
) -> Iterator[Place]:
    here = modules[module]
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            place = here.names.get(node.id, (module, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            parent = here.names.get(node.value.id)
            if parent is None:
                continue
            place = (".".join(parent), node.attr)
        else:
            continue
        if place[0] in modules and place[1] in modules[place[0]].definitions:
            yield place


def all_tables() -> list[str]:
    """Every table, in the order of the migrations."""
    return [table for text in _migrations() for table in _TABLE.findall(text)]


def all_views() -> dict[str, list[str]]:
    """What every view reads, by its name."""
    return {
        name: USED.findall(body)
        for text in _migrations()
        for name, body in _VIEW.findall(text)
    }


def _migrations() -> list[str]:
    folder = ROOT / "services" / "node" / "store" / "migrations"
    return [file.read_text("utf-8") for file in sorted(folder.glob("*.sql"))]


def main() -> int:
    """Writes the column, or compares it."""
    modules, tables = read_modules(ROOT), all_tables()
    text = wanted = PAGE.read_text("utf-8")
    for name, mount in SERVICES.items():
        start = ("services.node.rpc.services", mount.__name__)
        found = tables_reached(modules, start, set(tables))
        cell = ", ".join(f"`{each}`" for each in tables if each in found)
        row = re.compile(
            rf"^(\| `{re.escape(name)}` \|(?:[^|]*\|){{3}})[^|]*\|$", re.MULTILINE
        )
        wanted = row.sub(rf"\1 {cell} |", wanted)
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, "utf-8")
        return 0
    for is_there, should in zip(text.splitlines(), wanted.splitlines(), strict=True):
        if is_there != should:
            print(f"not true: {is_there}\nshould be: {should}")
    missing = set(tables) - set(re.findall(r"`(\w+)`", text))
    for table in sorted(missing):
        print(f"nowhere on the page: {table}")
    return 1 if missing or text != wanted else 0


if __name__ == "__main__":
    sys.exit(main())
