"""The acceptance of whoever receives a person, for tests that are about something else.

It says when she is expected, as the node demands it, and so far ahead that nobody is
missed in any of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.node.domain.arrivals import RECEIVED, VIETNAM_ZONE
from services.node.domain.bodies import Acceptance
from services.node.domain.handoff import Body

AHEAD = timedelta(days=300)
"""No test drives a case clock that far from where it began."""


def promised(begin: datetime | str) -> Acceptance:
    """From ``begin`` on, where a case clock stands or that of a network begins."""
    if isinstance(begin, str):
        begin = datetime.fromisoformat(begin)
    return Acceptance(expected_at=begin + AHEAD, expected_zone=VIETNAM_ZONE)


def as_demanded(referral_type: str, body: Body, now: datetime) -> Body:
    """The body as the node takes it from an officer: whoever receives also promises."""
    if isinstance(body, Acceptance) and referral_type in set(RECEIVED):
        said = promised(now)
        return replace(body, expected_at=said.expected_at, expected_zone=VIETNAM_ZONE)
    return body
