"""Outcomes: how a service may end, and what may be told of it meanwhile.

Promises the table ``outcomes``: which result code each referral type may report,
and under which outcome. A service that did not succeed says why, by the reasons
that case management systems of the field use.

Leaves to others: who may report when (``steps``), and what the person allowed to
be told (``consent``).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.plain_words import plain, resting_on
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import read_types
from services.node.domain.tables import Rule


class Outcome(StrEnum):
    """Whether what was asked for was done."""

    SUCCESSFUL = "successful"
    """It was, whatever it found."""
    NOT_SUCCESSFUL = "not_successful"
    """It was not; the result says why."""
    UNDERWAY = "underway"
    """Not an end: what feedback may say."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One result that these referral types may report under this outcome."""

    rule: Rule
    referral_types: frozenset[ReferralType]
    outcome: Outcome
    result: str


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """The table ``outcomes`` of one policy version."""

    rows: tuple[OutcomeRow, ...]

    def results(
        self, referral_type: ReferralType, outcome: Outcome, on: date
    ) -> tuple[str, ...]:
        """The results that may be reported on that day, in alphabetical order."""
        return tuple(sorted(row.result for row in self._of(referral_type, outcome, on)))

    def check(
        self, referral_type: ReferralType, outcome: str, result: str, on: date
    ) -> OutcomeRow:
        """The row that allows this result.

        Raises ``InvalidInputError("outcome.unknown")`` for an outcome that ends
        nothing, ``NotLawfulError("outcome.other_result")`` for a result that this
        type of referral does not have.
        """
        if outcome not in {Outcome.SUCCESSFUL, Outcome.NOT_SUCCESSFUL}:
            raise InvalidInputError(
                "outcome.unknown",
                "A service ends successful or not successful.",
                where="outcome",
                remedy="Say whether what was asked for was done.",
            )
        return self._row(referral_type, Outcome(outcome), result, on)

    def check_feedback(
        self, referral_type: ReferralType, result: str, on: date
    ) -> OutcomeRow:
        """The row that allows this word on how it goes; raises as ``check``."""
        return self._row(referral_type, Outcome.UNDERWAY, result, on)

    def _row(
        self, referral_type: ReferralType, outcome: Outcome, result: str, on: date
    ) -> OutcomeRow:
        for row in self._of(referral_type, outcome, on):
            if row.result == result:
                return row
        allowed = ", ".join(self.results(referral_type, outcome, on)) or "none"
        raise NotLawfulError(
            "outcome.other_result",
            resting_on(
                f"A referral for {plain(referral_type)} that is {plain(outcome)} has"
                " no such result.",
                "the table outcomes has no row for it",
            ),
            where="result",
            remedy=f"Choose one of: {allowed}.",
        )

    def _of(
        self, referral_type: ReferralType, outcome: Outcome, on: date
    ) -> list[OutcomeRow]:
        return [
            row
            for row in self.rows
            if referral_type in row.referral_types
            and row.outcome is outcome
            and row.rule.in_force(on)
        ]


_COLUMNS = {
    "referral_types": read_types,
    "outcome": tables.one_of(Outcome),
    "result": tables.text,
}


def _keys(row: OutcomeRow) -> list[Hashable]:
    return [(each, row.outcome, row.result) for each in row.referral_types]


def read_outcomes(raw: bytes, problems: list[str]) -> OutcomeTable:
    """The table ``outcomes``; what is wrong is added to ``problems``."""
    rows = tables.read_table("outcomes", raw, OutcomeRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, _keys, problems)
    return OutcomeTable(rows)
