"""Code lists that the standards lack: local codes, and which standard code each is.

Promises the table ``code_lists``: per list and code its origin and, where there
is one, the code of HTCDS 2.0 that it counts as, written *field*``=``*value*. The
188 values of the standard stand in ``data/htcds_picklists.csv`` and nowhere else;
a row that maps to a value the standard does not have is refused. Rows are dated,
because what the law calls somebody, and which papers prove it, changed.

Leaves to others: what a code means for a step (``referrals``, ``steps``), and
which values a case sheet may hold (``htcds``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import htcds, tables
from services.node.domain.errors import InvalidInputError
from services.node.domain.plain_words import plain, resting_on
from services.node.domain.tables import Rule


class CodeOrigin(StrEnum):
    """Where a code comes from."""

    HTCDS = "htcds"
    """Defined by the text of HTCDS 2.0, and missing in its picklist."""
    LOCAL = "local"
    """Added for use in Viet Nam."""
    IASC = "iasc"
    """IASC inter-agency referral form."""
    PRIMERO = "primero"
    """Primero, CPIMS+ and GBVIMS+."""
    LAW = "law"
    """A word of the law that the row names."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of one list; ``maps_to`` is an HTCDS field and value, if any."""

    rule: Rule
    list: str
    code: str
    origin: CodeOrigin
    maps_to: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The table ``code_lists`` of one policy version."""

    rows: tuple[CodeRow, ...]

    def codes(self, name: str, on: date) -> tuple[str, ...]:
        """The codes of a list on that day, in the order of the file."""
        return tuple(row.code for row in self._of(name, on))

    def row(self, name: str, code: str, on: date) -> CodeRow:
        """The row of a code on that day.

        Raises ``InvalidInputError("policy.unknown_code")``, naming the list and
        the codes that it has on that day.
        """
        for row in self._of(name, on):
            if row.code == code:
                return row
        allowed = ", ".join(self.codes(name, on)) or "none"
        raise InvalidInputError(
            "policy.unknown_code",
            resting_on(
                f"The list of {plain(name)} has no such code on {on.isoformat()}.", name
            ),
            where=name,
            remedy=f"It has: {allowed}.",
        )

    def _of(self, name: str, on: date) -> list[CodeRow]:
        return [row for row in self.rows if row.list == name and row.rule.in_force(on)]


def _maps_to(cell: str) -> tuple[str, str]:
    field, _, value = cell.partition("=")
    if value not in {choice.value for choice in htcds.choices(field)}:
        raise ValueError("must be a field of HTCDS 2.0, =, and one of its values")
    return field, value


_COLUMNS = {
    "list": tables.text,
    "code": tables.text,
    "origin": tables.one_of(CodeOrigin),
    "maps_to": tables.optional(_maps_to),
}


def read_code_lists(raw: bytes, problems: list[str]) -> CodeTable:
    """The table ``code_lists``; what is wrong is added to ``problems``."""
    rows = tables.read_table("code_lists", raw, CodeRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, lambda row: [(row.list, row.code)], problems)
    return CodeTable(rows)
