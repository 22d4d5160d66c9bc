"""Which column of a case sheet holds which field.

Promises to find the one or two heading rows (HTCDS names, labels, or both) in
any order of columns, and to say of every column how it was understood. Knows the
quirks of the standard's own workbooks: row numbers in an unnamed first column, a
misspelt name, an unnamed column with a label, names that contradict the label
beneath. There the label wins, because it is what the person filling the sheet
read. Leaves what stands below the headings to ``casesheet_rows``.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain import htcds
from services.node.domain.casesheet_report import (
    RawRow,
    RawSheet,
    SheetNote,
    UnknownColumn,
    column_letter,
)
from services.node.domain.htcds import Field, fold

#: Misspelt in both of the standard's workbooks.
_MISSPELT = {
    "vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg"
}
_SEARCHED_ROWS = 10  # rows from the top among which the headings must stand
_LEAST_HEADINGS = 2  # headings that make a row a heading row
_LONGEST_HEADING = 80  # characters of an unknown heading that a report repeats


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of one sheet were understood.

    ``fields`` maps column index (from 0) to field; ``named_by_code`` is true if a
    heading row holds HTCDS names; ``data_rows`` are the rows below the headings.
    """

    fields: dict[int, Field]
    notes: tuple[SheetNote, ...]
    unknown: tuple[UnknownColumn, ...]
    named_by_code: bool
    data_rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One column's outcome: a field, or none and why; and what to note."""

    field: Field | None
    code: str = ""
    message: str = ""


def read_columns(sheet: RawSheet) -> Columns | None:
    """The columns of ``sheet``; None if its first rows hold no headings."""
    rows = tuple(row for row in sheet.rows if any(map(str.strip, row.cells)))
    heads = (
        at
        for at, row in enumerate(rows[:_SEARCHED_ROWS])
        if _holds_codes(row) or _holds_labels(row)
    )
    at = next(heads, None)
    if at is None:
        return None
    top, beneath, data = rows[at], RawRow(0, ()), rows[at + 1 :]
    if data and _holds_codes(top) and _holds_labels(data[0]):
        beneath, data = data[0], data[1:]
    elif data and _holds_codes(data[0]):
        top, beneath, data = data[0], top, data[1:]
    return _read_headings(sheet, top, beneath, data)


def _holds_codes(row: RawRow) -> bool:
    named = sum(_by_code(cell) is not None for cell in row.cells)
    return named >= _LEAST_HEADINGS


def _holds_labels(row: RawRow) -> bool:
    filled = [fold(cell) for cell in row.cells if fold(cell)]
    known = sum(label in htcds.fields_by_label() for label in filled)
    return known >= _LEAST_HEADINGS and 2 * known >= len(filled)


def _by_code(text: str) -> Field | None:
    spelt = {fold(wrong): fold(right) for wrong, right in _MISSPELT.items()}
    key = fold(text)
    return htcds.fields_by_code().get(spelt.get(key, key))


def _read_headings(
    sheet: RawSheet, top: RawRow, beneath: RawRow, data: tuple[RawRow, ...]
) -> Columns:
    fields: dict[int, Field] = {}
    notes: list[SheetNote] = []
    unknown: list[UnknownColumn] = []
    widest = max((len(row.cells) for row in (top, beneath, *data)), default=0)
    for index in range(widest):
        letter = column_letter(index)
        name, label = _cell(top, index), _cell(beneath, index)
        if not fold(name) and not fold(label):
            if _is_lost(index, data):
                text = "The column has no heading; what it holds is not imported."
                unknown.append(UnknownColumn(sheet.name, letter, "", text))
            continue
        reading = _read_heading(name, label)
        if reading.field is None:
            heading = " ".join((name.strip() or label).split())[:_LONGEST_HEADING]
            unknown.append(UnknownColumn(sheet.name, letter, heading, reading.message))
            continue
        fields[index] = reading.field
        notes.extend(_notes(sheet.name, letter, reading))
    return Columns(
        fields=fields,
        notes=tuple(notes),
        unknown=tuple(unknown),
        named_by_code=_holds_codes(top),
        data_rows=data,
    )


def _cell(row: RawRow, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _is_lost(index: int, data: tuple[RawRow, ...]) -> bool:
    """Whether an unnamed column holds more than the row numbers of column A."""
    held = [cell for row in data if (cell := _cell(row, index).strip())]
    return bool(held) and not (index == 0 and all(map(str.isdecimal, held)))


def _read_heading(name: str, label: str) -> _Reading:
    by_code = _by_code(name)
    by_name = (by_code,) if by_code else htcds.fields_by_label().get(fold(name), ())
    by_label = _same_entity(htcds.fields_by_label().get(fold(label), ()), by_code)
    agreed = [field for field in by_name if field in by_label]
    if len(agreed) == 1:
        return _named(agreed[0], name)
    if len(by_label) == 1 and not _shortens(by_label[0], by_name):
        return _labelled(by_label[0], name, named_otherwise=bool(by_name))
    if len(by_name) == 1:
        return _named(by_name[0], name)
    if by_name or by_label:
        text = "Several fields have this label; head the column with an HTCDS name."
        return _Reading(None, message=text)
    return _Reading(None, message="No HTCDS 2.0 field has this name or label.")


def _same_entity(found: tuple[Field, ...], named: Field | None) -> tuple[Field, ...]:
    """Of several fields with one label, those of the entity that is named above."""
    if named is None or len(found) <= 1:
        return found
    return tuple(field for field in found if _entity(field) == _entity(named)) or found


def _shortens(found: Field, named: tuple[Field, ...]) -> bool:
    """Whether a label is only a shorter word for the one field named above.

    *City* under ``prs_MailingCity`` means the mailing city, although the standard
    calls a field of another entity so.
    """
    if len(named) != 1 or _entity(found) == _entity(named[0]):
        return False
    return fold(found.label) in fold(named[0].label)


def _entity(field: Field) -> str:
    return field.name.partition("_")[0]


def _named(field: Field, name: str) -> _Reading:
    right = _MISSPELT.get(name.strip())
    if right is None:
        return _Reading(field)
    text = f"The heading is misspelt in the standard's workbook; read as {right}."
    return _Reading(field, "casesheet.misspelt_heading", text)


def _labelled(field: Field, name: str, *, named_otherwise: bool) -> _Reading:
    if named_otherwise:
        code = "casesheet.label_wins"
        text = (
            f"The heading {name.strip()} contradicts the label beneath it, which "
            f'whoever filled the sheet read; the label wins: "{field.label}" is '
            f"{field.name}."
        )
        return _Reading(field, code, text)
    heading = "is not an HTCDS name" if fold(name) else "is empty"
    text = (
        f'The heading {heading}; the label beneath it, "{field.label}", is '
        f"{field.name}."
    )
    return _Reading(field, "casesheet.heading_by_label", text)


def _notes(sheet: str, letter: str, reading: _Reading) -> list[SheetNote]:
    field = reading.field
    if field is None:
        return []
    notes = []
    if reading.code:
        notes.append(
            SheetNote(sheet, 0, letter, field.name, reading.code, reading.message)
        )
    if field.deprecated:
        text = f"HTCDS 2.0 deprecates {field.name}; it is imported all the same."
        code = "casesheet.deprecated_field"
        notes.append(SheetNote(sheet, 0, letter, field.name, code, text))
    return notes
