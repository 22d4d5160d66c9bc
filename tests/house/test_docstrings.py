"""Every module opens with what it promises; everything public says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Named]]:
    for node in body:
        if isinstance(node, Named) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def test_every_module_opens_with_a_docstring(services):
    assert [
        each.name for each in services if not (ast.get_docstring(each.tree) or "")
    ] == []


def test_everything_public_has_a_docstring(services):
    assert [
        f"{each.name}: {name}"
        for each in services
        for name, node in public(each.tree.body)
        if not ast.get_docstring(node)
    ] == []


def test_every_docstring_begins_with_a_sentence(services):
    assert [
        f"{each.name}: {name}"
        for each in services
        for name, node in public(each.tree.body)
        if (text := ast.get_docstring(node))
        and text.splitlines()[0].rstrip()[-1] not in ".:;"
        and "\n\n" in text
        and text.split("\n\n")[0].rstrip()[-1] not in ".:"
    ] == []
