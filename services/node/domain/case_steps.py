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

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.node.domain.case_refusals import not_lawful, wrong_function
from services.node.domain.case_states import Standing
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


@dataclass(frozen=True, slots=True)
class CaseStepTable:
    """The table ``case_steps`` of one policy version."""

    rows: tuple[CaseStepRow, ...]

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
            for row in self.rows
            if row.functions & functions
            and row.is_officers(row.act, on)
            and row.fits(standing)
        )

    def follow(
        self,
        standing: Standing,
        triggers: Iterable[Trigger],
        functions: frozenset[Function],
        on: date,
    ) -> CaseTransition | None:
        """What the case does by itself when this happened; None for nothing."""
        happened = frozenset(triggers)
        for row in self.rows:
            if (
                row.triggers & happened
                and row.rule.in_force(on)
                and row.functions & functions
                and row.fits(standing)
            ):
                return CaseTransition(row.moved(standing), row)
        return None


def triggers_of(what: str, end: End, step: str, codes: Iterable[str]) -> set[Trigger]:
    """What a row may name for something that happened with these codes."""
    return {Trigger(what, end, step, code) for code in (*codes, "*")}


def read_case_steps(raw: bytes, problems: list[str]) -> CaseStepTable:
    """The table ``case_steps``; what is wrong is added to ``problems``."""
    return CaseStepTable(read_rows(raw, problems))
