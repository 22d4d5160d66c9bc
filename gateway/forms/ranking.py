"""Whom to ask first: of those who may be asked, the nearest, then who can be talked to.

One is asked at a time, because a person's yes to one organisation is no yes to
another. Source: console.md section 7, S4 and S5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.node.rpc.work_values import MemberCardRead


def ranked(
    cards: Iterable[MemberCardRead],
    language: str,
    opens: Mapping[str, bool | None],
) -> tuple[MemberCardRead, ...]:
    """The nearest first; of these who reads ``language``, answers now, has less to do.

    ``opens`` says of every name whether somebody answers there now, None where it
    tells no hours; ``language`` is that of the need, empty for none.
    """

    def place(card: MemberCardRead) -> tuple[int, bool, bool, int, str]:
        read = card.office.languages if card.office else ()
        return (
            card.distance,
            bool(language) and language not in read,
            opens.get(card.name) is not True,
            card.waiting,
            card.name,
        )

    return tuple(sorted(cards, key=place))
