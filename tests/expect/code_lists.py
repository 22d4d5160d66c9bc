"""Codes that HTCDS lacks, and the law's own words (domain.md §1.3, §1.4, §4.1, §5).

A span is written first day, last day (None: open), origin, verified.
"""

from __future__ import annotations

from datetime import date

Span = tuple[date, date | None, str, bool]
Line = tuple[str, str, str, list[Span]]
"""List, code, HTCDS field=value (empty if none), spans."""

BEGINS = date(2014, 3, 25)
LAW_2011 = date(2012, 1, 1)
DECREE_62 = date(2012, 8, 13)
END_OF_2011 = date(2025, 6, 30)
LAW_2024 = date(2025, 7, 1)

LOCAL: Span = (BEGINS, None, "local", False)
PROPOSED_BEFORE: Span = (BEGINS, END_OF_2011, "local", False)
PROPOSED_SINCE: Span = (LAW_2024, None, "local", False)
JOINT_CIRCULAR: Span = (BEGINS, END_OF_2011, "law", True)
OLD_LAW: Span = (LAW_2011, END_OF_2011, "law", True)
NEW_LAW: Span = (LAW_2024, None, "law", True)
NEW_LAW_UNREAD: Span = (LAW_2024, None, "law", False)
OLD_GROUNDS: Span = (DECREE_62, END_OF_2011, "law", True)

DEFINED: Span = (BEGINS, None, "htcds", True)

EXPLOITATION = "vic_TypeOfExploitation"
STATUS = "vic_TraffickingStatus"

HTCDS: list[Line] = [  # §4.1
    (
        "recruitment_platform",
        "Zalo",
        "vic_RecruitmentWebsitesAndApps=Other",
        [LOCAL],
    ),
    (
        "exploitation_platform",
        "Zalo",
        "vic_ExploitationWebsitesAndApps=Other",
        [LOCAL],
    ),
    *[
        (
            "control_method",
            code,
            "vic_MethodsOfControl=Other",
            [DEFINED],
        )
        for code in ("RestrictsMovement", "UsesChildren")
    ],
    *[
        (
            "exploitation",
            code,
            f"{EXPLOITATION}={value}",
            [PROPOSED_BEFORE, PROPOSED_SINCE],
        )
        for code, value in (
            ("forced_childbirth", "Surrogacy"),
            ("forced_criminality", "Other"),
            ("online_scam_compound", "Other"),
        )
    ],
]

GROUNDS: list[Line] = [  # §1.4, Decree 62/2012 Art 5
    ("ground", code, f"{EXPLOITATION}={value}", [OLD_GROUNDS, NEW_LAW_UNREAD])
    for code, value in (
        ("prostitution", "SexualExploitation"),
        ("pornography", "SexualExploitation"),
        ("sexual_performance", "SexualExploitation"),
        ("sexual_slavery", "SexualExploitation"),
        ("forced_labour", "ForcedLabour"),
        ("organ_removal", "OrganRemoval"),
        ("begging", "ForcedBegging"),
        ("marriage", "ForcedMarriage"),
        ("giving_birth_against_will", "Surrogacy"),
        ("unlawful_acts", "Other"),
        ("other_inhuman_purpose", "Other"),
    )
]

DOORS: list[Line] = [  # §1.3, §5.b
    ("door", "self_report", "", [OLD_LAW, NEW_LAW]),
    ("door", "rescued", "", [OLD_LAW, NEW_LAW_UNREAD]),
    ("door", "abroad_mission", "", [JOINT_CIRCULAR, NEW_LAW]),
    ("door", "returned_mission", "", [OLD_LAW, NEW_LAW]),
    ("door", "returned_bilateral", "", [OLD_LAW, NEW_LAW]),
    ("door", "self_returned", "", [JOINT_CIRCULAR, PROPOSED_SINCE]),
    ("door", "foreigner_in_vn", "", [PROPOSED_BEFORE, NEW_LAW_UNREAD]),
    ("door", "hotline", "", [LOCAL]),
    ("door", "partner", "", [LOCAL]),
]

STATUSES: list[Line] = [  # §1.4, §1.7, §5.b
    (
        "person_status",
        "in_identification",
        f"{STATUS}=PossibleVictimOfTrafficking",
        [JOINT_CIRCULAR, NEW_LAW],
    ),
    (
        "person_status",
        "victim",
        f"{STATUS}=ActualVictimOfTrafficking",
        [OLD_LAW, NEW_LAW],
    ),
    ("person_status", "not_victim", f"{STATUS}=NotAVictimOfTrafficking", [LOCAL]),
    ("person_status", "accompanying_minor", "", [PROPOSED_BEFORE, NEW_LAW]),
    ("person_status", "withdrawn", "", [LOCAL]),
]

PAPERS: list[Line] = [  # §1.4
    ("victim_paper_type", "district_police_certificate", "", [OLD_LAW]),
    ("victim_paper_type", "police_certificate", "", [PROPOSED_SINCE]),
    *[
        ("victim_paper_type", code, "", [OLD_LAW, PROPOSED_SINCE])
        for code in (
            "rescuing_agency_certificate",
            "proceedings_body_certificate",
            "foreign_paper_legalised",
        )
    ],
]

PROOF: list[Line] = [  # §1.4: the nine letters of Art 32(1)
    ("proof_source", code, "", [PROPOSED_BEFORE, NEW_LAW])
    for code in (
        "proceedings_authority",
        "rescuing_agency",
        "mission",
        "other_domestic_agency",
        "foreign_authority",
        "person_or_relative",
        "perpetrator",
        "other_victim_or_witness",
        "other_lawful_material",
    )
]

SERVICES: list[Line] = [  # §5.d
    (
        "services_requested",
        code,
        f"spl_Type={plan}" if plan else "",
        [(BEGINS, None, origin, False)],
    )
    for code, origin, plan in (
        ("essential_needs", "law", "SocialCare"),
        ("safe_accommodation", "iasc", "SocialCare"),
        ("medical", "law", "Health"),
        ("psychological", "law", "SocialCare"),
        ("interpretation", "law", ""),
        ("legal_support", "law", "Legal"),
        ("legal_aid", "law", "Legal"),
        ("travel_cost", "law", "Financial"),
        ("education", "law", "Education"),
        ("vocational_training", "law", "Livelihood"),
        ("job_counselling", "law", "Livelihood"),
        ("hardship_allowance", "law", "Financial"),
        ("loan", "law", "Financial"),
        ("health_insurance", "local", "Health"),
        ("family_tracing", "primero", ""),
        ("civil_registration_id_papers", "iasc", "Legal"),
        ("child_protection", "primero", "SocialCare"),
        ("security_protection", "iasc", ""),
        ("other", "local", ""),
    )
]

DECLINES: list[Line] = [  # §6.0
    ("decline_reason", code, "", [LOCAL])
    for code in (
        "no_capacity",
        "outside_mandate",
        "outside_territory",
        "person_declined",
        "insufficient_information",
        "consent_missing",
        "safety_concern",
        "duplicate",
        "service_unavailable",
        "not_eligible_under_law",
        "other",
    )
]

RETURN: list[Line] = [  # §5.e
    (name, code, "", [LOCAL])
    for name, codes in (
        (
            "risk_topic",
            (
                "retaliation debt family_involvement stigma health no_papers"
                " children_left_behind criminal_proceedings retrafficking"
                " safety_context other"
            ),
        ),
        ("fit_to_travel", "fit fit_with_escort not_fit"),
        (
            "dispute_reason",
            "identity_mismatch count_mismatch one_sided condition papers other",
        ),
    )
    for code in codes.split(" ")
]

LINES = [
    *HTCDS,
    *GROUNDS,
    *DOORS,
    *STATUSES,
    *PAPERS,
    *PROOF,
    *SERVICES,
    *DECLINES,
    *RETURN,
]
