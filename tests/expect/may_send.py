"""Who may send which referral to whom (domain.md §5.h, §1.2, §1.5 T13)."""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)
"""Joint Circular 01/2014 is in force; nothing may go before."""

LAST_DAY_OF_2011 = date(2025, 6, 30)
"""The law of 2011 and the districts end with this day."""

ESTABLISHMENTS = {"SOCIAL_ASSIST_EST", "VICTIM_SUPPORT_EST"}
HOST = {"FOREIGN_LIAISON", "MISSION"}
CARERS = {"PROVINCE_SOCIAL", "COMMUNE_PC", *ESTABLISHMENTS}
FIRST_RESPONDERS = {"POLICE", "BORDER_GUARD", "COAST_GUARD"}

Between = list[tuple[set[str], set[str]]]
"""Givers, and whom each of them may offer it to."""

ALLOWED: dict[str, Between] = {
    "reception": [
        ({*CARERS, *FIRST_RESPONDERS, "HOTLINE", "MISSION", "NGO_PARTNER"}, CARERS)
    ],
    "tracing": [
        ({"PROVINCE_SOCIAL"}, HOST),
        ({"FOREIGN_LIAISON"}, {"PROVINCE_SOCIAL"}),
        ({"MISSION"}, {"PROVINCE_SOCIAL", "FOREIGN_LIAISON"}),
    ],
    "protection_abroad": [
        ({"PROVINCE_SOCIAL"}, HOST),
        ({"FOREIGN_LIAISON"}, {"MISSION"}),
        ({"MISSION"}, {"FOREIGN_LIAISON"}),
    ],
    "voluntary_return": [
        (HOST, {"PROVINCE_SOCIAL"}),
        ({"PROVINCE_SOCIAL", *ESTABLISHMENTS}, {"FOREIGN_LIAISON"}),
    ],
    "border_handover": [({*HOST, "PROVINCE_SOCIAL"}, {"BORDER_GUARD"})],
    "reintegration": [({"PROVINCE_SOCIAL", *ESTABLISHMENTS}, {"PROVINCE_SOCIAL"})],
    "tip": [
        (
            {*CARERS, *HOST, "HOTLINE", "WOMENS_UNION", "NGO_PARTNER"},
            FIRST_RESPONDERS,
        ),
        ({"HOTLINE", "WOMENS_UNION", "NGO_PARTNER"}, {"COMMUNE_PC"}),
    ],
    "identity_verification": [
        ({"PROVINCE_SOCIAL", "COMMUNE_PC", *HOST}, {"POLICE"}),
    ],
    "status_decision": [
        (CARERS, {*FIRST_RESPONDERS, "MISSION"}),
        ({"FOREIGN_LIAISON"}, {"MISSION"}),
    ],
    "family_tracing": [
        ({*HOST, "PROVINCE_SOCIAL"}, {"PROVINCE_SOCIAL"}),
        ({"PROVINCE_SOCIAL"}, {"FOREIGN_LIAISON"}),
    ],
    "travel_document": [
        ({"FOREIGN_LIAISON"}, {"MISSION"}),
        ({"PROVINCE_SOCIAL"}, HOST),
        ({"MISSION"}, {"POLICE"}),
    ],
    "medical_care": [({*CARERS, *HOST}, {"HEALTH_FACILITY"})],
    "psychosocial_care": [
        (CARERS, {*ESTABLISHMENTS, "HEALTH_FACILITY", "WOMENS_UNION", "NGO_PARTNER"})
    ],
    "legal_aid": [(CARERS, {"LEGAL_AID"})],
    "education": [(CARERS, {"TRAINING_AND_JOBS"})],
    "livelihood": [
        (CARERS, {"BANK", "TRAINING_AND_JOBS"}),
        ({"COMMUNE_PC", *ESTABLISHMENTS}, {"PROVINCE_SOCIAL"}),
    ],
    "criminal_justice": [({*CARERS, "MISSION", "LEGAL_AID"}, {"POLICE"})],
    "escalation": [
        (
            {
                *CARERS,
                *HOST,
                *FIRST_RESPONDERS,
                "HOTLINE",
                "LEGAL_AID",
                "WOMENS_UNION",
                "NGO_PARTNER",
                "HEALTH_FACILITY",
            },
            {"PROVINCE_SOCIAL", "FOCAL_MINISTRY", "POLICE", "BORDER_GUARD"},
        ),
        (
            {"FOCAL_MINISTRY"},
            {*HOST, "PROVINCE_SOCIAL", "POLICE", "BORDER_GUARD"},
        ),
    ],
}
"""Since ``BEGINS``, without an end."""

DISTRICT: dict[str, Between] = {
    "reception": [
        (
            {*FIRST_RESPONDERS, *CARERS, "HOTLINE"},
            {"DISTRICT_SOCIAL"},
        ),
        ({"DISTRICT_SOCIAL"}, {*CARERS, "DISTRICT_SOCIAL"}),
    ],
    "tip": [({"DISTRICT_SOCIAL"}, FIRST_RESPONDERS)],
    "identity_verification": [({"DISTRICT_SOCIAL"}, {"POLICE"})],
    "status_decision": [({"DISTRICT_SOCIAL"}, {*FIRST_RESPONDERS, "MISSION"})],
    "medical_care": [({"DISTRICT_SOCIAL"}, {"HEALTH_FACILITY"})],
    "legal_aid": [({"DISTRICT_SOCIAL"}, {"LEGAL_AID"})],
    "escalation": [
        (
            {"DISTRICT_SOCIAL"},
            {"PROVINCE_SOCIAL", "FOCAL_MINISTRY", "POLICE", "BORDER_GUARD"},
        )
    ],
}
"""The social agency of a district, until ``LAST_DAY_OF_2011``."""

MOVES_ON = {
    "reception": "release",
    "protection_abroad": "release",
    "reintegration": "release",
    "voluntary_return": "minutes",
}
"""Every other type is a share: responsibility never moves."""

DUTY_OF_THE_HOTLINE = {(giver, "tip") for giver in ("HOTLINE",)}
"""What the hotline passes on is law since 1 July 2025 (Decree 162/2025 Arts 4-6,
T13); every other row is a proposal and not verified."""
