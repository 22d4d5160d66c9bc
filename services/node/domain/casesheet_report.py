"""What goes into the reading of a case sheet and what comes out.

Values only. A raw sheet is what a workbook holds, cell by cell as text; the
report is what Relais understood of it, where it had to choose, and what it
refused. Reports name sheets, rows, columns and fields, never a person's values;
what does hold them is left out of every ``repr``, and so out of logs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from services.node.domain.records import CategoryRecord

#: Stands in a raw cell whose formula the workbook holds no result for.
FORMULA_WITHOUT_RESULT = "#FORMULA!"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number in the workbook (from 1) and its cells from column A."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: its name and its rows in order; rows without content may lack."""

    name: str
    rows: tuple[RawRow, ...]


class CaseStatus(StrEnum):
    """What becomes of a row."""

    DRAFT = "draft"  # an open case, waiting for an officer
    HISTORY = "history"  # cas_Status Closed or ClosedReferred; nothing is sent


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One person's row, understood completely.

    ``records`` holds one record for every data category with an answer, D1 first.
    ``interview_consent`` is what ``con_Consent`` says: consent to the interview
    and never to a disclosure; None where the cell is empty. ``source_key`` (32
    bytes, SHA-256) is the same for the same content, wherever it stands and
    however it is spelt; it is made from personal data without a key, so whoever
    stores it stores a keyed hash of it.
    """

    number: int
    status: CaseStatus
    interview_consent: bool | None
    records: tuple[CategoryRecord, ...] = field(repr=False)
    source_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SheetNote:
    """Something the reader decided that a person should know; nothing is lost.

    ``column`` and ``field`` are empty, and ``row`` is 0, where none is concerned.
    """

    sheet: str
    row: int
    column: str
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A refused cell; its row is not imported.

    ``message`` says what kind of value was expected and ``allowed`` lists what
    would be; neither repeats what was found.
    """

    sheet: str
    row: int
    column: str
    field: str
    code: str
    message: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column that is not imported; ``heading`` is empty where it has none."""

    sheet: str
    column: str
    heading: str
    message: str


@dataclass(frozen=True, slots=True)
class CaseSheetReport:
    """Everything understood, decided and refused in one sheet."""

    sheet: str
    rows: tuple[CaseRow, ...]
    notes: tuple[SheetNote, ...]
    problems: tuple[CellProblem, ...]
    unknown_columns: tuple[UnknownColumn, ...]


def column_letter(index: int) -> str:
    """The letter of the column at ``index`` from 0, as spreadsheets count it."""
    letters = ""
    rest = index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
