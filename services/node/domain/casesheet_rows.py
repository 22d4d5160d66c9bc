"""The rows of a case sheet, each one person, sorted into data categories.

Promises that a row is understood completely or not at all: one refused cell and
the row gives no :class:`CaseRow`, while all others do. What a row gives does not
depend on the order of the columns, on the spelling of coded values or on where
the row stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from services.node.domain import htcds
from services.node.domain.casesheet_cells import NO, YES, Refusal, read_cell
from services.node.domain.casesheet_columns import Columns
from services.node.domain.casesheet_report import (
    CaseRow,
    CaseStatus,
    CellProblem,
    RawRow,
    SheetNote,
    column_letter,
)
from services.node.domain.htcds import Field, Kind
from services.node.domain.records import Answer, CategoryRecord

_SOURCE_KEY_LABEL = b"relais/v1/case-sheet-row"
_HISTORY = frozenset({"Closed", "ClosedReferred"})
_ADMITS_SEVERAL = frozenset({Kind.MULTISELECT, Kind.COUNTRIES})

#: HTCDS name -> canonical values of one row, in the standard's order.
Answers = Mapping[str, tuple[str, ...]]


def read_rows(
    sheet: str, columns: Columns, today: date
) -> tuple[tuple[CaseRow, ...], tuple[SheetNote, ...], tuple[CellProblem, ...]]:
    """The understood rows, notes about repeated ones, and every refused cell."""
    rows: dict[bytes, CaseRow] = {}
    notes: list[SheetNote] = []
    problems: list[CellProblem] = []
    for raw in columns.data_rows:
        answers, refused = _read_row(sheet, raw, columns.fields, today)
        problems.extend(refused)
        if refused or _is_empty(answers):
            continue
        row = _case_row(raw.number, answers)
        first = rows.setdefault(row.source_key, row)
        if first is not row:
            notes.append(_repeated(sheet, raw.number, first.number))
    return tuple(rows.values()), tuple(notes), tuple(problems)


def _read_row(
    sheet: str, raw: RawRow, fields: Mapping[int, Field], today: date
) -> tuple[Answers, list[CellProblem]]:
    answers: dict[str, tuple[str, ...]] = {}
    problems: list[CellProblem] = []
    for index, field in fields.items():
        cell = raw.cells[index] if index < len(raw.cells) else ""
        try:
            values = _joined(field, answers, read_cell(field, cell, today))
        except Refusal as refusal:
            problems.append(
                CellProblem(
                    sheet=sheet,
                    row=raw.number,
                    column=column_letter(index),
                    field=field.name,
                    code=refusal.code,
                    message=refusal.message,
                    allowed=refusal.allowed,
                )
            )
            continue
        if values:
            answers[field.name] = values
    return {name: answers[name] for name in htcds.fields() if name in answers}, problems


def _joined(field: Field, answers: Answers, values: tuple[str, ...]) -> tuple[str, ...]:
    """``values`` with what another column said of the same field."""
    before = answers.get(field.name, ())
    if not before or not values or before == values:
        return before or values
    if field.kind not in _ADMITS_SEVERAL:
        raise Refusal(
            "casesheet.two_answers",
            "Another column of this row answers the same field differently.",
            ("one answer",),
        )
    both = {*before, *values}
    order = [choice.value for choice in htcds.choices(field.name)] or sorted(both)
    return tuple(value for value in order if value in both)


def _is_empty(answers: Answers) -> bool:
    """Whether nothing was filled in; boxes left unticked are no content."""
    return all(
        htcds.fields()[name].kind is Kind.CHECKBOX and values == (NO,)
        for name, values in answers.items()
    )


def _case_row(number: int, answers: Answers) -> CaseRow:
    consent = answers.get(htcds.CONSENT_FIELD)
    closed = _HISTORY.intersection(answers.get(htcds.STATUS_FIELD, ()))
    return CaseRow(
        number=number,
        status=CaseStatus.HISTORY if closed else CaseStatus.DRAFT,
        interview_consent=None if consent is None else consent == (YES,),
        records=_records(answers),
        source_key=_source_key(answers),
    )


def _records(answers: Answers) -> tuple[CategoryRecord, ...]:
    sorted_in: dict[str, list[Answer]] = {}
    for name, values in answers.items():
        category = htcds.fields()[name].category
        if category:
            sorted_in.setdefault(category, []).append(Answer(name, values))
    return tuple(
        CategoryRecord(category, tuple(sorted_in[category]))
        for category in sorted(sorted_in, key=lambda code: int(code.removeprefix("D")))
    )


def _source_key(answers: Answers) -> bytes:
    """SHA-256 over the answers, fields by name, every item with its length.

    Lengths are u64 big-endian as in LP of protocol.md, so that no two rows with
    different content give the same bytes.
    """
    items = [_SOURCE_KEY_LABEL]
    for name in sorted(answers):
        values = answers[name]
        items += [name.encode(), len(values).to_bytes(8)]
        items += [value.encode() for value in values]
    return hashlib.sha256(
        b"".join(len(item).to_bytes(8) + item for item in items)
    ).digest()


def _repeated(sheet: str, number: int, first: int) -> SheetNote:
    text = f"Row {number} says the same as row {first}; it is the same draft."
    return SheetNote(sheet, number, "", "", "casesheet.repeated_row", text)
