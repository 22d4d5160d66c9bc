"""Whom to ask first: of those who may be asked, the nearest, then who can be talked to.

Whoever says that it does not help such a person, or receives nobody new, comes last,
with the reason, and may be asked all the same: what it says may be old. One is asked
at a time, because a person's yes to one organisation is no yes to another. Source:
console.md section 7, S4 and S5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.node.domain.offices import Population, against
from services.node.domain.reach import Circuit
from services.node.rpc.work_values import MemberCardRead


def ranked(
    cards: Iterable[MemberCardRead],
    languages: Collection[str],
    possible: Collection[Population] = (),
    referral_type: str = "",
) -> tuple[MemberCardRead, ...]:
    """The nearest of those who help such a person first, the others last.

    Of the same distance who reads one of ``languages`` (BCP 47; none for any), answers
    now, whose node is reached and who has less to do. ``possible`` are whom the person
    may belong to, none where nothing is known; ``referral_type`` is what is asked for.
    """

    def place(
        card: MemberCardRead,
    ) -> tuple[bool, bool, int, bool, bool, bool, int, str]:
        read = card.office.languages if card.office else ()
        known = card.details
        return (
            bool(against(card.office, possible)),
            card.closed_to(referral_type) is not None,
            card.distance,
            bool(languages) and not set(languages) & set(read),
            card.answers_now is not True,
            known is not None and known.circuit != Circuit.CLOSED,
            card.waiting,
            card.name,
        )

    return tuple(sorted(cards, key=place))
