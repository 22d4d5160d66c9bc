"""Step 4 of S4: whom to ask, the best first, with what speaks against each.

What is known of the person's age and sex is read for it once, as her case file is:
it decides who comes last, and no name is asked for. Who says no to an offer and names
another (S6) is shown the same of the others, as far as the offer tells of the person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from gateway.forms.ranking import ranked
from gateway.forms.referral import Draft
from gateway.web.visitors import Officer
from gateway.words.provinces import province
from services.node.domain.bodies import Offer
from services.node.domain.offices import Population, against, possible_populations
from services.node.rpc.work_values import MemberCardRead


def may_be_asked(
    draft: Draft, cards: Iterable[MemberCardRead]
) -> tuple[MemberCardRead, ...]:
    """Who may be asked for it by the rules."""
    return tuple(each for each in cards if draft.referral_type in each.may_offer)


def recipient_of(draft: Draft, cards: Iterable[MemberCardRead]) -> MemberCardRead:
    """Who is asked: what it says of itself, and what leaves to it by two only."""
    (card,) = (each for each in cards if each.name == draft.recipient)
    return card


async def whom_to_ask(
    officer: Officer, draft: Draft, cards: Iterable[MemberCardRead]
) -> dict[str, Any]:
    """What the page of the choice shows."""
    case = await officer.desk.get_case_state(officer.name, draft.case)
    possible = possible_populations(case.age_band, case.sex)
    languages = (draft.need_language, *case.languages)
    asks_for = draft.referral_type
    return _choice(may_be_asked(draft, cards), languages, possible, asks_for)


def whom_to_name(
    offer: Offer | None, cards: Iterable[MemberCardRead]
) -> dict[str, Any]:
    """The same of those whom a receiver may name instead of itself."""
    if offer is None:
        return _choice(cards, (), (), "")
    possible = possible_populations(offer.age_band, offer.sex)
    languages = (offer.need_language, *offer.languages)
    return _choice(cards, languages, possible, offer.referral_type)


def _choice(
    cards: Iterable[MemberCardRead],
    languages: Iterable[str],
    possible: Collection[Population],
    asks_for: str,
) -> dict[str, Any]:
    spoken = {each for each in languages if each}
    found = ranked(cards, spoken, possible, asks_for)
    return {
        "cards": found,
        "against": {each.name: against(each.office, possible) for each in found},
        "closed": {each.name: each.closed_to(asks_for) for each in found},
        "provinces": {each.province: province(each.province) for each in found},
        "wire": datetime.now(UTC),
    }
