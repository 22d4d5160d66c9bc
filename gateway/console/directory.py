"""S5: the members: what they are, what may be asked of them, and when they answer.

Where a house is stands in no directory; who is open is told on the clock of now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from gateway.words.provinces import province
from services.node.domain.offices import Population, is_open
from services.node.rpc.work_values import MemberCardRead

router = APIRouter(prefix="/directory")

OPEN = "now"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing by which the directory is narrowed."""

    name: str
    values: Callable[[MemberCardRead], Iterable[str]]
    """What a card has of it."""


def _languages(card: MemberCardRead) -> tuple[str, ...]:
    return card.office.languages if card.office else ()


def _serves(card: MemberCardRead) -> tuple[str, ...]:
    """Whom it serves; who names nobody serves everybody."""
    named = card.office.serves if card.office else ()
    return named or tuple(each.value for each in Population)


CHOICES = (
    Choice("need", lambda card: card.may_offer),
    Choice("serves", _serves),
    Choice("province", lambda card: (card.province,) if card.province else ()),
    Choice("country", lambda card: (card.country,)),
    Choice("language", _languages),
)


@router.get("")
async def directory(officer: SignedIn, request: Request) -> Response:
    """Everybody, or those for whom everything holds that was chosen."""
    now = datetime.now(UTC)
    cards = [
        card for card in await officer.desk.list_members(officer.name) if card.active
    ]
    offered = {
        each.name: sorted({value for card in cards for value in each.values(card)})
        for each in CHOICES
    }
    chosen = _chosen(request.query_params, offered)
    only_open = request.query_params.get("open") == OPEN
    shown = [
        card
        for card in cards
        if all(_has(card, each, chosen[each.name]) for each in CHOICES)
        and (not only_open or opens(card, now))
    ]
    return page(
        officer.visitor,
        "directory.html",
        here="/directory",
        cards=shown,
        offered=offered,
        chosen=chosen,
        only_open=only_open,
        opens={card.name: opens(card, now) for card in shown},
        provinces={card.province: province(card.province) for card in cards},
    )


def opens(card: MemberCardRead, now: datetime) -> bool | None:
    """Whether somebody answers there now; None where it tells no hours."""
    return None if card.office is None else is_open(card.office, now)


def _has(card: MemberCardRead, choice: Choice, wanted: str) -> bool:
    return not wanted or wanted in choice.values(card)


def _chosen(said: Mapping[str, str], offered: dict[str, list[str]]) -> dict[str, str]:
    """What was chosen of what is offered; anything else was typed, and is nothing."""
    return {
        name: said.get(name, "") if said.get(name, "") in values else ""
        for name, values in offered.items()
    }
