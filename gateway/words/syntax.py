"""Syntax: what an expression of the sources can say, with a place for each value.

Promises, of any expression, every text that it can be: constants as they stand, a
named place for whatever is computed. Nothing is run. Where a name stands for one of
a few constant texts, they stand in its place.

Leaves to others: which expressions are sentences of refusals (``raised``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

PLACE = re.compile(r"\{(\w+)\}")
"""A place in a template."""

_MOST = 3
"""More ways to say one thing are no ways to say it but a value."""

_KINDS = {
    "members": "members",
    "category_words": "category",
    "categories_words": "categories",
    "day_words": "day",
    "reasons": "reasons",
    "len": "count",
}
"""What a function says, where its name tells it better than what it is given."""

_WORDS = {"STEP_WORDS": "step", "ACT_WORDS": "act", "STATE_WORDS": "state"}
_THROUGH = {"plain", "opening", "str"}
"""Functions that only change how a value is written."""

_METHODS = {"isoformat": "day", "join": "codes"}

_NOT_LISTED = "What is said for {field} is none of the words for it. ({rules})"

Known = dict[str, list[ast.expr]]
"""What the names of a function stand for."""


def assigned(nodes: Iterable[ast.AST]) -> Known:
    """What the names among the nodes of a function stand for."""
    found: Known = {}
    for each in nodes:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            found.setdefault(each.targets[0].id, []).append(each.value)
    return found


def texts_of(node: ast.expr, known: Known) -> list[str]:
    """Every text that an expression can be, with a place for each value."""
    texts = []
    match node:
        case ast.Constant(value=str(text)):
            texts = [text.replace("\n", " ")]
        case ast.JoinedStr(values=values):
            texts = _joined(values, known)
        case ast.IfExp(body=body, orelse=orelse):
            texts = [*texts_of(body, known), *texts_of(orelse, known)]
        case ast.BoolOp(values=values):
            texts = [text for each in values for text in texts_of(each, known)]
        case ast.Name(id=name) if name in known:
            texts = _constants(known[name])
        case ast.Call(func=ast.Name(id="resting_on"), args=[first, *_]):
            texts = [f"{text} ({{rules}})" for text in texts_of(first, known)]
        case ast.Call(func=ast.Name(id="not_listed")):
            texts = [_NOT_LISTED]
    return texts or [f"{{{_place(node)}}}"]


def _constants(values: list[ast.expr]) -> list[str]:
    """The texts of a name; none where it stands for a value."""
    found = [text for each in values for text in texts_of(each, {})]
    few = len(found) <= _MOST and not any(map(PLACE.fullmatch, found))
    return found if few else []


def _joined(values: list[ast.expr], known: Known) -> list[str]:
    texts = [""]
    for each in values:
        if isinstance(each, ast.FormattedValue) and each.format_spec is not None:
            pieces = ["{day}" if "%" in ast.unparse(each.format_spec) else "{number}"]
        elif isinstance(each, ast.FormattedValue):
            pieces = texts_of(each.value, known)
        else:
            pieces = texts_of(each, known)
        texts = [_with(text, piece) for text in texts for piece in pieces]
    return texts


def _with(text: str, piece: str) -> str:
    """The text and one more piece; a second place of a name gets a number."""
    taken = PLACE.findall(text)

    def numbered(found: re.Match[str]) -> str:
        name, count = found[1], 2
        while name in taken:
            name, count = f"{found[1]}_{count}", count + 1
        taken.append(name)
        return f"{{{name}}}"

    return text + PLACE.sub(numbered, piece)


def _place(node: ast.expr) -> str:
    """What the place of a value is called."""
    name = "value"
    match node:
        case ast.Name(id=given) | ast.Attribute(attr=given):
            name = given
        case ast.Subscript(value=ast.Name(id=table)) if table in _WORDS:
            name = _WORDS[table]
        case ast.Subscript(value=value):
            name = _place(value)
        case ast.BoolOp(values=[first, *_]):
            name = _place(first)
        case ast.Call(func=ast.Attribute(attr=method)):
            name = _METHODS.get(method, method)
        case ast.Call(func=ast.Name(id=function), args=[first, *_]):
            name = _place(first) if function in _THROUGH else function
    return _KINDS.get(name, name).strip("_").lower()
