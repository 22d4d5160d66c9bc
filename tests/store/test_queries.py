"""Every named query against the true schema: text, parameters, columns, rights."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

from services.node.store import queries
from services.node.store.queries import named_queries, query
from services.node.store.writes import WRITE_ORDER

STORE = Path(inspect.getfile(queries)).parent
NAMES = sorted(named_queries())
CALLS = {"fetch": 3, "fetch_one": 3, "execute": 2}


def comment_and_body(text: str) -> tuple[str, str]:
    """What the lines before the statement say, and the statement."""
    lines = text.splitlines()
    first = next(at for at, line in enumerate(lines) if not line.startswith("--"))
    comment = " ".join(line.removeprefix("--").strip() for line in lines[:first])
    body = "\n".join(line.partition("--")[0] for line in lines[first:])
    return comment, body


def parameters(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\$(\d+)", text)}


def calls() -> list[tuple[str, ast.Call]]:
    """Every call of fetch, fetch_one or execute with a named query."""
    return [
        (node.func.id, node)
        for file in sorted(STORE.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in CALLS
        and isinstance(node.args[1], ast.Constant)
    ]


def row_classes() -> dict[str, type]:
    """What the store's own modules call a row."""
    modules = [
        importlib.import_module(f"services.node.store.{file.stem}")
        for file in STORE.glob("*.py")
    ]
    return {
        name: kind
        for module in modules
        for name, kind in vars(module).items()
        if isinstance(kind, type) and name.endswith("Row")
    }


def words_of_the_store() -> set[str]:
    """Every string in the store's own modules."""
    return {
        node.value
        for file in STORE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


async def test_every_query_prepares_against_the_true_schema(database):
    async with database.connection() as connection:
        for name in NAMES:
            statement = await connection.prepare(query(name))
            numbers = parameters(comment_and_body(query(name))[1])
            assert len(statement.get_parameters()) == len(numbers), name


async def test_node_has_the_rights_that_every_query_needs(database):
    async with database.connection() as connection:
        for name in NAMES:
            await connection.execute("EXPLAIN (GENERIC_PLAN) " + query(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_query_lists_its_parameters_and_names_its_columns(name):
    comment, body = comment_and_body(query(name))
    used = parameters(body)
    assert used == set(range(1, len(used) + 1))
    assert parameters(comment) == used
    assert not re.search(r"(?i)\b(select|returning)\s+\*|\w\.\*", body)
    assert body.rstrip().endswith(";")
    assert body.count(";") == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_insert_names_the_columns_it_fills(name):
    _, body = comment_and_body(query(name))
    for table, following in re.findall(r"INSERT INTO (\w+)\s*(\S)", body):
        assert following == "(", table


def test_every_query_is_used():
    assert set(NAMES) - words_of_the_store() == set()


def test_every_write_of_a_batch_is_a_named_query():
    assert set(WRITE_ORDER) <= set(NAMES)
    assert len(set(WRITE_ORDER)) == len(WRITE_ORDER)


async def test_every_row_class_holds_what_its_query_lists(database):
    checked = 0
    async with database.connection() as connection:
        for kind, call in calls():
            if kind == "execute":
                continue
            name, row = ast.literal_eval(call.args[1]), ast.unparse(call.args[2])
            statement = await connection.prepare(query(name))
            listed = [column.name for column in statement.get_attributes()]
            held = [field.name for field in fields(row_classes()[row])]
            assert sorted(listed) == sorted(held), f"{name} and {row}"
            checked += 1
    assert checked > 20


def test_every_call_gives_as_many_arguments_as_the_query_takes():
    for kind, call in calls():
        name = ast.literal_eval(call.args[1])
        given = call.args[CALLS[kind] :]
        assert not any(isinstance(each, ast.Starred) for each in given), name
        taken = parameters(comment_and_body(query(name))[1])
        assert len(given) == len(taken), name
