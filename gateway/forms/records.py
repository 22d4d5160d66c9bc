"""The fields of one data category, and the record that a form makes of them.

Fields are those of HTCDS 2.0 and the local ones beside it, by their own names.
What is typed is read as a cell of a case sheet would be: one reading for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
_MANY = {Kind.MULTISELECT, Kind.COUNTRIES}
EDITABLE = tuple(each for each in Category if each is not Category.D0)
"""Categories that somebody writes; routing is the network's own."""


def fields_of_category(category: Category) -> tuple[Field, ...]:
    """The fields of one category in the order of the standard; all may stay empty."""
    standard = htcds.fields()
    return tuple(
        Field(
            name,
            _WIDGETS[standard[name].kind] if name in standard else Widget.TEXT,
            tuple(each.value for each in htcds.choices(name)),
            name,
            optional=True,
        )
        for name, found in known_fields().items()
        if found is category and not (name in standard and standard[name].deprecated)
    )


def read_record(
    category: Category,
    form: Typed,
    before: CategoryRecord | None,
    language: str,
    today: date,
) -> CategoryRecord:
    """The record that the form makes; what the form has no field for stays.

    ``language`` is that of free texts (BCP 47).

    Raises:
        FormError: with every problem.
    """
    answers, problems = [], []
    fields = fields_of_category(category)
    for field in fields:
        try:
            values = _values(field, form, today)
        except Refusal as refusal:
            problems.append(FieldProblem(field.name, _problem(refusal)))
            continue
        if values:
            free = field.widget in {Widget.TEXT, Widget.LONG_TEXT}
            answers.append(Answer(field.name, values, language if free else ""))
    if problems:
        raise FormError(problems)
    known = {field.name for field in fields}
    kept = () if before is None else before.answers
    answers += [each for each in kept if each.field not in known]
    return CategoryRecord(category, tuple(answers))


def typed_of(record: CategoryRecord | None) -> Mapping[str, str | list[str]]:
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
        else:
            found[answer.field] = ", ".join(answer.values)
    return found


def _values(field: Field, form: Typed, today: date) -> tuple[str, ...]:
    standard = htcds.fields().get(field.name)
    if standard is None:
        text = text_of(form, field.name)
        if len(text) > _LONGEST or "\0" in text:
            raise Refusal("casesheet.too_long", "It is too long.", ())
        return (text,) if text else ()
    if field.widget is Widget.CHOICES:
        chosen = [str(each) for each in form.getlist(field.name)]
        return read_cell(standard, "; ".join(chosen), today)
    return read_cell(standard, text_of(form, field.name), today)


def _problem(refusal: Refusal) -> str:
    """The code of the sentence: what the standard says of this kind of field."""
    return refusal.code.rpartition(".")[2] or "unknown"
