"""Who is expected today: what this member promised, on the clock of its own office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.arrivals import day_there
from services.node.domain.tables import day_of
from services.node.flows.own import OwnMember
from services.node.flows.views import ReferralView, views_of
from services.node.store import arrivals as arrival_store
from services.node.store import referrals as referral_store

_MOST = 100
"""More arrivals in one day than any house has beds."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A referral, and when somebody is expected in it; ``zone`` is the member's own."""

    referral: ReferralView
    expected_at: datetime
    zone: str


async def arrivals_today(own: OwnMember, now: datetime) -> list[Arrival]:
    """Whoever is expected on this day, the earliest first; ``now`` on the case clock.

    The day begins and ends by the zone that the member's entry names; in Viet Nam
    where it names none that is known. Who has arrived, or comes no more, is left out.
    """
    office = own.adopted.directory.active_member(own.name).description.office
    zone, begin, end = day_there(now, "" if office is None else office.time_zone)
    async with own.database.connection() as connection:
        rows = await arrival_store.arrivals_between(connection, begin, end, _MOST)
        ids = [row.referral_id for row in rows]
        referrals = await referral_store.referrals_by_ids(connection, ids)
        views = {
            each.referral.referral_id: each
            for each in await views_of(own, connection, referrals, day_of(now))
        }
    return [Arrival(views[row.referral_id], row.expected_at, zone) for row in rows]
