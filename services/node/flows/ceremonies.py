"""Keys that a node makes for itself once two asked for it: which, and by what.

Promises one place that says whether keys of a kind may be made now, and makes them.
"""

from __future__ import annotations

from datetime import datetime

from services.node.domain.admissions import MADE_HERE, AdmissionKind
from services.node.domain.errors import InvalidInputError
from services.node.flows.own import OwnMember
from services.node.flows.sealing_ceremony import check_batch, make_sealing
from services.node.flows.successors import check_none_waits, make

_CALLED = {
    "": AdmissionKind.KEY,
    "certificate": AdmissionKind.KEY,
    "sealing": AdmissionKind.SEALING,
}


def kind_of(what: str) -> AdmissionKind:
    """What somebody asks to have made; raises ``keys.unknown_ceremony``."""
    try:
        return _CALLED[what]
    except KeyError:
        raise InvalidInputError(
            "keys.unknown_ceremony",
            "A node makes a certificate's successor or sealing keys, and nothing else.",
            where="what",
            remedy="Say certificate or sealing.",
        ) from None


def check_may_make(own: OwnMember, kind: AdmissionKind, now: datetime) -> None:
    """Raise what ``check_none_waits`` or ``check_batch`` does; ``now``: wire clock."""
    if kind is AdmissionKind.SEALING:
        check_batch(own, now)
    elif kind in MADE_HERE:
        check_none_waits(own)


def make_keys(own: OwnMember, kind: AdmissionKind, now: datetime) -> None:
    """Make them in the key folder; raises what ``check_may_make`` does."""
    if kind is AdmissionKind.SEALING:
        make_sealing(own, now)
    elif kind in MADE_HERE:
        make(own, now)
