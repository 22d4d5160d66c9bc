"""Reads one TOML table key by key and gathers every problem on the way.

Promises: a reader never stops at the first problem; each problem names table
and key and what is allowed, never a secret; unknown keys are problems. Relative
paths are taken from the folder of the file. What is returned for a key with a
problem is a placeholder: callers build nothing while ``Problems`` is not empty.

Leaves to others: which tables and keys exist (node.py, network.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.node.domain.errors import ConfigError

_MISSING = object()
_TYPE_NAMES = {
    bool: "true or false",
    dict: "a table",
    float: "a number",
    int: "an integer",
    list: "a list",
    str: "a text",
}


class Problems:
    """What is wrong with one file, in the order found."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._found: list[str] = []

    def add(self, where: str, sentence: str) -> None:
        """Notes that ``where`` (``[table] key``) is wrong as ``sentence`` says."""
        self._found.append(f"{where}: {sentence}")

    def refuse(self) -> None:
        """Raises ``ConfigError`` with every problem at once, if there is any."""
        if self._found:
            raise ConfigError(tuple(self._found), where=str(self.file))


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of ``file``; ``ConfigError`` if it cannot be read as TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML ({error})"
    raise ConfigError((problem,), where=str(file))


class Table:
    """One table of a file, read key by key."""

    def __init__(self, name: str, values: object, problems: Problems) -> None:
        """``values`` is what stands under ``[name]``; ``None`` reads as empty."""
        self.name = name
        self._problems = problems
        self._seen: set[str] = set()
        self._values: Mapping[str, Any] = values if isinstance(values, dict) else {}
        if values is not None and not isinstance(values, dict):
            problems.add(f"[{name}]", f"expected a table, found {_named(values)}")

    def problem(self, key: str, sentence: str) -> None:
        """Notes a problem of ``key``."""
        where = f"[{self.name}] {key}" if self.name else f"[{key}]"
        self._problems.add(where, sentence)

    def text(
        self, key: str, *, pattern: str = ".+", meaning: str = "a text of one line"
    ) -> str:
        """A text that matches ``pattern`` wholly; ``meaning`` says it in words."""
        found = self._typed(key, str, _MISSING)
        if not isinstance(found, str):
            return ""
        if not re.fullmatch(pattern, found):
            self.problem(key, f"expected {meaning}")
        return found

    def optional_text(self, key: str, *, pattern: str, meaning: str) -> str:
        """As ``text``; the empty text if the key is absent."""
        if key not in self._values:
            self._seen.add(key)
            return ""
        return self.text(key, pattern=pattern, meaning=meaning)

    def choice(self, key: str, allowed: Sequence[str], default: str = "") -> str:
        """One of ``allowed``."""
        found = self._typed(key, str, default or _MISSING)
        if isinstance(found, str) and found not in allowed:
            self.problem(key, f"expected one of {', '.join(allowed)}, found {found!r}")
        return found if isinstance(found, str) else ""

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """An integer from ``low`` to ``high``, both included."""
        found = self._typed(key, int, _MISSING if default is None else default)
        if not isinstance(found, int):
            return low
        if not low <= found <= high:
            self.problem(
                key, f"expected an integer from {low} to {high}, found {found}"
            )
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return self._typed(key, bool, default) is True

    def path(self, key: str) -> Path:
        """A path; a relative one starts at the folder of the file."""
        return self.resolve(self.text(key))

    def resolve(self, text: str) -> Path:
        """``text`` as a path; a relative one starts at the folder of the file."""
        return self._problems.file.parent / text

    def texts(self, key: str, *, at_least: int = 0) -> tuple[str, ...]:
        """A list of at least ``at_least`` texts, none empty, none twice."""
        found = self._typed(key, list, _MISSING if at_least else [])
        if not isinstance(found, list):
            return ()
        texts = tuple(each for each in found if isinstance(each, str) and each)
        if len(texts) != len(found):
            self.problem(key, "expected a list of texts, none empty")
        elif len(set(texts)) != len(texts):
            self.problem(key, "names one thing twice")
        elif len(texts) < at_least:
            self.problem(key, f"expected at least {at_least}, found {len(texts)}")
        return texts

    def address(self, key: str) -> tuple[str, int]:
        """``host:port`` as (host, port); an IPv6 host stands in brackets."""
        text = self.text(key)
        host, colon, port = text.rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        bracketed = host != bare
        if text and (
            not (colon and bare and port.isascii() and port.isdigit())
            or (":" in bare) != bracketed
            or not 1 <= int(port) <= 65535  # noqa: PLR2004 - the range of TCP ports
        ):
            self.problem(key, 'expected "host:port" with a port from 1 to 65535')
            return "", 0
        return bare, int(port or 0)

    def table(self, key: str) -> Table:
        """The table below this one that stands under ``key``; empty if absent."""
        self._seen.add(key)
        name = f"{self.name}.{key}" if self.name else key
        return Table(name, self._values.get(key), self._problems)

    def present(self) -> tuple[str, ...]:
        """Every key present, for tables whose keys are free; all count as known."""
        self._seen.update(self._values)
        return tuple(self._values)

    def has(self, key: str) -> bool:
        """Whether the key is there, for what may be left out whole."""
        return key in self._values

    def done(self) -> None:
        """Notes every key that nobody asked for."""
        for key in self._values:
            if key not in self._seen:
                known = ", ".join(sorted(self._seen))
                self.problem(key, f"is not known here; known are {known}")

    def _typed(self, key: str, kind: type, default: object) -> object:
        self._seen.add(key)
        found = self._values.get(key, default)
        if found is _MISSING:
            self.problem(key, f"is missing; expected {_TYPE_NAMES[kind]}")
            return None
        if type(found) is not kind:
            self.problem(key, f"expected {_TYPE_NAMES[kind]}, found {_named(found)}")
            return None
        return found


def _named(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "a date or time")
