"""Which places an officer's role leads to."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.people import MAY, Act, Role
from services.node.rpc.sign_in_values import SessionRead


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the menu; ``name`` is a sentence of the catalogues."""

    path: str
    name: str


def _(message: str) -> str:
    """Marks a sentence for the catalogues; pages translate it."""
    return message


_PLACES: dict[Act, tuple[Place, ...]] = {
    Act.CASE: (
        Place("/", _("Today")),
        Place("/cases", _("Cases")),
        Place("/refer", _("New referral")),
        Place("/exchange", _("Exchange")),
        Place("/approvals", _("Approvals")),
        Place("/directory", _("Directory")),
        Place("/ledger", _("Ledger")),
    ),
    Act.AUDIT: (Place("/audit", _("Audit")),),
    Act.ADMINISTRATION: (Place("/node", _("Node")),),
}


def places_for(session: SessionRead | None) -> tuple[Place, ...]:
    """The menu of somebody; nobody who is not signed in or locked has one."""
    if session is None or session.locked:
        return ()
    may = MAY[Role(session.role)]
    return tuple(
        each for act, places in _PLACES.items() if act in may for each in places
    )


def first_place(session: SessionRead) -> str:
    """Where an officer of this role begins."""
    places = places_for(session)
    return places[0].path if places else "/account"
