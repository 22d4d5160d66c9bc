"""Versions of what was written down: what differs between two, and who changed it.

Only what stands in a field counts; the language that a text was written in is no
change of it. Source: console.md section 7, S7 (amend = new version, diff view).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from services.node.domain.records import Answer, CategoryRecord


class ChangeKind(StrEnum):
    """What became of a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class ChangedBy(StrEnum):
    """Who changed a field since a version that two began with."""

    MINE = "mine"
    """Only whoever comes second."""
    THEIRS = "theirs"
    """Only whoever came first."""
    BOTH = "both"
    """Both, and not in the same way."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; a side without it is empty."""

    field: str
    kind: ChangeKind
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldMeeting:
    """One field in which what somebody writes is not what stands now."""

    field: str
    by: ChangedBy
    mine: tuple[str, ...]
    standing: tuple[str, ...]


def changes(
    before: CategoryRecord | None, after: CategoryRecord | None
) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order in which the two hold them."""
    old, new = _values(before), _values(after)
    return tuple(
        FieldChange(name, _kind(old.get(name), new.get(name)), *_pair(old, new, name))
        for name in dict.fromkeys((*new, *old))
        if old.get(name, ()) != new.get(name, ())
    )


def meetings(
    base: CategoryRecord | None, mine: CategoryRecord, standing: CategoryRecord | None
) -> tuple[FieldMeeting, ...]:
    """Every field in which ``mine`` is not ``standing``, both made of ``base``."""
    began, standing_values = _values(base), _values(standing)
    found = []
    for each in changes(standing, mine):
        name = each.field
        if each.after == began.get(name, ()):
            by = ChangedBy.THEIRS
        elif standing_values.get(name, ()) == began.get(name, ()):
            by = ChangedBy.MINE
        else:
            by = ChangedBy.BOTH
        found.append(FieldMeeting(name, by, each.after, each.before))
    return tuple(found)


def brought_together(
    base: CategoryRecord | None, mine: CategoryRecord, standing: CategoryRecord | None
) -> CategoryRecord:
    """What ``mine`` changed, and of every other field what is ``standing``.

    Where both changed a field it holds mine; ``meetings`` names each such field.
    """
    taken = {
        each.field
        for each in meetings(base, mine, standing)
        if each.by is ChangedBy.THEIRS
    }
    now = {} if standing is None else {each.field: each for each in standing.answers}
    answers: list[Answer] = []
    for each in mine.answers:
        if each.field not in taken:
            answers.append(each)
        elif each.field in now:
            answers.append(now[each.field])
    written = {each.field for each in mine.answers}
    answers += [
        each for name, each in now.items() if name in taken and name not in written
    ]
    return replace(mine, answers=tuple(answers))


def laid_over(before: CategoryRecord, later: CategoryRecord) -> CategoryRecord:
    """What both hold together: of a field that both hold, what is ``later``."""
    written = {each.field for each in later.answers}
    kept = tuple(each for each in before.answers if each.field not in written)
    return replace(later, answers=(*kept, *later.answers))


def _values(record: CategoryRecord | None) -> dict[str, tuple[str, ...]]:
    """Field to values; one without values is as good as none."""
    answers = () if record is None else record.answers
    return {each.field: each.values for each in answers if any(each.values)}


def _kind(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> ChangeKind:
    if not old:
        return ChangeKind.ADDED
    return ChangeKind.CHANGED if new else ChangeKind.REMOVED


def _pair(
    old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]], name: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return old.get(name, ()), new.get(name, ())
