"""What to look at before a referral is accepted: hints, and never a bar.

Promises, out of what may be read before the answer (the header of the offer) and
what the member says of itself in the directory, why it may not be the right place;
and that the same sender asks about this person already, by her alias and by no name.
What a directory says may be old, so nothing follows from a hint by itself.
Source: console.md section 7, S6; domain.md names no list of conflicts.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from services.node.domain.agebands import MINOR_BANDS
from services.node.domain.bodies import Offer
from services.node.domain.constraints import Constraint
from services.node.domain.offices import (
    NotFor,
    Office,
    Population,
    against,
    is_for,
    possible_populations,
)


class Conflict(StrEnum):
    """One thing to look at, in the order in which it is said."""

    KNOWN_HERE = "known_here"
    """The same sender asks this member something else about the same person."""
    OFFENDER_FAMILY = "offender_family"
    """The person is kept apart from whoever is accused and their people."""
    PURSUED = "pursued"
    """A guarded house is needed, and there is none here."""
    GROUP = "group"
    """Whom the member says that it does not serve."""
    ONE_SEX = "one_sex"
    """A unit of one sex is asked for, and both are taken in."""
    CHILD_ALONE = "child_alone"
    """A child, and children without company cannot be looked after."""
    STEP_FREE = "step_free"
    """Who cannot take stairs, and there are stairs."""
    LANGUAGE = "language"
    """Nobody here speaks a language of the person."""


_OTHER_SEX = {
    "Feminine": (Population.MEN, Population.BOYS),
    "Masculine": (Population.WOMEN, Population.GIRLS),
}
_LOOKED_AT = {
    Constraint.PURSUED: (Conflict.PURSUED, NotFor.PURSUED),
    Constraint.STEP_FREE: (Conflict.STEP_FREE, NotFor.WHEELCHAIR),
}


def conflicts_of(
    offer: Offer, office: Office | None, *, known_here: bool
) -> tuple[Conflict, ...]:
    """What to look at; ``office`` is what the member says of itself, if anything."""
    found = {Conflict.KNOWN_HERE} if known_here else set()
    asked = set(offer.constraints)
    if Constraint.OFFENDER_FAMILY in asked:
        found.add(Conflict.OFFENDER_FAMILY)
    if office is not None:
        found |= _of_the_house(offer, office, asked)
    return tuple(each for each in Conflict if each in found)


def _of_the_house(offer: Offer, office: Office, asked: set[str]) -> set[Conflict]:
    possible = possible_populations(offer.age_band, offer.sex)
    alone = offer.age_band in MINOR_BANDS and NotFor.CHILDREN_ALONE in office.not_for
    holds = {
        Conflict.GROUP: bool(against(office, possible)),
        Conflict.ONE_SEX: Constraint.SAME_SEX_UNIT in asked
        and _both(office, offer.sex),
        Conflict.CHILD_ALONE: alone,
        Conflict.LANGUAGE: _apart(offer.languages, office.languages),
    }
    holds |= {
        conflict: constraint in asked and limit in office.not_for
        for constraint, (conflict, limit) in _LOOKED_AT.items()
    }
    return {conflict for conflict, does in holds.items() if does}


def _both(office: Office, sex: str) -> bool:
    """Whether people of another sex live there too; of both if it is not known."""
    others = [_OTHER_SEX[sex]] if sex in _OTHER_SEX else list(_OTHER_SEX.values())
    return all(any(is_for(office, each) for each in other) for other in others)


def _apart(spoken: Iterable[str], there: Iterable[str]) -> bool:
    """Whether two lists of languages, both told, have none in common."""
    said, heard = ({tag.split("-")[0] for tag in tags} for tags in (spoken, there))
    return bool(said and heard) and said.isdisjoint(heard)
