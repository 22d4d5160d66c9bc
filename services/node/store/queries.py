"""The named queries of ``sql/*.sql``.

A query begins with ``-- name -- what it is for`` and ends with a semicolon at
the end of a line. Its comment lists every parameter: asyncpg knows ``$1, $2`` and
no names. Names are unique over all files.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- (?P<name>[a-z_]+) -- ", re.MULTILINE)


@cache
def named_queries() -> dict[str, str]:
    """Every query by name; raises ValueError for a name that stands twice."""
    queries: dict[str, str] = {}
    folder = files(__package__) / "sql"
    found = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    for file in sorted(found, key=lambda item: item.name):
        text = file.read_text("utf-8")
        heads = list(_HEAD.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=True):
            name = head["name"]
            if name in queries:
                message = f"{file.name}: the query {name} stands twice"
                raise ValueError(message)
            queries[name] = text[head.start() : end].strip()
    return queries


def query(name: str) -> str:
    """The text of one query."""
    return named_queries()[name]
