"""The need-to-know matrix, cell by cell (domain.md §5.i).

R required, o optional, l optional within a limit, L required within a limit,
- refused; D0 to D13 from left to right. Limits are named in the same order.
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)

Line = tuple[str, str, str, str]
"""Function, purposes (``*`` for all), cells, limits of the cells l and L."""

BUT_IN_DANGER = (
    "reception_shelter medical_care psychosocial_care legal_aid"
    " identification_verification family_tracing contact_family voluntary_return"
    " travel_document border_handover reintegration_services livelihood_finance"
    " education follow_up_contact feedback_to_host_country"
    " criminal_justice_cooperation statistics_deidentified research"
)
"""Every purpose but emergency protection."""

ANSWERABLE = "reception_shelter voluntary_return reintegration_services"
"""For these a province answers for the person; for others it only helps."""

IN_DANGER = "R R - l l - - l - - - - - -"
IN_DANGER_LIMITS = "place_only tip_minimal level_only"

MATRIX: list[Line] = [
    (
        "HOTLINE",
        "*",
        "R o - l - - - l - - - l - -",
        "safe_contact_only level_only service_status_only",
    ),
    (
        "COMMUNE_PC",
        BUT_IN_DANGER,
        "R R o l l l - l - - o R o o",
        "place_only status_only urgent_only level_only",
    ),
    # What is urgent comes with the reception that follows on a tip (§5.a).
    ("COMMUNE_PC", "emergency_protection", IN_DANGER, IN_DANGER_LIMITS),
    ("PROVINCE_SOCIAL", ANSWERABLE, "R R R R l o o R o o o R R R", "summary"),
    (
        "PROVINCE_SOCIAL",
        "emergency_protection",
        "R R l l - l - l - - - - - -",
        "identity_match place_only urgent_only level_only",
    ),
    (
        "PROVINCE_SOCIAL",
        "family_tracing",
        "R R L l - - - l R - - - - o",
        "identity_match place_only level_only",
    ),
    (
        "PROVINCE_SOCIAL",
        "livelihood_finance",
        "R R R l l - - - - - o o R o",
        "safe_contact_only status_only",
    ),
    (
        "POLICE",
        "identification_verification",
        "R R R - o - - o l o o - - o",
        "names_to_verify",
    ),
    (
        "POLICE",
        "travel_document",
        "R R R - - - - o l o o - - o",
        "names_to_verify",
    ),
    (
        "POLICE",
        "criminal_justice_cooperation",
        "R o o l o - - o - R o - - o",
        "via_lawyer",
    ),
    ("POLICE", "emergency_protection", IN_DANGER, IN_DANGER_LIMITS),
    (
        "BORDER_GUARD",
        "identification_verification border_handover",
        "R R L - - l - l - - l - - o",
        "identity_match fit_or_urgent_code escort_alert travel_document",
    ),
    ("BORDER_GUARD", "emergency_protection", IN_DANGER, IN_DANGER_LIMITS),
    (
        "SOCIAL_ASSIST_EST",
        "*",
        "R R l l l R R R l - - R o R",
        "first_name_or_alias arrival_only needs_codes who_may_visit",
    ),
    (
        "VICTIM_SUPPORT_EST",
        "*",
        "R R l l l R R R l - - R o R",
        "first_name_or_alias arrival_only needs_codes who_may_visit",
    ),
    (
        "MISSION",
        "*",
        "R R R l l l - o o l R - l R",
        "host_side_contact status_only fit_to_travel immigration_status travel_cost",
    ),
    (
        "FOREIGN_LIAISON",
        "*",
        "R R l - - l - l l l l l - o",
        (
            "what_host_already_holds fit_to_travel result_code result_code_not_names"
            " host_case_reference travel_document_number placement_confirmed"
        ),
    ),
    ("LEGAL_AID", "*", "R R R l R - o o - R o o o R", "safe_contact_only"),
    ("HEALTH_FACILITY", "*", "R R o - - R o o - - - o l R", "insurance_only"),
    (
        "TRAINING_AND_JOBS",
        "*",
        "R R o l - - - - - - - l l l",
        "safe_contact_only own_service_only fee_only school_only",
    ),
    ("BANK", "*", "R o R R - - - - - - - - R -", ""),
    ("MINISTRY_STATS", "*", "- - - - - - - - - - - - - -", ""),
    ("DONOR", "*", "- - - - - - - - - - - - - -", ""),
    # Proposals beside the dossier's matrix: the coordinator, who rescues at sea,
    # and those who give counselling.
    ("FOCAL_MINISTRY", "*", "R R - - - - - l - - - - - -", "level_only"),
    # Whoever decides on a status is not told the place, as in §5.i's other lines.
    (
        "COAST_GUARD",
        "identification_verification",
        "R R - - - l - l - - - - - o",
        "fit_or_urgent_code escort_alert",
    ),
    ("COAST_GUARD", "emergency_protection", IN_DANGER, IN_DANGER_LIMITS),
    (
        "WOMENS_UNION",
        "*",
        "R R l l l - o l - - - l - o",
        (
            "first_name_or_alias safe_contact_only needs_codes level_only"
            " own_service_only"
        ),
    ),
    (
        "NGO_PARTNER",
        "*",
        "R R l l l - o l - - - l - o",
        (
            "first_name_or_alias safe_contact_only needs_codes level_only"
            " own_service_only"
        ),
    ),
]
"""Since ``BEGINS``, without an end. Without a row a function learns that there is a
referral (D0), and no more."""

DISTRICT: Line = (
    "DISTRICT_SOCIAL",
    "reception_shelter",
    "R R R R l o o R o o o R R R",
    "summary",
)
"""The social agency of a district, until ``LAST_DAY_OF_DISTRICTS``."""

REFUSED_BUT_NAMED = {
    "TRAINING_AND_JOBS": {"D4": "never_told_about_trafficking"},
    "FOREIGN_LIAISON": {"D3": "no_home_address"},
    "MINISTRY_STATS": {
        "D0": "aggregated_only",
        "D1": "bands_aggregated",
        "D3": "province_aggregated",
        "D4": "codes_aggregated",
        "D11": "counts_aggregated",
        "D12": "counts_aggregated",
        "D13": "bands_aggregated",
    },
    "DONOR": {f"D{number}": "suppressed_aggregates_only" for number in range(14)},
}
"""What a refused cell says all the same: nothing about one person."""
