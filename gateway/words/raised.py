"""Raised: the sentences and remedies of refusals, read out of the sources.

Promises, for every code that a reader of the console or of the API can meet, the
English templates that it is raised with: constant words with a named place for
each value (``A reason is a text of at most {longest_reason} characters.``). They
are read from the syntax, nothing is run. Words that a function puts together are
listed by hand in ``composed``.

Leaves to others: what an expression can say (``syntax``); matching what was raised
to a template (``refusals``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.words.composed import COMPOSED, UNMET, UNMET_BUT
from gateway.words.syntax import PLACE, assigned, texts_of

ROOT = Path(__file__).resolve().parents[2]
"""The repository: a development tree, for a gateway never asks for this."""

FOLDERS = ("services/node", "gateway")
"""Where refusals are raised that go to a reader; ``services/cli`` has its own."""

_CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class Raised:
    """One place where a code is raised, and all that it may say there."""

    code: str
    where: str
    texts: tuple[str, ...]


def met(code: str) -> bool:
    """Whether a reader of the console or the API can meet this code."""
    return code in UNMET_BUT or not UNMET.keys() & {code, code.partition(".")[0]}


def templates(root: Path = ROOT) -> dict[str, set[str]]:
    """By code or by the name of a composed place: every template."""
    found = {name: set(listed) for name, listed in COMPOSED.items()}
    for each in raised(root):
        said = {text for text in each.texts if not PLACE.fullmatch(text)}
        if said and met(each.code):
            found.setdefault(each.code, set()).update(said)
    return found


def untold(root: Path = ROOT) -> list[str]:
    """Where a code is raised whose words are put together and not listed."""
    return [
        f"{each.where}: {each.code}"
        for each in raised(root)
        if met(each.code) and each.code not in COMPOSED
        if any(PLACE.fullmatch(text) for text in each.texts)
    ]


def raised(root: Path = ROOT) -> Iterator[Raised]:
    """Every call that gives a code and a sentence, as sources have them."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            tree = ast.parse(path.read_text("utf-8"))
            for scope in _scopes(tree):
                yield from _of_scope(scope, path.relative_to(root).as_posix())


def _scopes(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """The nodes of each function, and those outside of all."""
    functions = [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inside = {id(node) for each in functions for node in ast.walk(each)}
    yield [each for each in ast.walk(tree) if id(each) not in inside]
    deeper = {
        id(node)
        for each in functions
        for other in ast.walk(each)
        if other is not each and other in functions
        for node in ast.walk(other)
    }
    for each in functions:
        if id(each) not in deeper:
            yield list(ast.walk(each))


def _of_scope(nodes: list[ast.AST], path: str) -> Iterator[Raised]:
    known = assigned(nodes)
    for call in nodes:
        if not isinstance(call, ast.Call):
            continue
        for place, given in enumerate(call.args[:-1]):
            if not (isinstance(given, ast.Constant) and isinstance(given.value, str)):
                continue
            if not _CODE.fullmatch(given.value):
                continue
            sentence = texts_of(call.args[place + 1], known)
            # What has no space is another code or a name, no sentence.
            if not any(" " in text or PLACE.fullmatch(text) for text in sentence):
                continue
            remedies = [each.value for each in call.keywords if each.arg == "remedy"]
            texts = (*sentence, *(texts_of(remedies[0], known) if remedies else ()))
            where = f"{path}:{call.lineno}"
            yield Raised(given.value, where, tuple(filter(None, texts)))
