"""What support a person is entitled to: the regimes of the law, by status and day.

Promises the table ``entitlements`` (domain.md §1.7): Art 37 of Law 53/2024 for
events from 1 July 2025, the regimes of Law 66/2011 and Decree 09/2013 before, and
the row that decided each answer. A regime that the table does not name for a
status is none of the law's; that never stops anybody from helping.

Leaves to others: applications and their clocks (``plans``, ``deadlines``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.case_states import PersonStatus
from services.node.domain.functions import Function
from services.node.domain.tables import Rule


class Regime(StrEnum):
    """A support regime, by its letter in Art 37; ``dd`` stands for đ."""

    A = "a"
    """Essential needs."""
    B = "b"
    """Medical support."""
    C = "c"
    """Interpretation."""
    D = "d"
    """Legal support (hỗ trợ pháp luật)."""
    DD = "dd"
    """Legal aid (trợ giúp pháp lý)."""
    E = "e"
    """Travel cost."""
    G = "g"
    """Psychological support."""
    H = "h"
    """Education."""
    I = "i"  # noqa: E741 - the letter of the law
    """Vocational training and job counselling."""
    K = "k"
    """Initial hardship allowance and loan support."""


class Claimant(StrEnum):
    """As whom somebody is entitled (the columns of the matrix)."""

    VICTIM = "victim"
    """Victim, citizen of Viet Nam or stateless resident."""
    ACCOMPANYING_MINOR = "accompanying_minor"
    """Under 18 and with a victim."""
    IN_IDENTIFICATION_ABROAD = "in_identification_abroad"
    """In identification and still abroad, with whoever under 18 is there."""
    IN_IDENTIFICATION_IN_VN = "in_identification_in_vn"
    """In identification in Viet Nam, with whoever under 18 is there."""
    FOREIGNER = "foreigner"
    """Foreigner, victim or in identification."""


class Grant(StrEnum):
    """What the law says."""

    YES = "yes"
    NO = "no"
    AS_CASE_REQUIRES = "as_case_requires"
    IF_POOR_HOUSEHOLD = "if_poor_household"
    """Of the law of 2011: only for a poor household."""


@dataclass(frozen=True, slots=True)
class EntitlementRow:
    """What one law grants one claimant of one regime."""

    rule: Rule
    regime: Regime
    claimant: Claimant
    granted: Grant


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One regime and the row that decided; None where the law names none."""

    regime: Regime
    granted: Grant
    row: EntitlementRow | None


@dataclass(frozen=True, slots=True)
class EntitlementTable:
    """The table ``entitlements`` of one policy version."""

    rows: tuple[EntitlementRow, ...]

    def of(self, claimant: Claimant, regime: Regime, on: date) -> Entitlement:
        """What the law of that day grants."""
        for row in self.rows:
            if (row.claimant, row.regime) == (claimant, regime) and row.rule.in_force(
                on
            ):
                return Entitlement(regime, row.granted, row)
        return Entitlement(regime, Grant.NO, None)

    def all_of(self, claimant: Claimant, on: date) -> tuple[Entitlement, ...]:
        """Every regime in the order of the law."""
        return tuple(self.of(claimant, regime, on) for regime in Regime)


VIET_NAM = "VN"
_ABROAD = {Function.MISSION, Function.FOREIGN_LIAISON}


def claimant_of(
    status: PersonStatus,
    citizenship: tuple[str, ...],
    functions: frozenset[Function],
) -> Claimant | None:
    """As whom somebody is entitled; None after a decision that they are no victim.

    ``citizenship`` holds ISO 3166 codes as recorded; nothing recorded counts as a
    citizen, so that nobody gets less because nobody asked. ``functions`` are those
    of the member that accompanies the person: a mission or a foreign liaison does
    so abroad.
    """
    if status is PersonStatus.NOT_VICTIM:
        return None
    if status is PersonStatus.ACCOMPANYING_MINOR:
        return Claimant.ACCOMPANYING_MINOR
    if citizenship and VIET_NAM not in citizenship:
        return Claimant.FOREIGNER
    if status is PersonStatus.VICTIM:
        return Claimant.VICTIM
    if functions & _ABROAD:
        return Claimant.IN_IDENTIFICATION_ABROAD
    return Claimant.IN_IDENTIFICATION_IN_VN


_COLUMNS = {
    "regime": tables.one_of(Regime),
    "claimant": tables.one_of(Claimant),
    "granted": tables.one_of(Grant),
}


def read_entitlements(raw: bytes, problems: list[str]) -> EntitlementTable:
    """The table ``entitlements``; what is wrong is added to ``problems``."""
    rows = tables.read_table("entitlements", raw, EntitlementRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, lambda row: [(row.regime, row.claimant)], problems)
    return EntitlementTable(rows)
