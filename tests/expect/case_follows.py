"""What a case becomes by its referrals, by hand from domain.md §6.1 to §6.3."""

from __future__ import annotations

# What follows by itself: type, end, step, code, function; before; after.
OWN = "PROVINCE_SOCIAL"
GIVEN = "reception:giver:release:in_service"
FOLLOWS = [
    (
        "reception:giver:release:in_service",
        "HOTLINE",
        "reception notified",
        "passed_on",
    ),
    ("reception:giver:release:in_service", OWN, "reception received", "placed"),
    ("reception:receiver:release:in_service", OWN, "reception notified", "received"),
    (
        "reception:receiver:release:in_service",
        "COMMUNE_PC",
        "reception notified",
        "at_commune",
    ),
    (
        "reception:receiver:release:in_service",
        "VICTIM_SUPPORT_EST",
        "reintegration closed",
        "reception received",
    ),
    ("reception:receiver:accept:accepted", OWN, "reception none", "notified"),
    (
        "voluntary_return:receiver:accept:accepted",
        OWN,
        "reception none",
        "return consented",
    ),
    (
        "reintegration:receiver:accept:accepted",
        OWN,
        "reception none",
        "reintegration moved_to_reintegration",
    ),
    ("legal_aid:receiver:accept:accepted", "LEGAL_AID", "reception none", "helping"),
    (
        "protection_abroad:receiver:release:in_service",
        "FOREIGN_LIAISON",
        "reception notified",
        "received",
    ),
    (
        "protection_abroad:giver:release:in_service",
        OWN,
        "reception received",
        "passed_on",
    ),
    (
        "voluntary_return:giver:release:in_service",
        "FOREIGN_LIAISON",
        "reception placed",
        "return consented",
    ),
    (
        "voluntary_return:receiver:release:in_service",
        OWN,
        "reception passed_on",
        "return consented",
    ),
    *(
        (f"voluntary_return:{end}:{step}:{code}", OWN, f"return {before}", after)
        for end in ("giver", "receiver")
        for step, code, before, after in (
            ("risk_countersignature", "go", "consented", "decided_go"),
            ("risk_countersignature", "go_with_conditions", "consented", "decided_go"),
            ("risk_countersignature", "postpone", "consented", "risk_assessed"),
            ("risk_countersignature", "no_return", "decided_go", "risk_assessed"),
            ("no_return", "no_return", "risk_assessed", "no_return"),
            ("travel_document", "document_ready", "decided_go", "document_ready"),
            ("plan_confirmation", "planned", "document_ready", "planned"),
            ("reconsent", "reconsented", "planned", "pre_departure_ok"),
            ("departure", "in_transit", "pre_departure_ok", "in_transit"),
            ("gate_arrival", "at_gate", "in_transit", "at_gate"),
            ("dispute", "disputed", "at_gate", "disputed"),
            ("minutes", "minuted", "disputed", "at_gate"),
            ("completion", "done", "arrived_confirmed", "return_closed"),
            ("withdrawal", "withdrawn", "in_transit", "withdrawn"),
            ("withdrawal", "withdrawn", "disputed", "withdrawn"),
            ("withdrawal", "withdrawn", "at_gate", "withdrawn"),
            ("suspension", "suspended", "planned", "suspended"),
            ("return_to_sender", "returned", "planned", "suspended"),
        )
    ),
    (
        "voluntary_return:giver:countersignature:received",
        "FOREIGN_LIAISON",
        "return at_gate",
        "handed_over",
    ),
    *(
        (
            "voluntary_return:giver:countersignature:received",
            "FOREIGN_LIAISON",
            f"return {before}",
            "handed_over",
        )
        for before in ("withdrawn", "wish_expressed", "informed")
    ),
    (
        "voluntary_return:receiver:countersignature:received",
        OWN,
        "return at_gate",
        "received",
    ),
    (
        "voluntary_return:receiver:arrival:arrived",
        OWN,
        "return received",
        "arrived_confirmed",
    ),
    (
        "voluntary_return:giver:arrival:arrived",
        "FOREIGN_LIAISON",
        "return handed_over",
        "arrived_confirmed",
    ),
    (
        "reintegration:receiver:release:in_service",
        OWN,
        "reintegration moved_to_reintegration",
        "moved_to_reintegration",
    ),
    (
        "reintegration:giver:release:in_service",
        OWN,
        "reintegration active_transition",
        "moved_province",
    ),
    (
        "follow_up:own:recorded:setback",
        OWN,
        "reintegration active_inclusion",
        "setback",
    ),
]
