"""Choosing whom to ask: what the directory is narrowed by, and what took all away.

Promises one meaning of each filter for the console and for programs: a member is
shown if everything holds that was chosen. What was typed and is offered by nobody
filters nothing. Source: console.md section 7, S5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from services.node.domain.offices import Population, is_for
from services.node.rpc.work_values import MemberCardRead

NOW = "now"
"""What the filter *open* is set to: whoever answers now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen; empty for anything."""

    need: str = ""
    """A type of referral that the rules let this member offer."""
    serves: str = ""
    """A population that it serves, and does not exclude."""
    province: str = ""
    country: str = ""
    language: str = ""
    open: str = ""
    """``now`` for whoever answers at this moment, at the door or by telephone."""

    def chosen(self) -> tuple[str, ...]:
        """Names of the filters that are set."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name))

    def without(self, name: str) -> Wanted:
        """The same with one filter taken off."""
        return replace(self, **{name: ""})

    def address(self, path: str, start: int = 0) -> str:
        """Where those who fit stand, all but the first ``start``."""
        said = {name: getattr(self, name) for name in self.chosen()}
        if start:
            said["start"] = start
        return f"{path}?{urlencode(said)}" if said else path


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is shown; ``before`` and ``after`` are None at its ends."""

    first: int
    before: int | None
    after: int | None


def page_of(found: int, start: int, size: int) -> Page:
    """The page of ``found`` that begins at ``start``, the first one if none does."""
    first = start if start < found else 0
    return Page(
        first,
        max(first - size, 0) if first else None,
        first + size if first + size < found else None,
    )


def values_of(card: MemberCardRead) -> dict[str, tuple[str, ...]]:
    """What a card has of each filter."""
    return {
        "need": card.may_offer,
        "serves": tuple(each for each in Population if is_for(card.office, each)),
        "province": (card.province,) if card.province else (),
        "country": (card.country,),
        "language": card.office.languages if card.office else (),
        "open": (NOW,) if card.answers_now else (),
    }


def fits(card: MemberCardRead, wanted: Wanted) -> bool:
    """Whether everything holds that was chosen."""
    has = values_of(card)
    return all(_is_among(name, getattr(wanted, name), has) for name in wanted.chosen())


def _is_among(name: str, value: str, has: Mapping[str, Sequence[str]]) -> bool:
    if name == "language":
        # Who speaks French understands that of Canada (the primary subtag, BCP 47).
        return value.partition("-")[0] in {each.partition("-")[0] for each in has[name]}
    return value in has[name]


def offered(cards: Iterable[MemberCardRead]) -> dict[str, list[str]]:
    """What can be chosen of each filter: what somebody has."""
    found: dict[str, set[str]] = {each.name: set() for each in fields(Wanted)}
    for card in cards:
        for name, values in values_of(card).items():
            found[name] |= set(values)
    return {name: sorted(values) for name, values in found.items()} | {"open": [NOW]}


def wanted_of(said: Mapping[str, str], choices: Mapping[str, list[str]]) -> Wanted:
    """What was chosen of ``choices``; anything else was typed, and is nothing."""
    return Wanted(
        **{
            name: value
            for name, values in choices.items()
            if (value := said.get(name, "")) in values
        }
    )


def loosened(
    cards: Sequence[MemberCardRead], wanted: Wanted
) -> tuple[tuple[str, int], ...]:
    """Filters that alone keep somebody away, and how many, the most helpful first."""
    counts = [
        (name, sum(fits(card, wanted.without(name)) for card in cards))
        for name in wanted.chosen()
    ]
    return tuple(
        sorted((each for each in counts if each[1]), key=lambda each: -each[1])
    )
