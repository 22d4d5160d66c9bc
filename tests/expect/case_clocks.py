"""Which clocks an act starts and stops, by hand from domain.md §6.1 to §6.3.

Phase, state of the course, act, function: what starts; what stops.
"""

from __future__ import annotations

FOLLOW_UPS = " ".join(f"follow_up_{number}" for number in range(1, 7))
PLACING = f"establishment_review first_plan {FOLLOW_UPS}"
REACHED = "person_safe at_commune left_without_notice"
DECIDED = "initial_verification police_verification"
EVERYTHING = f"""
    person_safe at_commune needs_assessed {DECIDED} left_without_notice
    child_protection_referral establishment_review essential_needs_max wish_informed
    family_tracing first_plan plan_review {FOLLOW_UPS}
    reintegration_application_window
"""
HANDED_ON = f"""
    person_safe at_commune needs_assessed left_without_notice child_protection_referral
    establishment_review essential_needs_max wish_informed first_plan plan_review
    reintegration_application_window {FOLLOW_UPS}
"""
"""Whoever hands the person over owes none of these any more: the receiver does."""
OWN, EST = "PROVINCE_SOCIAL", "VICTIM_SUPPORT_EST"
ABROAD, POLICE = "FOREIGN_LIAISON", "POLICE"
WINDOW = "reintegration_application_window"
NEEDS = "needs_assessed essential_needs_max"

CLOCKS = [
    ("reception", "none", "open", "HOTLINE", "hotline_intervention person_safe", ""),
    ("reception", "none", "open", "COMMUNE_PC", "at_commune", ""),
    ("reception", "none", "open", OWN, "person_safe", ""),
    ("reception", "none", "open", "DISTRICT_SOCIAL", "person_safe", ""),
    (
        "reception",
        "notified",
        "bring_to_commune",
        "BORDER_GUARD",
        "at_commune",
        "person_safe",
    ),
    (
        "reception",
        "at_commune",
        "receive",
        OWN,
        NEEDS,
        f"{REACHED} hotline_intervention",
    ),
    ("reception", "at_commune", "receive", "DISTRICT_SOCIAL", NEEDS, REACHED),
    ("reception", "notified", "receive", ABROAD, "needs_assessed", REACHED),
    (
        "reception",
        "received",
        "assess_needs",
        EST,
        "",
        "needs_assessed establishment_review",
    ),
    ("reception", "received", "assess_needs", "DISTRICT_SOCIAL", "", "needs_assessed"),
    ("reception", "received", "place", EST, PLACING, "needs_assessed"),
    ("reception", "received", "place", ABROAD, "", "needs_assessed"),
    ("return", "received", "place", OWN, PLACING, ""),
    ("reception", "placed", "report_left", OWN, "left_without_notice", ""),
    (
        "reception",
        "left_without_notice",
        "lose_contact",
        OWN,
        "",
        "left_without_notice",
    ),
    (
        "reception",
        "notified",
        "decline_support",
        POLICE,
        "door_open",
        "person_safe at_commune needs_assessed",
    ),
    ("reception", "placed", "start_verification", OWN, "initial_verification", ""),
    (
        "reception",
        "placed",
        "start_verification",
        "DISTRICT_SOCIAL",
        "initial_verification",
        "",
    ),
    ("reception", "placed", "present_paper", EST, "", DECIDED),
    (
        "reception",
        "placed",
        "report_no_guardian",
        EST,
        "child_protection_referral",
        "",
    ),
    ("reception", "placed", "name_guardian", EST, "", "child_protection_referral"),
    ("reception", "placed", "doubt_age", EST, "", ""),
    ("reception", "placed", "begin_recovery_pause", EST, "recovery_pause", ""),
    ("reception", "placed", "end_recovery_pause", EST, "", "recovery_pause"),
    ("reception", "placed", "set_risk_level", EST, "", ""),
    (
        "reception",
        "placed",
        "move_to_return",
        ABROAD,
        "",
        "needs_assessed establishment_review",
    ),
    (
        "reception",
        "received",
        "move_to_reintegration",
        EST,
        f"first_plan {WINDOW}",
        "needs_assessed",
    ),
    (
        "reception",
        "placed",
        "move_to_reintegration",
        EST,
        WINDOW,
        "needs_assessed establishment_review",
    ),
    (
        "return",
        "return_closed",
        "move_to_reintegration",
        OWN,
        f"first_plan {WINDOW}",
        "",
    ),
    ("return", "moved_to_return", "record_wish", ABROAD, "wish_informed", ""),
    ("return", "wish_expressed", "inform", ABROAD, "", "wish_informed"),
    ("return", "informed", "consent_to_return", ABROAD, "", ""),
    (
        "return",
        "informed",
        "request_identity",
        ABROAD,
        "passport_identity_verification",
        "",
    ),
    ("return", "informed", "request_tracing", ABROAD, "family_tracing", ""),
    ("return", "informed", "refuse_tracing", ABROAD, "", "family_tracing"),
    ("return", "informed", "withdraw_from_return", ABROAD, "", "wish_informed"),
    ("return", "informed", "suspend_return", ABROAD, "", ""),
    ("return", "withdrawn", "stay", ABROAD, "", ""),
    (
        "reintegration",
        "moved_to_reintegration",
        "plan_reintegration",
        EST,
        "plan_review",
        "first_plan",
    ),
    ("reintegration", "planned", "begin_crisis", EST, "", ""),
    (
        "reintegration",
        "active_crisis",
        "review_plan",
        EST,
        "plan_review",
        "plan_review",
    ),
    ("reintegration", "review", "complete_plan", EST, "", "plan_review"),
    ("reintegration", "setback", "suspend_by_person", EST, "", "plan_review"),
    ("reintegration", "suspended_by_person", "resume", EST, "plan_review", ""),
    ("reintegration", "setback", "lose_contact", EST, "", "plan_review"),
    ("reintegration", "follow_up", "close", EST, "reopen_allowed", EVERYTHING),
    ("reception", "received", "close", EST, "reopen_allowed", EVERYTHING),
    ("return", "return_closed", "close", EST, "reopen_allowed", EVERYTHING),
    ("reception", "closed", "reopen", EST, "needs_assessed", "reopen_allowed"),
    ("return", "closed", "reopen", EST, "", "reopen_allowed"),
    ("reintegration", "closed", "reopen", EST, "plan_review", "reopen_allowed"),
]

GIVEN, TAKEN = "reception:giver:release:in_service", "reception:receiver:release:x"
RETURN = "voluntary_return"

#: The same for what a case becomes by its referrals: function, before; clocks.
FOLLOWED = [
    (GIVEN, "HOTLINE", "reception notified", "", "hotline_intervention person_safe"),
    (GIVEN, OWN, "reception received", "", "person_safe at_commune needs_assessed"),
    (TAKEN, EST, "reception notified", NEEDS, "person_safe at_commune"),
    (TAKEN, ABROAD, "reception notified", "needs_assessed", "person_safe at_commune"),
    (TAKEN, "COMMUNE_PC", "reception notified", "at_commune", "person_safe"),
    ("reception:receiver:accept:accepted", OWN, "reception none", "", ""),
    (f"{RETURN}:receiver:accept:accepted", OWN, "reception none", "", ""),
    (
        f"{RETURN}:giver:release:in_service",
        ABROAD,
        "return wish_expressed",
        "",
        "wish_informed",
    ),
    (
        f"{RETURN}:receiver:countersignature:received",
        OWN,
        "return at_gate",
        f"{NEEDS} certificate_of_return",
        "",
    ),
    (
        f"{RETURN}:receiver:arrival:arrived",
        OWN,
        "return received",
        "",
        "arrival_confirmed",
    ),
    (f"{RETURN}:giver:withdrawal:withdrawn", ABROAD, "return planned", "", ""),
    (
        "reintegration:receiver:release:in_service",
        OWN,
        "reintegration moved_to_reintegration",
        f"first_plan {FOLLOW_UPS} {WINDOW}",
        "",
    ),
    (
        "reintegration:giver:release:in_service",
        OWN,
        "reintegration planned",
        "",
        "first_plan plan_review",
    ),
]
