"""The chain of responsibility as this member knows it: who answered from when on.

A member sees the one before it and the one after it, and not beyond: nobody learns
more of a person's way than it needs. The picture and the table beside it say the
same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.rpc.desk_values import CaseRead

_NEVER = 1970


@dataclass(frozen=True, slots=True)
class Link:
    """A time in which one member answered.

    ``since`` and ``until`` are None where this member does not know them;
    ``confirmed`` is false while the receipt of the handing over is missing. ``called``
    is open where nothing but a call confirmed how it began, confirmed where the code
    or a second signature followed, else empty.
    """

    member: str
    since: datetime | None
    until: datetime | None
    confirmed: bool = True
    own: bool = False
    called: str = ""


def chain_of(case: CaseRead, own: str) -> tuple[Link, ...]:
    """The links in order of time; empty for a case that was never answered for."""
    links: list[Link] = []
    for period in case.periods:
        before = period.from_member
        if before and before != own and not (links and links[-1].member == before):
            links.append(Link(before, None, period.since_at))
        over = period.until_at.year != _NEVER
        until = period.until_at if over else None
        links.append(
            Link(
                own,
                period.since_at,
                until,
                confirmed=period.confirmed,
                own=True,
                called=period.since_called,
            )
        )
        if over and period.to_member and period.to_member != own:
            links.append(
                Link(
                    period.to_member,
                    period.until_at,
                    None,
                    confirmed=period.confirmed,
                    called=period.until_called,
                )
            )
    return tuple(links)
