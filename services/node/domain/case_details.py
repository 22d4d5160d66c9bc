"""What an officer has to say with an act in a case, and whether it may stand.

Promises the codes of domain.md §5.b, §5.f and §5.g and which act needs which.
What a decision says is checked against who decides: a status is decided by who is
competent, longer essential needs by the director or the province.

Leaves to others: whether the act may follow now (``case_steps``), and closing
(``closure``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.node.domain.case_states import CaseState, LegalRegime, Standing, Track
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.plain_words import not_listed, opening, plain
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import day_of

NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for no instant, as 0 does in the contracts."""

_FIRST_DAY_OF_2024_LAW = (2025, 7, 1)


class Placement(StrEnum):
    """Where somebody is placed."""

    HOME = "home"
    RELATIVES = "relatives"
    ESTABLISHMENT = "establishment"


class RiskLevel(StrEnum):
    """How much danger there is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXTREME = "extreme"


class DecisionMaker(StrEnum):
    """Who decided about the status (HTCDS DecisionMakingOrg)."""

    POLICE = "Police"
    NGO = "NGO"
    COURT = "CourtOrProsecution"
    AUTHORITY = "NonPoliceGovernmentalOrganization"
    OTHER = "Other"


class VictimPaper(StrEnum):
    """What proves the status.

    Law 66/2011 Art 28; the list of Art 33 of 2024 is not at hand, so its values stay.
    """

    DISTRICT_POLICE = "certificate_of_district_police"
    RESCUING_AGENCY = "certificate_of_rescuing_agency"
    PROCEEDINGS = "certificate_of_proceedings_authority"
    FOREIGN_LEGALISED = "foreign_paper_legalised"


class NeedsExtension(StrEnum):
    """Who may give essential needs for longer (Decree 162/2025 Art 17)."""

    DIRECTOR = "establishment_director"
    PROVINCE = "province_health"


DECIDES_AS: dict[Function, DecisionMaker] = {
    Function.POLICE: DecisionMaker.POLICE,
    Function.BORDER_GUARD: DecisionMaker.AUTHORITY,
    Function.COAST_GUARD: DecisionMaker.AUTHORITY,
    Function.MISSION: DecisionMaker.AUTHORITY,
}
"""As what a competent member decides about a status."""

_ESTABLISHMENTS = {Function.SOCIAL_ASSIST_EST, Function.VICTIM_SUPPORT_EST}
_PRESSING_TYPES = {ReferralType.VOLUNTARY_RETURN, ReferralType.CRIMINAL_JUSTICE}
_PRESSING = {CaseAct.MOVE_TO_RETURN, CaseAct.INFORM, CaseAct.CONSENT_TO_RETURN}


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """What was said with an act; empty where the act needs nothing of it."""

    placement: str = ""
    decided_by: str = ""
    victim_paper_type: str = ""
    reason: str = ""
    risk_level: str = ""
    second_officer: str = ""
    until: datetime = NO_INSTANT
    outstanding: tuple[str, ...] = ()
    retain_until: datetime = NO_INSTANT
    anonymise_at: datetime = NO_INSTANT
    delete_at: datetime = NO_INSTANT


NO_DETAILS = CaseDetails()
"""An act that needs nothing said, or nothing that an officer said."""


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """The two clocks that stand with a case, on the case clock; None: not running."""

    essential_needs_until: datetime | None = None
    recovery_pause_until: datetime | None = None


NO_CLOCKS = CaseClocks()
"""Neither runs."""


def regime_of(event: datetime) -> LegalRegime:
    """The law of an event, by its day in Viet Nam."""
    on = day_of(event)
    new = (on.year, on.month, on.day) >= _FIRST_DAY_OF_2024_LAW
    return LegalRegime.LAW_2024 if new else LegalRegime.LAW_2011


def check_details(
    act: CaseAct, details: CaseDetails, functions: frozenset[Function]
) -> None:
    """Raise InvalidInputError ``case.missing_detail`` or ``case.unknown_code``.

    NotLawfulError ``case.not_competent``: a decision is said to be somebody's
    whom this member cannot speak for.
    """
    if act is CaseAct.PLACE:
        _one_of("placement", details.placement, Placement)
    elif act is CaseAct.SET_RISK_LEVEL:
        _one_of("risk_level", details.risk_level, RiskLevel)
    elif act is CaseAct.EXTEND_ESSENTIAL_NEEDS:
        _one_of("decided_by", details.decided_by, NeedsExtension)
        _check_extension(details, functions)
    elif act is CaseAct.PRESENT_PAPER:
        # The decision was made where the paper comes from; here it is only shown.
        _one_of("decided_by", details.decided_by, DecisionMaker)
        _one_of("victim_paper_type", details.victim_paper_type, VictimPaper)
    elif act in {CaseAct.DECIDE_VICTIM, CaseAct.DECIDE_NOT_VICTIM}:
        _one_of("decided_by", details.decided_by, DecisionMaker)
        _check_decision(details, functions)
        if act is CaseAct.DECIDE_VICTIM or details.victim_paper_type:
            _one_of("victim_paper_type", details.victim_paper_type, VictimPaper)


def _check_extension(details: CaseDetails, functions: frozenset[Function]) -> None:
    director = details.decided_by == NeedsExtension.DIRECTOR
    if director and not functions & _ESTABLISHMENTS:
        raise NotLawfulError(
            "case.not_competent",
            "Only an establishment can record what its director decided"
            " (Decree 162/2025/ND-CP Art 17).",
            where="decided_by",
            remedy="Record the decision of the province instead.",
        )
    if details.until == NO_INSTANT:
        raise _missing("until")


def _check_decision(details: CaseDetails, functions: frozenset[Function]) -> None:
    if details.decided_by not in {
        DECIDES_AS[each] for each in functions if each in DECIDES_AS
    }:
        raise NotLawfulError(
            "case.not_competent",
            "This member cannot decide as the organisation that is named.",
            where="decided_by",
            remedy="Name your own organisation, or ask the competent one by a"
            " status_decision referral.",
        )


def check_pressure(
    act: CaseAct, standing: Standing, clocks: CaseClocks, now: datetime
) -> None:
    """Raise NotLawfulError for what would press the person, or pass over a child.

    ``case.recovery_pause`` while the pause runs; ``case.child_no_guardian`` for a
    child whose guardian would have to agree.
    """
    pause = clocks.recovery_pause_until
    if act in _PRESSING and pause is not None and now < pause:
        raise _paused()
    alone = standing.on(Track.GUARDIAN) is CaseState.CHILD_NO_GUARDIAN
    if act is CaseAct.CONSENT_TO_RETURN and alone:
        raise NotLawfulError(
            "case.child_no_guardian",
            "A child without a guardian cannot agree to a return.",
            remedy="Have a guardian named first (name_guardian).",
        )


def check_no_pressure(
    referral_type: ReferralType, clocks: CaseClocks, now: datetime
) -> None:
    """Raise NotLawfulError ``case.recovery_pause`` for a referral that must wait.

    While the person recovers, nothing goes out for a criminal case or a return.
    """
    pause = clocks.recovery_pause_until
    if referral_type in _PRESSING_TYPES and pause is not None and now < pause:
        raise _paused()


def clocks_after(
    act: CaseAct, details: CaseDetails, clocks: CaseClocks, now: datetime
) -> CaseClocks:
    """The clocks after an officer's act that sets one by what was said.

    Raises NotLawfulError ``case.no_essential_needs`` if the clock to be extended
    does not run, InvalidInputError ``case.bad_instant`` if the new end is not later.
    """
    if act is CaseAct.END_RECOVERY_PAUSE:
        return CaseClocks(clocks.essential_needs_until, None)
    if act is CaseAct.BEGIN_RECOVERY_PAUSE and details.until != NO_INSTANT:
        if details.until <= now:
            raise _bad_instant("until", "now")
        return CaseClocks(clocks.essential_needs_until, details.until)
    if act is not CaseAct.EXTEND_ESSENTIAL_NEEDS:
        return clocks
    before = clocks.essential_needs_until
    if before is None:
        raise NotLawfulError(
            "case.no_essential_needs",
            "No essential needs are given here, so nothing can be extended.",
            remedy="Receive the person first.",
        )
    if details.until <= before:
        raise _bad_instant("until", "the day until which they are given already")
    return CaseClocks(details.until, clocks.recovery_pause_until)


def _paused() -> NotLawfulError:
    return NotLawfulError(
        "case.recovery_pause",
        "The person has time to recover; no return and no criminal case is raised"
        " meanwhile.",
        remedy="Wait, or end the pause if the person wishes it.",
    )


def _one_of(field: str, value: str, codes: type[StrEnum]) -> None:
    if not value:
        raise _missing(field, f"It is one of {', '.join(codes)}.")
    if value not in set(codes):
        raise InvalidInputError(
            "case.unknown_code",
            not_listed(field, codes),
            where=field,
            remedy="Choose one of them.",
        )


def _missing(field: str, remedy: str = "") -> InvalidInputError:
    return InvalidInputError(
        "case.missing_detail",
        f"This act needs one word more: {plain(field)}.",
        where=field,
        remedy=remedy or "Say it with the act.",
    )


def _bad_instant(field: str, than: str) -> InvalidInputError:
    return InvalidInputError(
        "case.bad_instant",
        f"{opening(plain(field))} must be later than {than}.",
        where=field,
        remedy="Correct the instant.",
    )
