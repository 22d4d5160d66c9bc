"""What every servicer of the desk is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.node.domain.tables import day_of
from services.node.flows.moment import Clocks, Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.published import Published
from services.node.wire.mapping import from_millis

_MOST_LISTED = 500
_USUALLY_LISTED = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """This member, its writer and its clocks."""

    own: OwnMember
    published: Published
    submit: Submit
    clocks: Clocks

    def now(self) -> Moment:
        """The present moment."""
        return self.clocks.now()

    def today(self) -> date:
        """The present day of the case clock, in Viet Nam."""
        return day_of(self.now().case)


def instant_or(millis: int, otherwise: datetime) -> datetime:
    """The instant that a request names, or another for 0."""
    return from_millis(millis).astimezone(UTC) if millis else otherwise


def limit_of(asked: int) -> int:
    """How many rows a list shows: 50 unless asked, 500 at most."""
    return min(asked or _USUALLY_LISTED, _MOST_LISTED)
