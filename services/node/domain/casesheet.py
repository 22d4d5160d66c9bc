"""Reading the IOM's HTCDS 2.0 case sheet into drafts and history.

Promises, for every row, a person's answers sorted into data categories, or the
cells that prevented it, by sheet, row and column letter; and a note wherever the
reader had to choose. Columns may stand in any order and values may be codes or
labels. Nothing here stores or sends: a ticked ``con_Consent`` is consent to the
interview only, and an officer confirms purpose, recipient and consent before
anything leaves. Workbook files are opened by the command line.

Standard: HTCDS 2.0, International Organization for Migration, CC BY 4.0
(``data/NOTICE``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.node.domain.casesheet_columns import read_columns
from services.node.domain.casesheet_profile import MinimalProfile, minimal_profile
from services.node.domain.casesheet_report import (
    CaseRow,
    CaseSheetReport,
    CaseStatus,
    CellProblem,
    RawRow,
    RawSheet,
    SheetNote,
    UnknownColumn,
)
from services.node.domain.casesheet_rows import read_rows
from services.node.domain.errors import InvalidInputError

__all__ = [
    "CaseRow",
    "CaseSheetReport",
    "CaseStatus",
    "CellProblem",
    "MinimalProfile",
    "RawRow",
    "RawSheet",
    "SheetNote",
    "UnknownColumn",
    "case_sheets",
    "minimal_profile",
    "read_case_sheet",
]

#: Sheets of the single-select workbook that hold no cases.
_WITHOUT_CASES = frozenset({"about", "validation"})


def read_case_sheet(sheet: RawSheet, today: date) -> CaseSheetReport:
    """Everything that ``sheet`` says; ``today`` (case clock) bounds its dates.

    A sheet without headings gives a report with one problem and nothing else.
    """
    columns = read_columns(sheet)
    if columns is None:
        return CaseSheetReport(sheet.name, (), (), (_no_headings(sheet),), ())
    rows, notes, problems = read_rows(sheet.name, columns, today)
    return CaseSheetReport(
        sheet=sheet.name,
        rows=rows,
        notes=(*columns.notes, *notes),
        problems=problems,
        unknown_columns=columns.unknown,
    )


def case_sheets(sheets: Sequence[RawSheet]) -> tuple[RawSheet, ...]:
    """Of a workbook's sheets those that hold cases.

    They are the ones headed with HTCDS names; if none is, those headed with the
    standard's labels. Raises ``InvalidInputError`` (``casesheet.no_case_sheet``)
    if there is neither.
    """
    headed = [
        (sheet, columns)
        for sheet in sheets
        if sheet.name.casefold() not in _WITHOUT_CASES
        and (columns := read_columns(sheet)) is not None
    ]
    if not headed:
        raise InvalidInputError(
            "casesheet.no_case_sheet",
            "No sheet has the column headings of an HTCDS 2.0 case sheet.",
            remedy="Head the columns with HTCDS names, such as cas_Status.",
        )
    by_code = tuple(sheet for sheet, columns in headed if columns.named_by_code)
    return by_code or tuple(sheet for sheet, _ in headed)


def _no_headings(sheet: RawSheet) -> CellProblem:
    return CellProblem(
        sheet=sheet.name,
        row=sheet.rows[0].number if sheet.rows else 1,
        column="",
        field="",
        code="casesheet.no_headings",
        message="The first rows hold no column headings of HTCDS 2.0.",
        allowed=("HTCDS names, such as cas_Status", "HTCDS labels, such as Status"),
    )
