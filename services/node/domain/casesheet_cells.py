"""One cell of a case sheet, read as the field that its column stands for.

Promises canonical values (codes of the standard, ISO dates and codes, text in
Unicode NFC) or a :class:`Refusal` that says what is allowed and never repeats
what was found. Day and month in doubt are read day first. Leaves columns and
rows to ``casesheet_columns`` and ``casesheet_rows``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from services.node.domain import htcds, isocodes
from services.node.domain.casesheet_report import FORMULA_WITHOUT_RESULT
from services.node.domain.htcds import Field, Index, Kind, cut, fold

YES = "true"
NO = "false"

_TICKED = frozenset({"true", "yes", "y", "x", "✓", "✔", "☑", "1"})
_UNTICKED = frozenset({"false", "no", "n", "☐", "0"})
_ERRORS = frozenset(
    {
        FORMULA_WITHOUT_RESULT,
        *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"),
        *("#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"),
    }
)
_LONGEST_LINE = 500  # characters; the longest street or organisation name is shorter
_LONGEST_TEXT = 32_767  # characters; no spreadsheet cell holds more
_LONGEST_NAME = 4  # pieces that a name may be cut into by its own commas
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ][\d:.]+)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,12})?", re.ASCII)
_EDGES = re.compile(
    r"^[\s\u200b\u200e\u200f\ufeff]+|[\s\u200b\u200e\u200f\ufeff]+$"
)  # white space, and marks that are as invisible


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault of the program
    """A cell that cannot be read; ``allowed`` lists what could be."""

    def __init__(self, code: str, message: str, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.allowed = allowed


def read_cell(field: Field, raw: str, today: date) -> tuple[str, ...]:
    """The canonical values in ``raw``; none if the cell is empty.

    Several values come only from fields that admit several, each once, in the
    standard's order (countries by code). ``today`` (case clock) bounds dates of
    what has happened. Raises ``Refusal``.
    """
    text = _readable(raw)
    if not text:
        return ()
    return _READERS[field.kind](field, text, today)


def _readable(raw: str) -> str:
    """``raw`` without surrounding space; refuses what is no text or an error."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in text):
        raise Refusal(
            "casesheet.unreadable_text",
            "The cell holds control characters; retype it.",
            ("text",),
        )
    text = _EDGES.sub("", unicodedata.normalize("NFC", text))
    if text.upper() in _ERRORS:
        raise Refusal(
            "casesheet.formula_error",
            "The cell holds an error or a formula without a result; type the value.",
            ("a value",),
        )
    return text


def _line(_field: Field, text: str, _today: date) -> tuple[str, ...]:
    return (_limited(" ".join(text.split()), _LONGEST_LINE),)


def _lines(_field: Field, text: str, _today: date) -> tuple[str, ...]:
    kept = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return (_limited(kept, _LONGEST_TEXT),)


def _limited(text: str, longest: int) -> str:
    if len(text) > longest:
        allowed = f"at most {longest} characters"
        raise Refusal("casesheet.too_long", "The text is too long.", (allowed,))
    return text


def _day(field: Field, text: str, today: date) -> tuple[str, ...]:
    day = _calendar_day(text)
    if day is None:
        raise Refusal(
            "casesheet.not_a_date",
            "Expected a full date that exists; day before month where in doubt.",
            ("a date cell", "YYYY-MM-DD", "dd/mm/yyyy"),
        )
    if day > (today if field.maximum == "today" else date.fromisoformat(field.maximum)):
        latest = "not later than today"
        if field.maximum != "today":
            latest = f"not later than {field.maximum}"
        raise Refusal("casesheet.date_too_late", "The date is too late.", (latest,))
    if day < date.fromisoformat(field.minimum):
        earliest = f"not before {field.minimum}"
        raise Refusal("casesheet.date_too_early", "The date is too early.", (earliest,))
    return (day.isoformat(),)


def _calendar_day(text: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found[1], found[2], found[3]
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # no such day
        return None


def _ticked(_field: Field, text: str, _today: date) -> tuple[str, ...]:
    plain = text.casefold()
    if plain in _TICKED:
        return (YES,)
    if plain in _UNTICKED:
        return (NO,)
    raise Refusal(
        "casesheet.not_a_checkbox",
        "Expected a ticked or an unticked box.",
        ("TRUE", "yes", "x", "✓", "1", "FALSE", "no", "0", "empty"),
    )


def _whole(field: Field, text: str, _today: date) -> tuple[str, ...]:
    found = _WHOLE.fullmatch(text)
    if not found or not int(field.minimum) <= int(found[1]) <= int(field.maximum):
        allowed = f"{field.minimum} to {field.maximum}"
        raise Refusal("casesheet.not_a_number", "Expected a whole number.", (allowed,))
    return (str(int(found[1])),)


def _decimal(field: Field, text: str, _today: date) -> tuple[str, ...]:
    number = Decimal(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None
    low, high = Decimal(field.minimum), Decimal(field.maximum)
    if number is None or not low <= number <= high:
        allowed = f"{field.minimum} to {field.maximum} degrees"
        raise Refusal(
            "casesheet.not_a_number", "Expected a number of degrees.", (allowed,)
        )
    return (f"{number.normalize() + 0:f}",)  # + 0 turns -0 into 0


def _one_choice(field: Field, text: str, _today: date) -> tuple[str, ...]:
    code = htcds.choice_index(field.name).get((fold(text),))
    if code is None:
        raise Refusal(
            "casesheet.not_in_list", "Expected one value of the list.", _listed(field)
        )
    return (code,)


def _choices(field: Field, text: str, _today: date) -> tuple[str, ...]:
    codes = _several(text, htcds.choice_index(field.name))
    if codes is None:
        raise Refusal(
            "casesheet.not_in_list",
            "Expected values of the list, separated by semicolons.",
            _listed(field),
        )
    return tuple(c.value for c in htcds.choices(field.name) if c.value in codes)


def _listed(field: Field) -> tuple[str, ...]:
    return tuple(choice.label for choice in htcds.choices(field.name))


def _country(_field: Field, text: str, _today: date) -> tuple[str, ...]:
    code = isocodes.countries().get((fold(text),))
    if code is None:
        raise Refusal(
            "casesheet.not_a_country",
            "Expected one country.",
            ("an ISO 3166-1 code, such as VN or VNM", "an English country name"),
        )
    return (code,)


def _countries(_field: Field, text: str, _today: date) -> tuple[str, ...]:
    codes = _several(text, isocodes.countries())
    if codes is None:
        raise Refusal(
            "casesheet.not_a_country",
            "Expected countries, separated by semicolons.",
            ("ISO 3166-1 codes, such as VN or VNM", "English country names"),
        )
    return tuple(sorted(codes))


def _language(_field: Field, text: str, _today: date) -> tuple[str, ...]:
    code = isocodes.languages().get((fold(text),))
    if code is None:
        raise Refusal(
            "casesheet.not_a_language",
            "Expected one language.",
            ("an ISO 639-2 code, such as vie", "an English language name"),
        )
    return (code,)


def _several(text: str, index: Index) -> frozenset[str] | None:
    """The codes in ``text``, cut at ``;``, ``,`` and line ends; None if any is not.

    Some names hold a comma themselves (*Korea, Republic of*), so the longest run
    of neighbouring pieces that is a name is taken first.
    """
    pieces = cut(text)
    codes: set[str] = set()
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + _LONGEST_NAME), at, -1):
            code = index.get(pieces[at:end])
            if code is not None:
                codes.add(code)
                at = end
                break
        else:
            return None
    return frozenset(codes) or None


_READERS: dict[Kind, Callable[[Field, str, date], tuple[str, ...]]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _lines,
    Kind.DATE: _day,
    Kind.CHECKBOX: _ticked,
    Kind.WHOLE_NUMBER: _whole,
    Kind.DECIMAL: _decimal,
    Kind.PICKLIST: _one_choice,
    Kind.MULTISELECT: _choices,
    Kind.COUNTRY: _country,
    Kind.COUNTRIES: _countries,
    Kind.LANGUAGE: _language,
}
