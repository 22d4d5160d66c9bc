"""S10: the exchange by corridor: who must answer, by when, and what is one-sided.

A corridor is a member and a direction; those over a border stand on top. What is
open with one member is the work of both groups together, with no name in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import PAGE, names_of
from gateway.web.pages import page
from gateway.web.visitors import Officer, SignedIn
from services.node.domain.functions import Kind
from services.node.domain.steps import Side
from services.node.rpc.work_values import (
    CorridorRead,
    CorridorsRead,
    MemberCardRead,
    WorkItemRead,
)

router = APIRouter(prefix="/exchange")


@dataclass(frozen=True, slots=True)
class Way:
    """The corridors from one country to another; the same country twice at home."""

    giver: str
    receiver: str
    corridors: tuple[CorridorRead, ...]

    @property
    def crosses(self) -> bool:
        """Whether a border lies between."""
        return self.giver != self.receiver


@dataclass(frozen=True, slots=True)
class Partner:
    """One member: its card, and what is open with it on either side's turn."""

    card: MemberCardRead
    ours: tuple[WorkItemRead, ...]
    theirs: tuple[WorkItemRead, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Whom one rings in one country, those who answer now first."""

    country: str
    cards: tuple[MemberCardRead, ...]


@router.get("")
async def exchange(officer: SignedIn, peer: str = "") -> Response:
    """Every corridor, and what is open with one member if it is named."""
    found = await officer.desk.list_corridors(officer.name)
    cards = await officer.desk.list_members(officer.name)
    known = {card.name: card for card in cards}
    return page(
        officer.visitor,
        "exchange.html",
        here="/exchange",
        ways=ways_of(found, known),
        points=points_of(found, cards),
        partner=await _partner(officer, known[peer]) if peer in known else None,
        own_country=found.own_country,
        now=found.now,
        wire=datetime.now(UTC),
        names=names_of(officer, cards),
        ministry=_ministry(cards),
    )


def _ministry(cards: Iterable[MemberCardRead]) -> MemberCardRead | None:
    """Whom to ring about a partner who stays silent; None if it tells no telephone."""
    return next(
        (c for c in cards if c.kind == Kind.MINISTRY and c.active and c.office), None
    )


def points_of(found: CorridorsRead, cards: Iterable[MemberCardRead]) -> list[Points]:
    """Who acts in every country beyond the border with which something is open."""
    cards = [each for each in cards if each.active]
    peers = {each.peer for each in found.corridors}
    countries = {each.country for each in cards if each.name in peers}
    return [
        Points(
            country,
            tuple(
                sorted(
                    (each for each in cards if each.country == country),
                    key=lambda each: (not each.answers_now, each.functions),
                )
            ),
        )
        for country in sorted(countries - {found.own_country})
    ]


def ways_of(found: CorridorsRead, cards: Mapping[str, MemberCardRead]) -> list[Way]:
    """The corridors by country, those over a border first."""
    ways: dict[tuple[str, str], list[CorridorRead]] = {}
    for each in found.corridors:
        card = cards.get(each.peer)
        theirs = found.own_country if card is None else card.country
        key = (
            (theirs, found.own_country)
            if each.side == Side.RECEIVER
            else (found.own_country, theirs)
        )
        ways.setdefault(key, []).append(each)
    made = [Way(*key, tuple(several)) for key, several in ways.items()]
    return sorted(made, key=lambda way: (not way.crosses, way.giver, way.receiver))


async def _partner(officer: Officer, card: MemberCardRead) -> Partner:
    async def open_with(group: str) -> tuple[WorkItemRead, ...]:
        found = await officer.desk.get_worklist(
            officer.name, group, limit=PAGE, peer=card.name
        )
        return _referrals(found.items)

    return Partner(
        card,
        await open_with("needs_me"),
        await open_with(_OTHERS),
    )


_OTHERS = "waiting_on_others"


def _referrals(items: Iterable[WorkItemRead]) -> tuple[WorkItemRead, ...]:
    return tuple(each for each in items if each.referral is not None)
