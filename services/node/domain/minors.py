"""Under-18s who come along with a person: people of their own, not a number.

Promises what is kept about each (all of it D13, child protection), under an alias
of its own, and as whom the law entitles them: with a victim by their own column,
with somebody in identification or a foreigner by that person's. A child whose age
is in doubt is a child; a child who may be a victim gets a case of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.node.domain.agebands import AGE_BANDS
from services.node.domain.case_states import Minority, PersonStatus
from services.node.domain.entitlements import Claimant
from services.node.domain.errors import InvalidInputError
from services.node.domain.plain_words import not_listed

CHILD_PROTECTION_REFERRAL = "child_protection_referral"
"""The deadline that a child without a guardian starts."""

_OLDEST = 17
_BANDS = ("", *(band for oldest, band in AGE_BANDS if oldest <= _OLDEST))


class Guardian(StrEnum):
    """Who speaks for a child."""

    ACCOMPANIED_PERSON = "accompanied_person"
    """The person whose case it is."""
    RELATIVE = "relative"
    """Another relative."""
    APPOINTED = "appointed"
    """Somebody appointed."""
    NONE = "none"
    """Nobody yet."""


@dataclass(frozen=True, slots=True)
class Minor:
    """What is known of one minor; ``alias`` is empty for a new one.

    ``own_case`` is this member's pseudonym of a case of the minor's own, if there
    is one.
    """

    alias: str
    status: str
    is_minor: str
    age_band: str
    sex: str
    guardian: str
    own_case: str


def check_minor(minor: Minor) -> None:
    """Raise InvalidInputError ``case.unknown_code`` for another code.

    ``case.no_minor`` for an adult, who has a case of their own.
    """
    for field, value, codes in (
        ("status", minor.status, tuple(PersonStatus)),
        ("is_minor", minor.is_minor, tuple(Minority)),
        ("age_band", minor.age_band, _BANDS),
        ("guardian", minor.guardian, tuple(Guardian)),
    ):
        if value not in codes:
            known = [each for each in codes if each]
            raise InvalidInputError(
                "case.unknown_code",
                not_listed(field, known),
                where=field,
                remedy="Choose one of them.",
            )
    if minor.is_minor == Minority.NO:
        raise InvalidInputError(
            "case.no_minor",
            "An adult does not stand in another person's case.",
            where="is_minor",
            remedy="Open a case for them, if they wish it.",
        )


def claimant_of_minor(minor: Minor, accompanied: Claimant | None) -> Claimant | None:
    """As whom a minor is entitled, with somebody who is so as ``accompanied``."""
    if minor.status == PersonStatus.NOT_VICTIM:
        return None
    if minor.status == PersonStatus.VICTIM:
        return Claimant.VICTIM
    if minor.status == PersonStatus.IN_IDENTIFICATION:
        return accompanied or Claimant.IN_IDENTIFICATION_IN_VN
    if accompanied is Claimant.VICTIM:
        return Claimant.ACCOMPANYING_MINOR
    return accompanied
