"""On what law each form leans, cited as honestly as it is known.

Promises the citations that hold on the day of issue (``law.toml``), each in the
language of its column and, where nobody compared it with the official text, with
those words. No form here claims to be an annex of a law.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_PARAGRAPH = re.compile(r"(\d+)\((\d+)\)")
_TABLE = Path(__file__).with_name("law.toml")


@dataclass(frozen=True, slots=True)
class Citation:
    """One row: ``part`` is articles, ``annexes`` or empty; ``valid_to`` included."""

    document: str
    instrument: str
    number: str
    part: str
    valid_from: date
    verified: bool
    valid_to: date = date.max

    def in_words(self, words: Mapping[str, str]) -> str:
        """The citation as a language writes it (``words`` of ``wording``)."""

        def law(key: str, **pieces: str) -> str:
            return words[f"law.{key}"].format(**pieces)

        text = law(self.instrument, number=self.number)
        if self.part == "annexes":
            text = law("annexes", text=text)
        elif found := _PARAGRAPH.fullmatch(self.part):
            text = law("paragraph", text=text, article=found[1], paragraph=found[2])
        elif self.part:
            text = law("article", text=text, article=self.part)
        return text if self.verified else law("unverified", text=text)


@cache
def _rows() -> tuple[Citation, ...]:
    rows = tomllib.loads(_TABLE.read_text("utf-8"))["row"]
    return tuple(Citation(**row) for row in rows)


def citations(document: str, day: date) -> tuple[Citation, ...]:
    """What holds for a kind of ``document`` on a ``day`` in Viet Nam."""
    return tuple(
        row
        for row in _rows()
        if row.document == document and row.valid_from <= day <= row.valid_to
    )
