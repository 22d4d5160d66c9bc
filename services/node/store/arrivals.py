"""When this member expects somebody, by the referral in which it said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.arrivals import STILL_AWAITED
from services.node.domain.handoff import Step
from services.node.store.pool import Connection
from services.node.store.rows import fetch
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A referral and when somebody is expected in it; case clock."""

    referral_id: bytes
    expected_at: datetime


def expect_arrival(referral_id: bytes, expected_at: datetime) -> Write:
    """Somebody is expected then; of several promises the newest stands."""
    return Write("expect_arrival", (referral_id, expected_at))


async def arrivals_between(
    connection: Connection, begin: datetime, end: datetime, limit: int
) -> list[ArrivalRow]:
    """Who is still awaited from ``begin`` on and before ``end``, the earliest first."""
    states = [each.value for each in STILL_AWAITED]
    over = [Step.ARRIVAL.value, Step.RECALL.value]
    return await fetch(
        connection, "arrivals_between", ArrivalRow, begin, end, limit, states, over
    )
