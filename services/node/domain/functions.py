"""Functions: what the law lets a member do, whatever its office is called.

Promises the function codes and which kind of node may hold which. Rules speak
of functions and survive when an office is renamed, merged or abolished; wiring
speaks of kinds. Who may send what to which function stands in the policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from services.node.domain.errors import InvalidInputError


class Function(StrEnum):
    """A function code (domain words: role code)."""

    FOCAL_MINISTRY = "FOCAL_MINISTRY"
    """Leads reception and support of victims nationally."""
    PROVINCE_SOCIAL = "PROVINCE_SOCIAL"
    """The social agency of a province."""
    DISTRICT_SOCIAL = "DISTRICT_SOCIAL"
    """The social agency of a district; abolished on 1 July 2025."""
    COMMUNE_PC = "COMMUNE_PC"
    """People's Committee of a commune."""
    POLICE = "POLICE"
    """Verifies identity and investigates; two purposes, never mixed."""
    BORDER_GUARD = "BORDER_GUARD"
    """Receives and witnesses at the gate."""
    COAST_GUARD = "COAST_GUARD"
    """Rescues and receives at sea."""
    MISSION = "MISSION"
    """Embassy, consulate or another body authorised abroad."""
    SOCIAL_ASSIST_EST = "SOCIAL_ASSIST_EST"
    """Public social-assistance establishment."""
    VICTIM_SUPPORT_EST = "VICTIM_SUPPORT_EST"
    """Licensed establishment that supports victims."""
    LEGAL_AID = "LEGAL_AID"
    """Provincial State legal-aid centre."""
    HOTLINE = "HOTLINE"
    """Anti-trafficking hotline centre."""
    WOMENS_UNION = "WOMENS_UNION"
    """Women's Union and its houses."""
    FOREIGN_LIAISON = "FOREIGN_LIAISON"
    """Partner authority or organisation of another country."""
    NGO_PARTNER = "NGO_PARTNER"
    """Non-governmental partner in the country."""
    HEALTH_FACILITY = "HEALTH_FACILITY"
    """Hospital or clinic."""
    TRAINING_AND_JOBS = "TRAINING_AND_JOBS"
    """School, vocational training or job service; never told about trafficking."""
    BANK = "BANK"
    """Lends for a livelihood; never told about trafficking."""
    MINISTRY_STATS = "MINISTRY_STATS"
    """Receives aggregates for national statistics."""
    DONOR = "DONOR"
    """Receives suppressed aggregates; no member holds this function."""


class Kind(StrEnum):
    """Which services a node mounts."""

    PROVINCE = "province"
    """A provincial social-affairs service."""
    SHELTER = "shelter"
    """An establishment where people stay."""
    LIAISON = "liaison"
    """A foreign liaison."""
    HOTLINE = "hotline"
    """A hotline centre."""
    AGENCY = "agency"
    """Any other authority or service."""
    MINISTRY = "ministry"
    """The focal ministry."""


FUNCTIONS_OF: dict[Kind, frozenset[Function]] = {
    Kind.PROVINCE: frozenset(
        {Function.PROVINCE_SOCIAL, Function.DISTRICT_SOCIAL, Function.COMMUNE_PC}
    ),
    Kind.SHELTER: frozenset({Function.SOCIAL_ASSIST_EST, Function.VICTIM_SUPPORT_EST}),
    Kind.LIAISON: frozenset({Function.FOREIGN_LIAISON}),
    Kind.HOTLINE: frozenset({Function.HOTLINE}),
    Kind.AGENCY: frozenset(
        {
            Function.COMMUNE_PC,
            Function.POLICE,
            Function.BORDER_GUARD,
            Function.COAST_GUARD,
            Function.MISSION,
            Function.LEGAL_AID,
            Function.WOMENS_UNION,
            Function.NGO_PARTNER,
            Function.HEALTH_FACILITY,
            Function.TRAINING_AND_JOBS,
            Function.BANK,
        }
    ),
    Kind.MINISTRY: frozenset({Function.FOCAL_MINISTRY, Function.MINISTRY_STATS}),
}
"""Which functions a node of each kind may hold."""


def parse_functions(kind: Kind, codes: Iterable[str]) -> frozenset[Function]:
    """The functions of a member of this kind.

    Raises ``InvalidInputError``: ``functions.unknown`` for a code that is none,
    ``functions.not_of_kind`` for one that this kind may not hold,
    ``functions.none`` for an empty list.
    """
    wanted = sorted(set(codes))
    unknown = [code for code in wanted if code not in set(Function)]
    if unknown:
        raise InvalidInputError(
            "functions.unknown", f"No such function: {', '.join(unknown)}."
        )
    functions = frozenset(Function(code) for code in wanted)
    if not functions:
        raise InvalidInputError(
            "functions.none", "A member holds at least one function."
        )
    foreign = sorted(functions - FUNCTIONS_OF[kind])
    if foreign:
        raise InvalidInputError(
            "functions.not_of_kind",
            f"A member of kind {kind} may not hold: {', '.join(foreign)}.",
            remedy=f"It may hold: {', '.join(sorted(FUNCTIONS_OF[kind]))}.",
        )
    return functions
