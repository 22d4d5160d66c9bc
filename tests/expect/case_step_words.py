"""The words of the course of a case: who, which states, which laws, what follows.

By hand from domain.md §6.1 to §6.3 and §6.5, never from the policy files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.node.domain.functions import Function

Dated = tuple[date, date | None, bool]
"""First day, last day, verified."""

FIRST_DAY = date(2014, 3, 25)
LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)

PROPOSED: tuple[Dated, ...] = ((FIRST_DAY, None, False),)
PROPOSED_FOR_DISTRICTS: tuple[Dated, ...] = ((FIRST_DAY, LAST_OF_2011, False),)
"""Districts end with the law of 2011."""
LAW_2011: tuple[Dated, ...] = ((FIRST_DAY, LAST_OF_2011, True),)
DECREE_162: tuple[Dated, ...] = ((FIRST_OF_2024, None, True),)
BOTH_LAWS = LAW_2011 + DECREE_162
# Of Art 29 only a draft was read; of Arts 28, 31 and 33 not the text.
NEW_ARTICLES_UNREAD: tuple[Dated, ...] = (*LAW_2011, (FIRST_OF_2024, None, False))
BOTH_UNREAD: tuple[Dated, ...] = (
    (FIRST_DAY, LAST_OF_2011, False),
    (FIRST_OF_2024, None, False),
)

ALL = "reception return reintegration"
ANYBODY = {each.value for each in Function}
HOTLINE, COMMUNE, DISTRICT = {"HOTLINE"}, {"COMMUNE_PC"}, {"DISTRICT_SOCIAL"}
SOCIAL = {"PROVINCE_SOCIAL", "SOCIAL_ASSIST_EST", "VICTIM_SUPPORT_EST"}
ABROAD = {"MISSION", "FOREIGN_LIAISON"}
FIRST = {
    "HOTLINE",
    "COMMUNE_PC",
    "POLICE",
    "BORDER_GUARD",
    "COAST_GUARD",
    "MISSION",
    "NGO_PARTNER",
    "WOMENS_UNION",
}
RUNNING = "active_crisis active_transition active_inclusion"
LATER = f"{RUNNING} setback review completed follow_up suspended_by_person"
RETURN_ENDS = """
    handed_over arrived_confirmed return_closed withdrawn no_return suspended
"""
REINTEGRATION_ENDS = """
    completed follow_up moved_province suspended_by_person lost_contact
    retrafficking_alert
"""
ANYTIME = """
    notified at_commune received placed left_without_notice person_declines_support
    passed_on helping lost_contact moved_to_return wish_expressed informed
    consented risk_assessed decided_go document_ready planned pre_departure_ok
    in_transit at_gate disputed handed_over arrived_confirmed return_closed withdrawn
    suspended no_return moved_to_reintegration active_crisis active_transition
    active_inclusion setback review completed follow_up moved_province
    suspended_by_person retrafficking_alert
"""

FOLLOW_UPS = " ".join(f"follow_up_{number}" for number in range(1, 7))
PLACING = f"establishment_review first_plan {FOLLOW_UPS}"
SAFE = "person_safe bring_to_commune_pc"
WITH_SOMEBODY = f"{SAFE} at_commune social_agency_informed"
REACHED = f"{WITH_SOMEBODY} left_without_notice"
CALL = "hotline_triaged hotline_intervention"
DECIDED = "initial_verification police_verification police_verification_complex"
MISSION_DECIDES = "passport_mission_decision passport_mission_request"
NO_STAY_DECIDES = "passport_no_stay_decision passport_no_stay_request"
PAPER_CLOCK = "passport_identity_verification"
PASSPORT = f"""
    {MISSION_DECIDES} passport_ministry_answer passport_mission_issue
    {NO_STAY_DECIDES} passport_no_stay_issue
"""
EVERYTHING = f"""
    {CALL} tip_forwarded {WITH_SOMEBODY} certificate_of_return
    needs_assessed {DECIDED} left_without_notice
    child_protection_referral establishment_review essential_needs_max wish_informed
    family_tracing first_plan plan_review {FOLLOW_UPS}
    reintegration_application_window {PASSPORT} {PAPER_CLOCK}
    consent_expiring consent_turning_18
"""
HANDED_ON = f"""
    {WITH_SOMEBODY} needs_assessed left_without_notice child_protection_referral
    establishment_review essential_needs_max wish_informed first_plan plan_review
    reintegration_application_window {FOLLOW_UPS}
"""
"""Whoever hands the person over owes none of these any more: the receiver does."""
OPEN_AGAIN = "reopen_allowed data_disposition"
WINDOW = "reintegration_application_window"
NEEDS = "needs_assessed essential_needs_max"

SUPPORTED = f"moved_to_reintegration planned {RUNNING} setback review"
WHEREVER = f"{ANYTIME} closed"
"""A transfer is followed from wherever the case was."""
AFTER_CROSSING = "received arrived_confirmed return_closed"


@dataclass(frozen=True, slots=True)
class Line:
    """One row, and one more for each further law.

    ``on`` is what it follows on, an officer's act if empty; ``after`` is ``=`` where
    the state stays, ``phase`` the one after if it is another. States, clocks and
    triggers are parted by blanks.
    """

    phases: str
    act: str
    who: set[str]
    before: str
    after: str
    on: str = ""
    phase: str = ""
    starts: str = ""
    meets: str = ""
    laws: tuple[Dated, ...] = PROPOSED


def taken(step: str, *kinds: str) -> str:
    """Whoever got the offer."""
    return " ".join(f"{kind}:receiver:{step}:*" for kind in kinds)


def given(step: str, *kinds: str) -> str:
    """Whoever made the offer."""
    return " ".join(f"{kind}:giver:{step}:*" for kind in kinds)


def both(kind: str, step: str, *codes: str) -> str:
    """Either end; any code if none is named."""
    return " ".join(
        f"{kind}:{end}:{step}:{code}"
        for end in ("giver", "receiver")
        for code in codes or ("*",)
    )
