"""Which places an officer's role leads to."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.people import Act
from services.node.rpc.sign_in_values import SessionRead


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the menu; ``name`` is a sentence of the catalogues.

    ``act`` is the kind of act that its first call to the node asks for.
    """

    path: str
    name: str
    act: Act


def _(message: str) -> str:
    """Marks a sentence for the catalogues; pages translate it."""
    return message


PLACES = (
    Place("/", _("Today"), Act.CASE),
    Place("/cases", _("Cases"), Act.CASE),
    Place("/refer", _("New referral"), Act.CASE),
    Place("/exchange", _("Exchange"), Act.EXCHANGE),
    Place("/approvals", _("Approvals"), Act.CASE),
    Place("/directory", _("Directory"), Act.CASE),
    Place("/ledger", _("Ledger"), Act.OWN_LEDGER),
    Place("/audit", _("Audit"), Act.AUDIT),
    Place("/node", _("Node"), Act.ADMINISTRATION),
)
"""Every place of the menu, in its order."""


def may_of(session: SessionRead | None) -> frozenset[str]:
    """The kinds of act that the node allows somebody; none while locked."""
    if session is None or session.locked:
        return frozenset()
    return frozenset(session.acts)


def places_for(session: SessionRead | None) -> tuple[Place, ...]:
    """The menu of somebody; nobody who is not signed in or locked has one.

    What a role may is told by the node, so that nothing is offered that it refuses.
    """
    may = may_of(session)
    return tuple(each for each in PLACES if each.act in may)


def first_place(session: SessionRead) -> str:
    """Where an officer of this role begins."""
    places = places_for(session)
    return places[0].path if places else "/account"
