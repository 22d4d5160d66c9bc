"""What a member's node receives of each category, cell by cell, written by hand.

From domain.md §5.i (the most that a function may know), cut by what a referral of
the type carries (§5.a, §5.h, §5.i). A row is one type, received by one member;
the cells are D0 to D13 from left to right:

    R must be there   L must, within a limit   o whole   l within a limit
    x never on this type   - never to this function

``within`` names for each limited category a field that the limit lets pass.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: who receives what from whom, and what of it."""

    victim: str
    sender: str
    referral_type: str
    cells: str
    within: str = ""

    @property
    def letters(self) -> dict[str, str]:
        """The letter of each category."""
        return {f"D{n}": each for n, each in enumerate(self.cells.split(" "))}

    @property
    def field_within(self) -> dict[str, str]:
        """The field that passes of each limited category."""
        words = self.within.split(" ")
        return dict(zip(words[::2], words[1::2], strict=True)) if self.within else {}


POLICE, GUARD, MISSION = "police-lao-cai", "border-guard-lao-cai", "consulate-kunming"
LAOS, HOUSE, PROVINCE = "liaison-laos", "nha-hoa-ban", "lao-cai"
YEN_BAI, YUNNAN = "yen-bai", "liaison-yunnan"
SHELTER, CONSULATE, TIPSTER = "nha-doi-che", "mission-kuala-lumpur", "hotline-ha-giang"
LAWYER = "legal-aid-lao-cai"
COMMUNE, DISTRICT, COAST = "commune-mo", "district-mo", "coast-guard-mo"
PUBLIC_HOUSE, HOSPITAL, SCHOOL, BANK = (
    "social-house-mo",
    "hospital-mo",
    "school-mo",
    "bank-mo",
)
UNION, PARTNER = "womens-union-mo", "partner-mo"

_SUMMARY = "D4 local_account_summary"
_ALARM = "D3 local_place D7 local_risk_level"
_HOUSE = (
    "D2 local_alias D3 local_arrival_at D4 local_needs D8 local_who_may_visit"
    " D11 local_own_service"
)
_HOST = (
    "D2 prs_SecondName D5 local_fit_to_travel D7 local_risk_result"
    " D8 local_family_tracing_result D9 local_host_case_reference"
    " D10 local_travel_document_number"
)
_GATE = (
    "D2 prs_Birthdate D5 local_urgent_medical D7 local_escort"
    " D10 local_travel_document_type"
)
_ABROAD = (
    "D3 local_host_side_contact D4 local_person_status D5 local_fit_to_travel"
    " D9 local_immigration_status D12 local_travel_cost"
)
_TIP = f"{_ALARM} D4 vic_TypeOfExploitation"
_COUNSEL = (
    "D2 local_alias D3 local_safe_contact_rule D4 local_needs D7 local_risk_level"
    " D11 local_own_service"
)
_SCHOOL = "D3 local_safe_contact D11 local_own_service D12 local_fee D13 local_school"

ROWS = (
    # A province that answers, or will.
    Cells(PROVINCE, YEN_BAI, "reception", "x o o o l o o o o o o o o o", _SUMMARY),
    Cells(
        PROVINCE,
        YUNNAN,
        "voluntary_return",
        "x R o o l o o o o o o o o o",
        _SUMMARY,
    ),
    Cells(
        PROVINCE,
        YEN_BAI,
        "reintegration",
        "x o o o l o o o o o o o o o",
        _SUMMARY,
    ),
    # A province that only helps.
    Cells(
        PROVINCE,
        YUNNAN,
        "tracing",
        "x o l l - l - l - - - - - -",
        f"{_ALARM} D2 prs_FirstName D5 local_urgent_medical",
    ),
    Cells(PROVINCE, YEN_BAI, "escalation", "x o x l - x - l - - - - - -", _ALARM),
    Cells(
        PROVINCE,
        YEN_BAI,
        "family_tracing",
        "x o l l - - - l o - - - - o",
        f"{_ALARM} D2 prs_MiddleName",
    ),
    # A house.
    Cells(HOUSE, YEN_BAI, "reception", "x o l l l o o o l - - o o o", _HOUSE),
    Cells(HOUSE, YEN_BAI, "psychosocial_care", "x o l l l o o o l - - o x o", _HOUSE),
    # Another country's partner gets less than a domestic one.
    Cells(LAOS, YEN_BAI, "protection_abroad", "x o l - - l - l l l l x - o", _HOST),
    Cells(LAOS, YEN_BAI, "tracing", "x o l - - l - l l x x x - o", _HOST),
    Cells(LAOS, YEN_BAI, "family_tracing", "x o l - - x - l l x x x - o", _HOST),
    Cells(
        LAOS,
        YEN_BAI,
        "voluntary_return",
        "x R l - - l - l l l l l - o",
        f"{_HOST} D11 local_placement_confirmed",
    ),
    # One office, two purposes, and an alarm.
    Cells(
        POLICE,
        YEN_BAI,
        "identity_verification",
        "x o R - o - - o l o o - - o",
        "D8 local_relative_name",
    ),
    Cells(
        POLICE,
        YEN_BAI,
        "criminal_justice",
        "x o o l o - - o - o o - - o",
        "D3 local_contact_via_lawyer",
    ),
    Cells(
        POLICE,
        YEN_BAI,
        "tip",
        "x o - l l - - l - - - - - -",
        _TIP,
    ),
    Cells(POLICE, YEN_BAI, "escalation", "x o - l x - - l - - - - - -", _ALARM),
    # The gate.
    Cells(GUARD, YEN_BAI, "border_handover", "x R L - - l - l - - l - - o", _GATE),
    Cells(GUARD, YEN_BAI, "status_decision", "x o l - - l - l - - l - - o", _GATE),
    Cells(GUARD, YEN_BAI, "escalation", "x o - l x - - l - - - - - -", _ALARM),
    Cells(GUARD, YEN_BAI, "tip", "x o - l l - - l - - - - - -", _TIP),
    # A mission.
    Cells(
        MISSION,
        YEN_BAI,
        "protection_abroad",
        "x o o l l l - o o l o - x o",
        _ABROAD,
    ),
    Cells(
        MISSION,
        YEN_BAI,
        "travel_document",
        "x R R l x l - o o l o - l o",
        _ABROAD,
    ),
    # A province that lends, and police who verify whom papers are for.
    Cells(
        PROVINCE,
        SHELTER,
        "livelihood",
        "x o o l l - - - - - o o o o",
        "D3 local_safe_contact D4 vic_TraffickingStatus",
    ),
    Cells(
        POLICE,
        CONSULATE,
        "travel_document",
        "x R R - - - - o l o o - - o",
        "D8 local_relative",
    ),
    # A commune, which is warned of danger as well, and a district while there is one.
    Cells(
        COMMUNE,
        YEN_BAI,
        "reception",
        "x o o l l l - l - - o o o o",
        f"{_ALARM} D4 local_person_status D5 local_urgent_medical",
    ),
    Cells(COMMUNE, TIPSTER, "tip", "x o - l l - - l - - - - - -", _TIP),
    Cells(DISTRICT, YEN_BAI, "reception", "x o o o l o o o o o o o o o", _SUMMARY),
    # A public house gets what a licensed one gets.
    Cells(PUBLIC_HOUSE, YEN_BAI, "reception", "x o l l l o o o l - - o o o", _HOUSE),
    Cells(
        PUBLIC_HOUSE,
        YEN_BAI,
        "psychosocial_care",
        "x o l l l o o o l - - o x o",
        _HOUSE,
    ),
    # Who rescues at sea.
    Cells(COAST, YEN_BAI, "tip", "x o - l l - - l - - - - - -", _TIP),
    Cells(
        COAST,
        YEN_BAI,
        "status_decision",
        "x o - - - l - l - - - - - o",
        "D5 local_fit_to_travel D7 local_escort",
    ),
    # Services: each for its own task, and no more.
    Cells(
        LAWYER,
        YEN_BAI,
        "legal_aid",
        "x o o l o - o o - o o o o o",
        "D3 local_safe_contact_rule",
    ),
    Cells(
        HOSPITAL,
        YEN_BAI,
        "medical_care",
        "x o o - - o o o - - - o l o",
        "D12 local_insurance",
    ),
    Cells(HOSPITAL, YEN_BAI, "psychosocial_care", "x o o - - o o o - - - o x o"),
    Cells(UNION, YEN_BAI, "psychosocial_care", "x o l l l - o l - - - l - o", _COUNSEL),
    Cells(
        PARTNER, YEN_BAI, "psychosocial_care", "x o l l l - o l - - - l - o", _COUNSEL
    ),
    # A school and a bank are never told what happened.
    Cells(SCHOOL, YEN_BAI, "education", "x o o l - - - - - - - l l l", _SCHOOL),
    Cells(SCHOOL, YEN_BAI, "livelihood", "x o o l - - - - - - - l l l", _SCHOOL),
    Cells(BANK, YEN_BAI, "livelihood", "x o o o - - - - - - - - o -"),
)

WHOLE = {
    "D1": "prs_Gender",
    "D2": "local_parents_names",
    "D3": "prs_MailingStreet",
    "D4": "vic_MethodsOfControl",
    "D5": "local_pregnancy",
    "D6": "local_suicide_risk",
    "D7": "local_no_go_persons",
    "D8": "local_relative_phone",
    "D9": "local_criminal_case_reference",
    "D10": "local_document_scan",
    "D11": "local_goal",
    "D12": "local_loan",
    "D13": "local_guardian",
}
"""Of each category a field that goes with the whole of it and within no limit."""

COORDINATOR = Cells("ministry", YEN_BAI, "escalation", "x o - - - - - l - - - - - -")
"""The national coordinator; no officer of its node works on cases."""

UNASKED = ("hotline-hanoi", "statistics-mo")
"""Nobody refers to a hotline or to those who count: whatever is offered is refused."""

NOBODY = "DONOR"
"""The function that no member may hold: a donor has no node."""


def _law_of_2024() -> tuple[Cells, ...]:
    """The first row of each victim, and what differs: nobody refers to a district."""
    first = {row.victim: row for row in reversed((*ROWS, COORDINATOR))}
    gone = Cells(DISTRICT, YEN_BAI, "reception", " ".join("n" * 14))
    return (*(first | {DISTRICT: gone}).values(),)


LAW_OF_2024 = _law_of_2024()
"""One row for each function, with what is another from 1 July 2025 on: the district
is abolished (``n``: it may be referred to by nobody). No other cell differs."""
