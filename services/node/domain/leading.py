"""Who leads at a member, and so closes a case as second.

Promises that whoever asks to close a case learns at once if nobody could say yes, and
whoever may not say yes learns who may. Which roles lead stands in ``people.MAY``; what
else a second officer has to be is said by ``approvals``.
Source: console.md section 7, S9 (closure needs outcome and supervisor).
"""

from __future__ import annotations

from collections.abc import Iterable

from services.node.domain.errors import NotLawfulError, NotPermittedError
from services.node.domain.people import MAY, Act, Officer


def leading(officers: Iterable[Officer], asker: str) -> tuple[str, ...]:
    """Pseudonyms of the active ones who close as second, in the order given.

    Whoever asks is none of them.
    """
    return tuple(
        each.pseudonym
        for each in officers
        if each.active and _leads(each) and each.pseudonym != asker
    )


def check_somebody_leads(officers: Iterable[Officer], asker: str) -> None:
    """Raise NotLawfulError ``approval.nobody_leads`` if nobody could say yes."""
    if not leading(officers, asker):
        raise NotLawfulError(
            "approval.nobody_leads",
            "A case is closed with the approval of whoever leads here, and nobody else"
            " at this member does.",
            remedy="Ask the administrator to enter whoever leads: a supervisor, at a"
            " house a second manager, at an agency a second officer; a second person"
            " confirms it. Then ask again.",
        )


def check_leads(second: Officer, officers: Iterable[Officer], asker: str) -> None:
    """Raise unless the role of ``second`` closes cases; ``officers`` are all here.

    ``NotPermittedError`` ``approval.not_leading``, which names who may; what
    ``check_somebody_leads`` raises where nobody does.
    """
    if _leads(second):
        return
    known = tuple(officers)
    check_somebody_leads(known, asker)
    able = ", ".join(leading(known, asker))
    raise NotPermittedError(
        "approval.not_leading",
        "A case is closed with the approval of whoever leads here: a supervisor, or"
        " whoever runs the house.",
        remedy=f"It may be approved by: {able}.",
    )


def _leads(officer: Officer) -> bool:
    return Act.CLOSURE_APPROVAL in MAY[officer.role]
