"""How a service may end, and what may be told meanwhile.

Written from domain.md §5.e (verification, tracing), §5.f (follow-up), §5.g, §6.0
(*done*, successful or not) and §4.5 (Primero's reasons and tracing status, which
are a standard and verified; everything else is a proposal).
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)

TRANSFERS = "reception protection_abroad reintegration"

Line = tuple[str, str, str, bool]
"""Types (``*`` for all), outcome, results, whether they are a standard's."""

LINES: list[Line] = [
    (
        "*",
        "not_successful",
        (
            "client_refused_services lack_of_capacity other"
            " services_no_longer_needed unable_to_contact_client"
            " unable_to_contact_referred_to_organization"
        ),
        True,
    ),
    (
        "identity_verification",
        "successful",
        "verified verified_partial not_found not_vn_national",
        False,
    ),
    ("status_decision", "successful", "victim not_victim", False),
    ("family_tracing", "successful", "verified reunified closed", True),
    ("family_tracing", "successful", "unsafe not_found refused_by_person", False),
    ("tracing", "successful", "found not_found", False),
    ("travel_document", "successful", "issued", False),
    ("travel_document", "not_successful", "not_issued", False),
    ("border_handover", "successful", "witnessed", False),
    ("border_handover", "not_successful", "no_crossing", False),
    ("voluntary_return", "successful", "arrived", False),
    (
        f"{TRANSFERS} medical_care psychosocial_care legal_aid education livelihood",
        "successful",
        "service_given",
        False,
    ),
    (
        "tip escalation",
        "successful",
        "assistance_given person_safe no_danger_found service_given",
        False,
    ),
    ("tip", "successful", "forwarded", False),
    ("criminal_justice", "successful", "case_opened", False),
    ("criminal_justice", "not_successful", "no_case_opened", False),
    ("reintegration", "successful", "goals_achieved", False),
    ("reintegration", "not_successful", "lost_contact", False),
    ("*", "underway", "in_process no_information found_safe", False),
    (
        f"voluntary_return {TRANSFERS}",
        "underway",
        "arrived_safely stable progress setback unsafe unreachable declined",
        False,
    ),
]
