"""Opening a case sheet's workbook: an .xlsx file to raw cells as text.

Promises every sheet's rows with their numbers and cells from column A, as text
that ``services.node.domain.casesheet`` reads: dates as ISO 8601, ticked boxes as
TRUE, whole numbers without a decimal point, and numbers that are shown with
leading zeros with them. Formulas count by their stored results. Refuses files that
are no workbook, are protected, or would need far more memory than a case sheet
does. It understands nothing of what the cells mean and repeats none of it.

Format: Office Open XML, ECMA-376, read with openpyxl.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol, cast

import openpyxl
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from services.node.domain.casesheet_report import (
    FORMULA_WITHOUT_RESULT,
    RawRow,
    RawSheet,
)
from services.node.domain.errors import InvalidInputError

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Largest file that is opened; the standard's own workbooks have 75 KiB."""

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""Most that a file's parts may unpack to, by its own table of contents."""

MAX_ROWS = 20_000
"""Most rows with content in one sheet; the standard's own have 1,002."""

MAX_COLUMNS = 500
"""Most columns of one sheet; the standard has 83 fields."""

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx under a password
_ZEROS_ONLY = re.compile(r"0{2,32}")


class _Cell(Protocol):
    """What is used of openpyxl's cells, empty ones included."""

    @property
    def value(self) -> object: ...

    @property
    def data_type(self) -> str: ...

    @property
    def number_format(self) -> str: ...


class _Sheet(Protocol):
    """What is used of openpyxl's sheets; its stubs do not type the reading ones."""

    @property
    def title(self) -> str: ...

    def reset_dimensions(self) -> None: ...

    def iter_rows(self) -> Iterator[tuple[_Cell, ...]]: ...


def read_workbook(path: Path) -> tuple[RawSheet, ...]:
    """The sheets of the workbook at ``path`` in order, without empty rows.

    Raises ``InvalidInputError``: ``casesheet.unreadable_file`` (missing, or not to
    be read), ``casesheet.not_a_workbook``, ``casesheet.protected`` (old format or
    password) or ``casesheet.too_large``.
    """
    content = _checked(path)
    try:
        with _opened(content, results=True) as values, _opened(content) as formulas:
            pairs = zip(values.worksheets, formulas.worksheets, strict=True)
            return tuple(
                _sheet(cast("_Sheet", shown), cast("_Sheet", written), path)
                for shown, written in pairs
            )
    except InvalidInputError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever damage leads to
        # Its own words are left out: they may repeat what a cell holds.
        raise _no_workbook(path) from None


def _checked(path: Path) -> bytes:
    """What the file holds, once it is known to be worth unpacking."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InvalidInputError(
            "casesheet.unreadable_file",
            f"The file cannot be read: {error.strerror}.",
            where=str(path),
            remedy="Name an .xlsx file that you may read.",
        ) from error
    if content.startswith(_OLD_CONTAINER):
        raise InvalidInputError(
            "casesheet.protected",
            "The file is an old .xls workbook or protected by a password.",
            where=str(path),
            remedy="Save it as .xlsx without a password.",
        )
    if len(content) > MAX_FILE_BYTES:
        raise _too_large(path, f"more than {MAX_FILE_BYTES} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _no_workbook(path) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise _too_large(path, f"{unpacked} bytes when unpacked")
    return content


@contextmanager
def _opened(content: bytes, *, results: bool = False) -> Iterator[Workbook]:
    """The workbook with its formulas, or with the ``results`` they last gave."""
    with warnings.catch_warnings():
        # What openpyxl leaves out (validation lists, styles) holds no answers.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=results
        )
        try:
            yield book
        finally:
            book.close()


def _sheet(values: _Sheet, formulas: _Sheet, path: Path) -> RawSheet:
    # A sheet's own statement of its size may be wrong; rows are read as they come.
    values.reset_dimensions()
    formulas.reset_dimensions()
    rows: list[RawRow] = []
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (shown, written) in enumerate(pairs, start=1):
        cells = _without_empty_end(list(map(_text, shown, written)))
        if cells:
            rows.append(RawRow(number, cells))
        if len(rows) > MAX_ROWS:
            raise _too_large(path, f"more than {MAX_ROWS} rows in one sheet")
        if len(cells) > MAX_COLUMNS:
            raise _too_large(path, f"more than {MAX_COLUMNS} columns in one sheet")
    return RawSheet(values.title, tuple(rows))


def _without_empty_end(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _text(shown: _Cell, written: _Cell) -> str:
    value = shown.value
    if value is None:
        return FORMULA_WITHOUT_RESULT if written.data_type == "f" else ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return _whole(int(value), shown.number_format)
    return unescape(str(value))


def _whole(number: int, number_format: str) -> str:
    zeros = len(number_format) if _ZEROS_ONLY.fullmatch(number_format) else 0
    return str(number).zfill(zeros)


def _no_workbook(path: Path) -> InvalidInputError:
    return InvalidInputError(
        "casesheet.not_a_workbook",
        "The file is no .xlsx workbook, or it is damaged.",
        where=str(path),
        remedy="Open it in a spreadsheet program and save it as .xlsx.",
    )


def _too_large(path: Path, found: str) -> InvalidInputError:
    return InvalidInputError(
        "casesheet.too_large",
        f"The file is too large for a case sheet: {found}.",
        where=str(path),
        remedy="Split it, or remove what is no case.",
    )
