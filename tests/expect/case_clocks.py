"""Which clocks an act starts and stops, by hand from domain.md §6.1 to §6.3.

Phase, state of the course, act, function: what starts; what stops.
"""

from __future__ import annotations

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
OWN, EST = "PROVINCE_SOCIAL", "VICTIM_SUPPORT_EST"
ABROAD, POLICE = "FOREIGN_LIAISON", "POLICE"
WINDOW = "reintegration_application_window"
NEEDS = "needs_assessed essential_needs_max"

CLOCKS = [
    ("reception", "none", "open", "HOTLINE", f"{CALL} person_safe", ""),
    ("reception", "none", "open", POLICE, SAFE, ""),
    ("reception", "notified", "triage", "HOTLINE", "", "hotline_triaged"),
    (
        "reception",
        "notified",
        "take_tip",
        "HOTLINE",
        "tip_forwarded",
        "hotline_triaged",
    ),
    ("reception", "passed_on", "forward_tip", "HOTLINE", "", "tip_forwarded"),
    (
        "reception",
        "at_commune",
        "inform_social_agency",
        "COMMUNE_PC",
        "",
        "social_agency_informed",
    ),
    ("return", "received", "issue_certificate", OWN, "", "certificate_of_return"),
    (
        "reception",
        "placed",
        "apply_passport",
        "MISSION",
        MISSION_DECIDES,
        "",
    ),
    (
        "reception",
        "placed",
        "apply_passport_no_stay",
        "MISSION",
        NO_STAY_DECIDES,
        MISSION_DECIDES,
    ),
    ("return", "informed", "file_impact_dossier", OWN, "", "transfer_impact_dossier"),
    ("return", "closed", "dispose_data", OWN, "", "data_disposition"),
    ("reception", "none", "open", "COMMUNE_PC", "at_commune", ""),
    ("reception", "none", "open", OWN, "person_safe", ""),
    ("reception", "none", "open", "DISTRICT_SOCIAL", "person_safe", ""),
    (
        "reception",
        "notified",
        "bring_to_commune",
        "BORDER_GUARD",
        "at_commune",
        SAFE,
    ),
    (
        "reception",
        "at_commune",
        "receive",
        OWN,
        NEEDS,
        f"{REACHED} {CALL}",
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
        f"{CALL} {WITH_SOMEBODY} needs_assessed",
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
    ("reception", "closed", "reopen", EST, "needs_assessed", OPEN_AGAIN),
    ("return", "closed", "reopen", EST, "", OPEN_AGAIN),
    ("reintegration", "closed", "reopen", EST, "plan_review", OPEN_AGAIN),
]

GIVEN, TAKEN = "reception:giver:release:in_service", "reception:receiver:release:x"
RETURN = "voluntary_return"

#: The same for what a case becomes by its referrals: function, before; clocks.
FOLLOWED = [
    (GIVEN, "HOTLINE", "reception notified", "", f"{CALL} person_safe"),
    (GIVEN, OWN, "reception received", "", f"{WITH_SOMEBODY} needs_assessed"),
    (TAKEN, EST, "reception notified", NEEDS, WITH_SOMEBODY),
    (TAKEN, ABROAD, "reception notified", "needs_assessed", WITH_SOMEBODY),
    (
        TAKEN,
        "COMMUNE_PC",
        "reception notified",
        "at_commune social_agency_informed",
        SAFE,
    ),
    (
        "reception:giver:offer:offered",
        "COMMUNE_PC",
        "reception at_commune",
        "",
        "social_agency_informed",
    ),
    ("tip:giver:offer:offered", "HOTLINE", "reception notified", "", "tip_forwarded"),
    (
        "travel_document:receiver:release:in_service",
        "MISSION",
        "return helping",
        "passport_mission_request",
        "",
    ),
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
    # A person who returns to another country is received by its law.
    (
        f"{RETURN}:receiver:countersignature:received",
        ABROAD,
        "return at_gate",
        "needs_assessed",
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
