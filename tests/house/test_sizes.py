"""What one person can hold in mind (style rule 8)."""

from __future__ import annotations

import ast


def test_no_module_is_longer_than_400_lines(sources):
    assert [
        f"{each.name}: {lines} lines"
        for each in sources
        if (lines := len(each.text.splitlines())) > 400
    ] == []


def test_no_function_is_longer_than_60_lines(sources):
    assert [
        f"{each.name}:{node.lineno} {node.name}: {lines} lines"
        for each in sources
        for node in ast.walk(each.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 60
    ] == []
