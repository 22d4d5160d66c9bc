"""Step 4 of S4: whom to ask, the best first, with what speaks against each.

What is known of the person's age and sex is read for it once, as her case file is:
it decides who comes last, and no name is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from gateway.forms.ranking import ranked
from gateway.forms.referral import Draft
from gateway.web.visitors import Officer
from gateway.words.provinces import province
from services.node.domain.offices import against, possible_populations
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
    languages = {each for each in (draft.need_language, *case.languages) if each}
    asks_for = draft.referral_type
    found = ranked(may_be_asked(draft, cards), languages, possible, asks_for)
    return {
        "cards": found,
        "against": {each.name: against(each.office, possible) for each in found},
        "closed": {each.name: each.closed_to(asks_for) for each in found},
        "provinces": {each.province: province(each.province) for each in found},
        "wire": datetime.now(UTC),
    }
