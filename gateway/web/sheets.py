"""A list as a sheet (CSV, RFC 4180) that no spreadsheet takes for a program.

Promises: a cell that a spreadsheet would compute begins with an apostrophe, so that
what somebody typed elsewhere never runs on the reader's machine; the bytes are UTF-8
with a mark by which spreadsheets know it. Follows OWASP's advice on CSV injection.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

MEDIA_TYPE = "text/csv; charset=utf-8"
MARK = "\ufeff".encode()
"""Comes before the first row."""

_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text as a cell that stays a text."""
    return f"'{text}" if text.lstrip(" ").startswith(_COMPUTED) else text


def sheet_rows(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of a sheet; each ends with a line break."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return stream.getvalue().encode()
