"""The Human Trafficking Case Data Standard 2.0: its fields and allowed values.

Promises the standard's 83 fields, each with the kind of value it holds and the
data category (domain words D1 to D13) it belongs to, and the picklists with the
local additions, read once from the tables in ``data/``. Leaves the reading of
cells to ``casesheet_cells`` and countries and languages to ``isocodes``.

Source: HTCDS Field Standards 2.0, International Organization for Migration,
CC BY 4.0; see ``data/NOTICE``. No endorsement by IOM is implied.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType

#: Consent to the interview and to nothing else; it belongs to no data category.
CONSENT_FIELD = "con_Consent"
#: The case's status, which tells drafts from history.
STATUS_FIELD = "cas_Status"

_SEPARATORS = re.compile(r"[;,\n]")

#: Spellings, each as its folded pieces and as one folded whole -> canonical code.
Index = Mapping[tuple[str, ...], str]


class Kind(StrEnum):
    """What one field holds."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"  # several lines
    DATE = "date"  # a calendar day
    CHECKBOX = "checkbox"  # ticked or not
    WHOLE_NUMBER = "whole_number"
    DECIMAL = "decimal"  # degrees, at most twelve decimals
    PICKLIST = "picklist"  # one value of the standard's list
    MULTISELECT = "multiselect"  # any values of the standard's list
    COUNTRY = "country"  # ISO 3166-1
    COUNTRIES = "countries"  # any of ISO 3166-1
    LANGUAGE = "language"  # ISO 639-2


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the standard.

    ``category`` is the data category that its values are sealed under, empty for
    ``con_Consent`` alone. ``minimum`` and ``maximum`` bound numbers (in the unit
    that the field's name says: years, children, degrees) and dates (ISO 8601, or
    ``today``); empty where nothing is bounded. ``position`` is its place in the
    standard, from 0.
    """

    name: str
    label: str
    kind: Kind
    category: str
    core: bool
    deprecated: bool
    minimum: str
    maximum: str
    position: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value: its code, its label and further accepted spellings.

    ``origin`` is ``standard``, ``definitions`` (defined by the standard's text but
    missing in its picklist) or ``local`` (added for use in Viet Nam).
    """

    value: str
    label: str
    also: tuple[str, ...]
    origin: str


def fold(text: str) -> str:
    """``text`` as it is compared: letters and digits only, without case.

    Case, spaces, punctuation and compatibility forms (Unicode NFKC) never tell
    two codes or labels of the standard apart, so none of them counts.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def cut(text: str) -> tuple[str, ...]:
    """The folded pieces of ``text`` between ``;``, ``,`` and line ends.

    Empty pieces are left out; a piece of nothing but punctuation folds to "".
    """
    plain = unicodedata.normalize("NFKC", text)
    return tuple(fold(piece) for piece in _SEPARATORS.split(plain) if piece.strip())


def index(entries: Iterable[tuple[str, Iterable[str]]]) -> Index:
    """The index of (code, spellings); a spelling of two codes stands for none.

    A name that holds separators itself (*Korea, Republic of*) is found by its
    pieces in a list and by its whole alone, so that *CU; BA* is never *Cuba*.
    """
    found: dict[tuple[str, ...], set[str]] = {}
    for code, spellings in entries:
        for spelling in filter(None, spellings):
            for key in {(fold(spelling),), cut(spelling)}:
                found.setdefault(key, set()).add(code)
    return MappingProxyType(
        {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}
    )


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of the packaged table ``name``; lines that begin with # are notes."""
    source = resources.files("services.node.domain") / "data" / name
    lines = source.read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(line for line in lines if not line.startswith("#"))


@cache
def fields() -> Mapping[str, Field]:
    """Every field by its HTCDS name, in the order of the standard."""
    found = {
        row["field"]: Field(
            name=row["field"],
            label=row["label"],
            kind=Kind(row["kind"]),
            category=row["category"],
            core=row["core"] == "yes",
            deprecated=row["deprecated"] == "yes",
            minimum=row["minimum"],
            maximum=row["maximum"],
            position=position,
        )
        for position, row in enumerate(table("htcds_fields.csv"))
    }
    return MappingProxyType(found)


@cache
def choices(field: str) -> tuple[Choice, ...]:
    """The allowed values of ``field`` in the standard's order; none if it is free."""
    return tuple(
        Choice(row["value"], row["label"], split(row["also"]), row["origin"])
        for row in table("htcds_picklists.csv")
        if row["field"] == field
    )


@cache
def choice_index(field: str) -> Index:
    """Code, label or further spelling -> code, for one picklist."""
    return index(
        (choice.value, (choice.value, choice.label, *choice.also))
        for choice in choices(field)
    )


@cache
def fields_by_label() -> Mapping[str, tuple[Field, ...]]:
    """Folded label -> its fields; several share *Type*, *Longitude*, *Latitude*."""
    found: dict[str, tuple[Field, ...]] = {}
    for field in fields().values():
        key = fold(field.label)
        found[key] = (*found.get(key, ()), field)
    return MappingProxyType(found)


@cache
def fields_by_code() -> Mapping[str, Field]:
    """Folded HTCDS name -> field."""
    return MappingProxyType({fold(name): field for name, field in fields().items()})


def split(joined: str) -> tuple[str, ...]:
    """The spellings in one cell of a packaged table, which ``|`` separates."""
    return tuple(part for part in joined.split("|") if part)
