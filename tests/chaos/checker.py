"""The independent checker: what must hold once nothing is under way any more.

Verifies I1 to I6 of the design over all databases, ledgers and logs, from the rows
and from nothing that a node says about them. It shares no code with the nodes
(test_checker.py proves it of every module here) and looks for each planted fault by
its own name (test_checker.py plants them).
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.chaos.checker_answering import answering
from tests.chaos.checker_events import events_and_leaves
from tests.chaos.checker_folding import folding
from tests.chaos.checker_handoffs import handoffs
from tests.chaos.checker_ledger import ledgers
from tests.chaos.checker_names import names
from tests.chaos.findings import Finding
from tests.chaos.reading import Members, StepRow

__all__ = ["Finding", "check"]


def check(
    members: Members, steps: list[StepRow], confirmed: Iterable[tuple[str, bytes]] = ()
) -> list[Finding]:
    """Everything that does not hold; ``confirmed`` are acts that must stand."""
    return [
        *ledgers(members),
        *events_and_leaves(members, confirmed),
        *handoffs(members),
        *folding(members, steps),
        *answering(members),
        *names(members),
    ]
