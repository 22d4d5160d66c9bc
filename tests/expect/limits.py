"""What a limit lets pass, field by field (domain.md §5.0, §5.a, §5.i).

A line is the limit, its category and the fields of it that pass.
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)

NAMES = "prs_FirstName prs_MiddleName prs_SecondName prs_Birthdate"
PASSES = [
    ("safe_contact_only", "D3", "local_safe_contact_rule local_safe_contact"),
    ("place_only", "D3", "local_place"),
    ("via_lawyer", "D3", "local_contact_via_lawyer"),
    ("arrival_only", "D3", "local_arrival_at local_arrival_place"),
    ("host_side_contact", "D3", "local_host_side_contact"),
    ("level_only", "D7", "local_risk_level"),
    ("escort_alert", "D7", "local_escort"),
    ("result_code", "D7", "local_risk_result"),
    ("service_status_only", "D11", "local_service_status"),
    ("placement_confirmed", "D11", "local_placement_confirmed"),
    ("own_service_only", "D11", "local_own_service"),
    ("status_only", "D4", "local_person_status vic_TraffickingStatus"),
    (
        "summary",
        "D4",
        (
            "local_person_status vic_TraffickingStatus"
            " vic_TraffickingStatusDecisionMakingOrg vic_TypeOfExploitation"
            " local_account_summary"
        ),
    ),
    ("needs_codes", "D4", "local_needs"),
    (
        "tip_minimal",
        "D4",
        (
            "vic_TypeOfExploitation local_tip_place local_tip_time_window"
            " local_persons_at_risk local_imminent_danger"
        ),
    ),
    ("urgent_only", "D5", "local_urgent_medical"),
    ("fit_or_urgent_code", "D5", "local_fit_to_travel local_urgent_medical"),
    ("fit_to_travel", "D5", "local_fit_to_travel"),
    ("identity_match", "D2", NAMES),
    ("what_host_already_holds", "D2", f"{NAMES} local_alias"),
    ("first_name_or_alias", "D2", "prs_FirstName local_alias"),
    ("names_to_verify", "D8", "local_relative local_relative_name"),
    ("who_may_visit", "D8", "local_who_may_visit"),
    ("result_code_not_names", "D8", "local_family_tracing_result"),
    ("immigration_status", "D9", "local_immigration_status"),
    ("host_case_reference", "D9", "local_host_case_reference"),
    (
        "travel_document",
        "D10",
        (
            "local_travel_document_type local_travel_document_number"
            " local_travel_document_expires"
        ),
    ),
    ("travel_document_number", "D10", "local_travel_document_number"),
    ("travel_cost", "D12", "local_travel_cost"),
    ("insurance_only", "D12", "local_insurance"),
    ("fee_only", "D12", "local_fee"),
    ("school_only", "D13", "local_school"),
]
"""Since ``BEGINS``, without an end; none is verified."""
