"""Limits that a finding in a case makes longer: since when they count.

A longer limit counts from the day on which the shorter one began, not from the day
on which somebody found that it would take longer (domain.md §1.5, T3). The clock of
the shorter one may be the case's own or that of the referral that asked.
"""

from __future__ import annotations

from datetime import datetime

from services.node.domain.case_step_rows import TAKES_LONGER, CaseStepRow
from services.node.store import timers as timer_store
from services.node.store.pool import Connection


async def counted_since(
    connection: Connection, case_id: bytes, row: CaseStepRow
) -> dict[str, datetime]:
    """For each longer limit that the row starts, when the shorter one began."""
    shorter = {name: TAKES_LONGER[name] for name in row.starts & TAKES_LONGER.keys()}
    if not shorter:
        return {}
    clocks = await timer_store.timers_of_case(connection, case_id)
    began = {
        longer: [
            clock.started_at
            for clock in clocks
            if clock.deadline == name and clock.stopped_at is None
        ]
        for longer, name in shorter.items()
    }
    return {longer: min(instants) for longer, instants in began.items() if instants}
