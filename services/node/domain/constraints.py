"""Safety notes: what whoever receives a person has to keep to, as codes of an offer.

They stand in the offer's header, which is read before anybody accepts: so they say
what to keep to and never who the person is or whom she fears. Places and persons to
keep away from are of category D7 (domain.md section 5.0) and open on acceptance.
No list of them was found in law or in domain.md; the codes are a proposal. What they
rest on: the console study (section 7, S4 and S6), the no-go places and persons of D7,
and what a member may say that it cannot give (``offices.NotFor``).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from services.node.domain.errors import InvalidInputError


class Constraint(StrEnum):
    """One thing to keep to; codes of a newer version may come beside these."""

    SAME_SEX_STAFF = "same_sex_staff"
    """Interviews, examinations and escort by staff of the person's own sex."""
    SAME_SEX_UNIT = "same_sex_unit"
    """Sleeps where only people of her own sex do."""
    NOT_HOME_DISTRICT = "not_home_district"
    """Not placed in the district from which she comes."""
    OFFENDER_FAMILY = "offender_family"
    """Kept apart from whoever is accused, their relatives and friends."""
    FAMILY_NOT_TOLD = "family_not_told"
    """Her own family learns nothing before she agrees."""
    PURSUED = "pursued"
    """Somebody looks for her: a guarded house, an address that nobody tells."""
    INTERPRETER = "interpreter"
    """Is understood only through an interpreter."""
    STEP_FREE = "step_free"
    """Cannot take stairs."""


def check_constraints(codes: Iterable[str]) -> None:
    """Raise InvalidInputError ``offer.unknown_constraint`` unless all are known.

    Asked of what this member says; of a peer's newer code nothing is asked.
    """
    if not set(codes) <= set(Constraint):
        raise InvalidInputError(
            "offer.unknown_constraint",
            "A safety note is one of the codes of the list, and no free text.",
            where="constraints",
            remedy=f"It is one of: {', '.join(Constraint)}. Say the rest in the need,"
            " without who the person is.",
        )
