"""The course of a case within one member: who may do what, in which state.

Promises the table ``case_steps`` (domain.md §6.1 to §6.3, §6.5). A row is taken
by an officer's act, or it follows by itself on a step of a referral or on a
follow-up (its trigger), so that a case is never in another state than its
referrals say. Where several acts may be, the person's wish decides; nothing here
depends on whether the law calls the person a victim.

Leaves to others: the rows themselves (``case_step_rows``), the words of a refusal
(``case_refusals``), what an officer says with an act (``case_details``), who is
answerable (``responsibility``), firing the clocks that a row ``starts`` and
stopping those that it ``meets``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.node.domain.case_refusals import not_lawful, wrong_function
from services.node.domain.case_states import Phase, Standing
from services.node.domain.case_step_rows import (
    CaseAct,
    CaseStepRow,
    End,
    Trigger,
    read_rows,
)
from services.node.domain.functions import Function


@dataclass(frozen=True, slots=True)
class CaseTransition:
    """What a lawful act, or what followed on a referral, makes of a case."""

    standing: Standing
    row: CaseStepRow


class CaseStepTable:
    """The table ``case_steps`` of one policy version."""

    def __init__(self, rows: tuple[CaseStepRow, ...]) -> None:
        self.rows = rows
        self._found: dict[_Key, list[CaseStepRow]] = {}
        for row in rows:
            for key in _keys(row):
                self._found.setdefault(key, []).append(row)

    def next(
        self,
        standing: Standing,
        act: CaseAct,
        functions: frozenset[Function],
        on: date,
    ) -> CaseTransition:
        """What an officer's act does, in a member with these functions.

        Raises ``NotLawfulError``: ``case.step_not_lawful`` if the act does not
        follow on this state, ``case.wrong_function`` if it is others' to do; both
        say what is open instead, and name the rule at their end.
        """
        fitting = [
            row for row in self.rows if row.is_officers(act, on) and row.fits(standing)
        ]
        for row in fitting:
            if row.functions & functions:
                return CaseTransition(row.moved(standing), row)
        open_now = self._open(standing, functions, on)
        if fitting:
            raise wrong_function(fitting, functions, open_now)
        raise not_lawful(self.rows, standing, act, functions, on, open_now)

    def open_acts(
        self, standing: Standing, functions: frozenset[Function], on: date
    ) -> tuple[CaseAct, ...]:
        """What an officer of a member with these functions may do now."""
        found = {row.act for row in self._open(standing, functions, on)}
        return tuple(act for act in CaseAct if act in found)

    def _open(
        self, standing: Standing, functions: frozenset[Function], on: date
    ) -> tuple[CaseStepRow, ...]:
        return tuple(
            row
            for function in functions
            for row in self._found.get((standing.phase, None, function), ())
            if row.rule.in_force(on) and row.fits(standing)
        )

    def follow(
        self,
        standing: Standing,
        triggers: Iterable[Trigger],
        functions: frozenset[Function],
        on: date,
    ) -> CaseTransition | None:
        """What the case does by itself when this happened; None for nothing."""
        fitting = [
            row
            for trigger in triggers
            for function in functions
            for row in self._found.get((standing.phase, trigger, function), ())
            if row.rule.in_force(on) and row.fits(standing)
        ]
        # Of two that would follow the one that stands first does.
        for row in sorted(fitting, key=lambda each: each.rule.row)[:1]:
            return CaseTransition(row.moved(standing), row)
        return None


_Key = tuple[Phase, Trigger | None, Function]
"""Where a row is found; without a trigger it is an officer's."""


def _keys(row: CaseStepRow) -> Iterator[_Key]:
    for phase in row.phases:
        for trigger in row.triggers or (None,):
            for function in row.functions:
                yield phase, trigger, function


def triggers_of(what: str, end: End, step: str, codes: Iterable[str]) -> set[Trigger]:
    """What a row may name for something that happened with these codes."""
    return {Trigger(what, end, step, code) for code in (*codes, "*")}


def read_case_steps(raw: bytes, problems: list[str]) -> CaseStepTable:
    """The table ``case_steps``; what is wrong is added to ``problems``."""
    return CaseStepTable(read_rows(raw, problems))
