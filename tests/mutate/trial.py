"""Who notices that a row was changed: ``relais policy check``, or a behavioural test.

Promises one verdict a mutant. A mutant that the table readers refuse would never
become policy, and is noticed by *policy check*. Any other is put in force, alone,
and every check of its table is asked, then those of all other tables; the first
that fails names itself. A mutant that nobody notices is a survivor: a rule that
the tests do not hold. A cell that reads otherwise and means the same (a type beside
its group) is no mutant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from services.node.domain.errors import RelaisError
from services.node.domain.policy import READERS, Policy, check_across, parse_policy
from tests.behaviour.every import Check, checks_of
from tests.mutate.mutants import Mutant, mutants_of

POLICY_CHECK = "relais policy check"
SAME_MEANING = "nobody: it means the same"
SURVIVED = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who noticed the mutant; ``SURVIVED`` if nobody did."""

    mutant: Mutant
    noticed_by: str


class Trial:
    """The tables as they are, and the checks of every one of them."""

    def __init__(self, tables: Mapping[str, bytes]) -> None:
        """Raises ``LookupError`` for a table without checks, ``AssertionError``
        if a check fails on the tables as they are."""
        self.tables = dict(tables)
        self.policy = parse_policy("as-it-is", tables)
        self.checks: dict[str, list[Check]] = {name: checks_of(name) for name in tables}
        for checks in self.checks.values():
            for check in checks:
                check(self.policy)

    def verdicts(self, table: str) -> Iterator[Verdict]:
        """The verdict on every mutant of a table that means something else."""
        for mutant in mutants_of(table, self.tables[table], READERS[table]):
            noticed_by = self.try_one(mutant)
            if noticed_by != SAME_MEANING:
                yield Verdict(mutant, noticed_by)

    def try_one(self, mutant: Mutant) -> str:
        """Who notices; ``SURVIVED`` if nobody does, ``SAME_MEANING`` if none could."""
        problems: list[str] = []
        changed = READERS[mutant.table](mutant.raw, problems)
        if problems:
            return POLICY_CHECK
        index = mutant.row - 2
        if changed.rows[index] == getattr(self.policy, mutant.table).rows[index]:
            return SAME_MEANING
        # A mypy type of its own for each table is not worth it here.
        policy: Policy = replace(self.policy, **{mutant.table: changed})  # type: ignore[arg-type]
        check_across(policy, problems)
        if problems:
            return POLICY_CHECK
        own = self.checks[mutant.table]
        others = [each for name in self.checks for each in self.checks[name]]
        for check in [*own, *(each for each in others if each not in own)]:
            if not _holds(check, policy):
                file = check.__module__.replace(".", "/")
                return f"{file}.py::{check.__name__}"
        return SURVIVED


def _holds(check: Check, policy: Policy) -> bool:
    try:
        check(policy)
    except (AssertionError, RelaisError):
        return False
    return True
