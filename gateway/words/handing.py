"""What goes along at a handover, as the minutes name it and as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.words.words import Words
from services.node.domain.bodies_return import Minutes
from services.node.domain.handing import things_of


def things_named(words: Words, minutes: Minutes | None) -> Mapping[str, str]:
    """Each thing of the minutes and what it is called; a medicine with its dose."""
    if minutes is None:
        return {}
    called = [
        *(each.replace("_", " ") for each in dict.fromkeys(minutes.items)),
        *(words.code("handed_paper", each) for each in minutes.documents),
        *(
            f"{each.what}, {each.dose}"
            + ("" if each.next_at is None else f" ({words.instant(each.next_at)})")
            for each in minutes.medicines
        ),
    ]
    return dict(zip(things_of(minutes), called, strict=True))
