"""The fields of one data category, and the record that a form makes of them.

Fields are those of HTCDS 2.0 and the local ones beside it, by their own names.
What is typed is read as a cell of a case sheet would be: one reading for both.
Countries and languages are typed, and shown, by their names in the reader's
language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    text_of,
)
from services.node.domain import htcds
from services.node.domain.casesheet_cells import Refusal, read_cell
from services.node.domain.categories import Category
from services.node.domain.coded_fields import CODED_FIELDS
from services.node.domain.fields import known_fields
from services.node.domain.htcds import Kind
from services.node.domain.records import Answer, CategoryRecord

_LONGEST = 2000
_WIDGETS = {
    Kind.TEXT: Widget.TEXT,
    Kind.LONG_TEXT: Widget.LONG_TEXT,
    Kind.DATE: Widget.DAY,
    Kind.CHECKBOX: Widget.FLAG,
    Kind.WHOLE_NUMBER: Widget.NUMBER,
    Kind.DECIMAL: Widget.TEXT,
    Kind.PICKLIST: Widget.CHOICE,
    Kind.MULTISELECT: Widget.CHOICES,
    Kind.COUNTRY: Widget.TEXT,
    Kind.COUNTRIES: Widget.TEXT,
    Kind.LANGUAGE: Widget.TEXT,
}
_COUNTRIES = {Kind.COUNTRY, Kind.COUNTRIES}
_NOTED_APART = {"follow_up_kind", "follow_up_mode", "follow_up_result"}
"""Fields of a follow-up: it is noted by a form of its own."""
EDITABLE = tuple(each for each in Category if each is not Category.D0)
"""Categories that somebody writes; routing is the network's own."""


class Names(Protocol):
    """What countries and languages are called by a reader."""

    def country(self, code: str, /) -> str:
        """A country by its ISO 3166-1 code."""

    def tongue(self, code: str, /) -> str:
        """A language by its ISO 639-2 code."""

    def country_called(self, name: str, /) -> str:
        """The code of a country by its name; what was said if there is none."""

    def tongue_called(self, name: str, /) -> str:
        """The code of a language by its name; what was said if there is none."""


_NATIVE = {"prs_FirstName": "prs_SecondName", "prs_SecondName": "prs_FirstName"}
"""Which name stands in the place of which other one of the standard."""


def fields_of_category(
    category: Category, before: CategoryRecord | None = None
) -> tuple[Field, ...]:
    """The fields of one category in the order of the standard; all may stay empty.

    A family name stands before the given one, as people write them here (console.md
    section 4.1). What stands in the record ``before`` may always be chosen again.
    """
    standard = htcds.fields()
    known = {} if before is None else {each.field: each for each in before.answers}
    return tuple(
        _standard_field(name) if name in standard else _local_field(name, known)
        for name, found in (
            (_NATIVE.get(name, name), found) for name, found in known_fields().items()
        )
        if found is category
        and name not in _NOTED_APART
        and not (name in standard and standard[name].deprecated)
    )


def _standard_field(name: str) -> Field:
    kind = htcds.fields()[name].kind
    codes = tuple(each.value for each in htcds.choices(name))
    return Field(name, _WIDGETS[kind], codes, _list_of(name, kind), optional=True)


def _list_of(name: str, kind: Kind) -> str:
    if kind in _COUNTRIES:
        return "country"
    return "tongue" if kind is Kind.LANGUAGE else name


def _local_field(name: str, known: Mapping[str, Answer]) -> Field:
    coded = CODED_FIELDS.get(name)
    if coded is None:
        return Field(name, Widget.TEXT, (), name, optional=True)
    before = known[name].values if name in known else ()
    others = tuple(each for each in before if each not in coded.codes)
    codes = (*coded.codes, *others)
    return Field(name, Widget.CHOICE, codes, coded.words, optional=True)


def read_record(
    category: Category,
    form: Typed,
    before: CategoryRecord | None,
    language: str,
    today: date,
    names: Names,
) -> CategoryRecord:
    """The record that the form makes; what the form has no field for stays.

    ``language`` is that of free texts that were changed (BCP 47), ``names`` those of
    the reader.

    Raises:
        FormError: with every problem.
    """
    answers, problems = [], []
    fields = fields_of_category(category, before)
    held = {} if before is None else {each.field: each for each in before.answers}

    def said_in(field: Field, values: tuple[str, ...]) -> str:
        """Of words that stay as they were, the language stays as well."""
        was = held.get(field.name)
        if was is not None and was.values == values:
            return was.language
        return language if is_free(field) else ""

    for field in fields:
        try:
            values = _values(field, form, today, names)
        except Refusal as refusal:
            problems.append(FieldProblem(field.name, _problem(refusal)))
            continue
        if values:
            answers.append(Answer(field.name, values, said_in(field, values)))
    if problems:
        raise FormError(problems)
    known = {field.name for field in fields}
    kept = () if before is None else before.answers
    answers += [each for each in kept if each.field not in known]
    return CategoryRecord(category, tuple(answers))


def is_free(field: Field) -> bool:
    """Whether its words are somebody's own, in a language."""
    if field.words in {"country", "tongue"}:
        return False
    return field.widget in {Widget.TEXT, Widget.LONG_TEXT}


def typed_of(
    record: CategoryRecord | None, names: Names
) -> Mapping[str, str | list[str]]:
    """What a form shows of a record that there is."""
    if record is None:
        return {}
    standard = htcds.fields()
    found: dict[str, str | list[str]] = {}
    for answer in record.answers:
        kind = standard[answer.field].kind if answer.field in standard else Kind.TEXT
        if kind is Kind.MULTISELECT:
            found[answer.field] = list(answer.values)
        elif kind is Kind.CHECKBOX:
            found[answer.field] = "yes" if answer.values else "no"
        elif kind in _COUNTRIES:
            found[answer.field] = "; ".join(map(names.country, answer.values))
        elif kind is Kind.LANGUAGE:
            found[answer.field] = "; ".join(map(names.tongue, answer.values))
        else:
            found[answer.field] = ", ".join(answer.values)
    return found


def _values(field: Field, form: Typed, today: date, names: Names) -> tuple[str, ...]:
    standard = htcds.fields().get(field.name)
    if standard is None:
        text = text_of(form, field.name)
        if text and field.codes and text not in field.codes:
            raise Refusal("casesheet.not_in_list", "It is not in the list.", ())
        if len(text) > _LONGEST or "\0" in text:
            raise Refusal("casesheet.too_long", "It is too long.", ())
        return (text,) if text else ()
    if field.widget is Widget.CHOICES:
        chosen = [str(each) for each in form.getlist(field.name)]
        return read_cell(standard, "; ".join(chosen), today)
    text = text_of(form, field.name)
    if standard.kind in _COUNTRIES:
        text = _coded(text, names.country_called)
    elif standard.kind is Kind.LANGUAGE:
        text = names.tongue_called(text)
    return read_cell(standard, text, today)


def _coded(text: str, called: Callable[[str], str]) -> str:
    """Several names as several codes; a name may have a comma, never a semicolon."""
    return "; ".join(called(each.strip()) for each in text.split(";"))


def _problem(refusal: Refusal) -> str:
    """The code of the sentence: what the standard says of this kind of field."""
    return refusal.code.rpartition(".")[2] or "unknown"
