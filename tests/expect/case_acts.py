"""What a case may become, by hand from domain.md §6.1 to §6.3: officers' acts.

Read from the document, never from the policy files.
"""

from __future__ import annotations

from services.node.domain.functions import Function

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
DISTRICT = {"DISTRICT_SOCIAL"}
EVERYBODY = {each.value for each in Function}
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

#: act, phase, who, from which states of the course, to which.
COURSE = [
    ("triage", "reception", {"HOTLINE"}, "notified passed_on", "="),
    ("take_tip", "reception", {"HOTLINE"}, "notified passed_on", "="),
    ("forward_tip", "reception", {"HOTLINE"}, "notified passed_on", "="),
    ("inform_social_agency", "reception", {"COMMUNE_PC"}, "at_commune", "="),
    *(
        (
            "issue_certificate",
            phase,
            SOCIAL | {"POLICE", "BORDER_GUARD"},
            "received placed arrived_confirmed return_closed moved_to_reintegration",
            "=",
        )
        for phase in ("reception", "return", "reintegration")
    ),
    *(
        ("dispose_data", phase, EVERYBODY, "closed", "=")
        for phase in ("reception", "return", "reintegration")
    ),
    *(
        ("file_impact_dossier", phase, EVERYBODY, f"{ANYTIME} closed", "=")
        for phase in ("reception", "return", "reintegration")
    ),
    ("bring_to_commune", "reception", FIRST, "notified", "at_commune"),
    (
        "receive",
        "reception",
        SOCIAL | DISTRICT | ABROAD,
        "notified at_commune left_without_notice person_declines_support lost_contact",
        "received",
    ),
    ("assess_needs", "reception", SOCIAL | DISTRICT | ABROAD, "received placed", "="),
    ("place", "reception", SOCIAL | ABROAD, "received placed", "placed"),
    ("place", "return", SOCIAL, "received arrived_confirmed return_closed", "placed"),
    (
        "report_left",
        "reception",
        SOCIAL | ABROAD | {"COMMUNE_PC"},
        "at_commune received placed",
        "left_without_notice",
    ),
    (
        "lose_contact",
        "reception",
        SOCIAL | ABROAD | {"COMMUNE_PC"},
        "left_without_notice",
        "lost_contact",
    ),
    (
        "decline_support",
        "reception",
        FIRST | SOCIAL | ABROAD,
        "notified at_commune received placed",
        "person_declines_support",
    ),
    (
        "move_to_return",
        "reception",
        SOCIAL | ABROAD,
        "received placed",
        "moved_to_return",
    ),
    (
        "move_to_reintegration",
        "reception",
        SOCIAL,
        "received placed",
        "moved_to_reintegration",
    ),
    (
        "move_to_reintegration",
        "return",
        SOCIAL,
        "received arrived_confirmed return_closed",
        "moved_to_reintegration",
    ),
    (
        "record_wish",
        "return",
        SOCIAL | ABROAD,
        "moved_to_return withdrawn suspended",
        "wish_expressed",
    ),
    ("inform", "return", SOCIAL | ABROAD, "wish_expressed", "informed"),
    ("consent_to_return", "return", SOCIAL | ABROAD, "informed", "consented"),
    (
        "close_return",
        "return",
        SOCIAL | ABROAD,
        "handed_over arrived_confirmed",
        "return_closed",
    ),
    *(
        (
            act,
            "return",
            SOCIAL | ABROAD,
            "moved_to_return wish_expressed informed consented",
            to,
        )
        for act, to in (
            ("withdraw_from_return", "withdrawn"),
            ("suspend_return", "suspended"),
            ("decide_no_return", "no_return"),
        )
    ),
    ("stay", "return", SOCIAL | ABROAD, "withdrawn suspended no_return", "received"),
    (
        "plan_reintegration",
        "reintegration",
        SOCIAL,
        "moved_to_reintegration review",
        "planned",
    ),
    (
        "begin_crisis",
        "reintegration",
        SOCIAL,
        "planned setback review",
        "active_crisis",
    ),
    (
        "begin_transition",
        "reintegration",
        SOCIAL,
        "planned active_crisis setback review",
        "active_transition",
    ),
    (
        "begin_inclusion",
        "reintegration",
        SOCIAL,
        "planned active_transition setback review",
        "active_inclusion",
    ),
    ("note_setback", "reintegration", SOCIAL, RUNNING, "setback"),
    ("review_plan", "reintegration", SOCIAL, f"{RUNNING} setback", "review"),
    (
        "complete_plan",
        "reintegration",
        SOCIAL,
        "active_inclusion review",
        "completed",
    ),
    ("begin_follow_up", "reintegration", SOCIAL, "completed", "follow_up"),
    (
        "suspend_by_person",
        "reintegration",
        SOCIAL,
        f"moved_to_reintegration planned {RUNNING} setback review follow_up",
        "suspended_by_person",
    ),
    (
        "resume",
        "reintegration",
        SOCIAL,
        "suspended_by_person lost_contact retrafficking_alert",
        "review",
    ),
    (
        "lose_contact",
        "reintegration",
        SOCIAL,
        f"planned {LATER}",
        "lost_contact",
    ),
    (
        "alert_retrafficking",
        "reintegration",
        SOCIAL,
        f"moved_to_reintegration planned lost_contact {LATER}",
        "retrafficking_alert",
    ),
    (
        "close",
        "reception",
        EVERYBODY,
        "received placed person_declines_support lost_contact passed_on helping",
        "closed",
    ),
    (
        "close",
        "return",
        EVERYBODY,
        f"{RETURN_ENDS} received helping",
        "closed",
    ),
    (
        "close",
        "reintegration",
        EVERYBODY,
        f"{REINTEGRATION_ENDS} helping",
        "closed",
    ),
    ("reopen", "reception", SOCIAL | ABROAD, "closed", "received"),
    ("reopen", "return", SOCIAL | ABROAD, "closed", "moved_to_return"),
    ("reopen", "reintegration", SOCIAL, "closed", "review"),
    *(
        (act, phase, who, ANYTIME, "=")
        for phase in ("reception", "return", "reintegration")
        for act, who in (
            ("set_risk_level", EVERYBODY),
            ("begin_recovery_pause", FIRST | SOCIAL | ABROAD),
            ("end_recovery_pause", FIRST | SOCIAL | ABROAD),
        )
    ),
]

NEW_PHASE = {
    ("place", "return"): "reception",
    ("move_to_return", "reception"): "return",
    ("move_to_reintegration", "reception"): "reintegration",
    ("move_to_reintegration", "return"): "reintegration",
    ("stay", "return"): "reception",
}

PAPER_ENDED = "none passport_issued passport_not_issued"
PAPER_ASKED_FOR = """
    passport_applied passport_applied_no_stay passport_at_ministry
    passport_at_ministry_no_stay passport_answered passport_answered_no_stay
"""
DECIDERS = {"POLICE", "BORDER_GUARD", "COAST_GUARD", "MISSION"}
#: The same beside the course, in every phase unless it says so.
BESIDE = [
    (
        "start_verification",
        {"PROVINCE_SOCIAL", "POLICE", "MISSION"} | DISTRICT,
        "none",
        "initial_verification",
    ),
    (
        "request_identification",
        {"PROVINCE_SOCIAL", "POLICE", "MISSION"},
        "initial_verification",
        "identification_pending",
    ),
    (
        "find_complex",
        {"PROVINCE_SOCIAL", "POLICE", "MISSION"},
        "identification_pending",
        "identification_pending",
    ),
    (
        "apply_passport",
        {"MISSION"},
        PAPER_ENDED,
        "passport_applied",
    ),
    (
        "apply_passport_no_stay",
        {"MISSION"},
        f"{PAPER_ENDED} passport_applied",
        "passport_applied_no_stay",
    ),
    ("issue_passport", {"MISSION"}, PAPER_ASKED_FOR, "passport_issued"),
    ("refuse_passport", {"MISSION"}, PAPER_ASKED_FOR, "passport_not_issued"),
    (
        "decide_victim",
        DECIDERS,
        "initial_verification identification_pending status_not_victim",
        "status_victim",
    ),
    (
        "decide_not_victim",
        DECIDERS,
        "initial_verification identification_pending status_victim",
        "status_not_victim",
    ),
    (
        "present_paper",
        SOCIAL | ABROAD | {"COMMUNE_PC"},
        "none initial_verification identification_pending",
        "status_victim",
    ),
    (
        "report_no_guardian",
        FIRST | SOCIAL | ABROAD,
        "none guardian_named",
        "child_no_guardian",
    ),
    (
        "name_guardian",
        SOCIAL | ABROAD | {"COMMUNE_PC"},
        "none child_no_guardian",
        "guardian_named",
    ),
    (
        "doubt_age",
        FIRST | SOCIAL | ABROAD,
        "none minor_confirmed adult_confirmed",
        "minor_age_doubt",
    ),
    (
        "confirm_minor",
        FIRST | SOCIAL | ABROAD,
        "none minor_age_doubt",
        "minor_confirmed",
    ),
    (
        "confirm_adult",
        ABROAD | {"PROVINCE_SOCIAL", "POLICE"},
        "minor_age_doubt",
        "adult_confirmed",
    ),
    (
        "verify_identity",
        {"POLICE", "MISSION"},
        "identity_verification",
        "identity_verified",
    ),
    (
        "find_no_identity",
        {"POLICE", "MISSION"},
        "identity_verification",
        "identity_not_found",
    ),
    (
        "find_not_national",
        {"POLICE", "MISSION"},
        "identity_verification",
        "identity_not_national",
    ),
]
BESIDE_ON_RETURN = [
    (
        "request_tracing",
        SOCIAL | ABROAD,
        "none family_tracing_refused",
        "family_tracing",
    ),
    ("finish_tracing", SOCIAL | ABROAD, "family_tracing", "family_traced"),
    (
        "refuse_tracing",
        SOCIAL | ABROAD,
        "none family_tracing",
        "family_tracing_refused",
    ),
]
