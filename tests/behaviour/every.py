"""The checks of each table, found by name: none is forgotten."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from services.node.domain.policy import Policy

Check = Callable[[Policy], None]


def checks_of(table: str) -> list[Check]:
    """The checks in ``tests/behaviour/<table>.py``, in their order there.

    Raises ``LookupError`` for a table without any: nobody would notice a change
    of its rows.
    """
    name = f"tests.behaviour.{table}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise LookupError(_missing(table)) from error
    found = [
        value
        for key, value in vars(module).items()
        if key.startswith("check_") and getattr(value, "__module__", "") == name
    ]
    if not found:
        raise LookupError(_missing(table))
    return found


def _missing(table: str) -> str:
    return (
        f"table {table} has no check: write tests/expect/{table}.py and"
        f" tests/behaviour/{table}.py (tests/expect/README.md)"
    )
