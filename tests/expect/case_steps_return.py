"""§6.2: the wish, what is found out meanwhile, the way, and the ways to stop.

By hand from domain.md, never from the policy files.
"""

from __future__ import annotations

from tests.expect.case_step_words import (
    ABROAD,
    AFTER_CROSSING,
    ALL,
    ANYBODY,
    DECREE_162,
    DISTRICT,
    HANDED_ON,
    LAW_2011,
    MISSION_DECIDES,
    NEEDS,
    NO_STAY_DECIDES,
    PAPER_CLOCK,
    PASSPORT,
    SOCIAL,
    WHEREVER,
    WINDOW,
    Line,
    both,
    given,
    taken,
)

ASKED = "moved_to_return wish_expressed informed consented"
ASSESSED = "decided_go document_ready planned pre_departure_ok"
BEFORE_CROSSING = f"{ASKED} risk_assessed {ASSESSED} in_transit at_gate disputed"
R, H = "reception", "voluntary_return"
IDENTITY, TRACING = ("identity_verification", "family_tracing")
MISSION = {"MISSION"}
ENDED = "none passport_issued passport_not_issued"
APPLIED, NO_STAY = "passport_applied", "passport_applied_no_stay"
ASKED_FOR = f"""
    {APPLIED} {NO_STAY} passport_at_ministry passport_at_ministry_no_stay
    passport_answered passport_answered_no_stay
"""
LOOKED_FOR = f"none {IDENTITY} identity_not_found"
RETURN: list[Line] = [
    Line(
        "return",
        "record_wish",
        SOCIAL | ABROAD,
        "moved_to_return withdrawn suspended",
        "wish_expressed",
        starts="wish_informed",
    ),
    Line(
        "return",
        "inform",
        SOCIAL | ABROAD,
        "wish_expressed",
        "informed",
        meets="wish_informed",
    ),
    Line("return", "consent_to_return", SOCIAL | ABROAD, "informed", "consented"),
    Line(
        "reception return",
        "consent_to_return",
        ANYBODY,
        f"notified received placed helping {ASKED} withdrawn suspended no_return",
        "consented",
        on=given("release", H),
        phase="return",
        meets="wish_informed",
    ),
    Line(
        ALL,
        "consent_to_return",
        ANYBODY,
        WHEREVER,
        "consented",
        on=taken("release", H),
        phase="return",
    ),
    Line(
        "reception return",
        "request_identity",
        ANYBODY,
        "none identity_not_found",
        IDENTITY,
        on=both(IDENTITY, "release"),
        starts=PAPER_CLOCK,
    ),
    Line(
        "reception return",
        "request_identity",
        SOCIAL | ABROAD | {"POLICE"},
        "none identity_not_found",
        IDENTITY,
        starts=PAPER_CLOCK,
    ),
    *(
        line
        for act, to, codes in (
            ("verify_identity", "identity_verified", ("verified", "verified_partial")),
            ("find_no_identity", "identity_not_found", ("not_found",)),
            ("find_not_national", "identity_not_national", ("not_vn_national",)),
        )
        for line in (
            Line(
                ALL,
                act,
                ANYBODY,
                LOOKED_FOR,
                to,
                on=both(IDENTITY, "completion", *codes),
                meets=PAPER_CLOCK,
            ),
            Line(ALL, act, {"POLICE", "MISSION"}, IDENTITY, to, meets=PAPER_CLOCK),
        )
    ),
    *(
        Line("return", act, who, states, to, on=on, starts=starts, meets=meets)
        for act, what, states, to, starts, meets in (
            (
                "request_tracing",
                ("release",),
                "none family_tracing_refused",
                TRACING,
                TRACING,
                "",
            ),
            (
                "finish_tracing",
                (
                    "completion",
                    "verified",
                    "reunified",
                    "closed",
                    "unsafe",
                    "not_found",
                ),
                TRACING,
                "family_traced",
                "",
                TRACING,
            ),
            (
                "refuse_tracing",
                ("completion", "refused_by_person"),
                f"none {TRACING}",
                "family_tracing_refused",
                "",
                TRACING,
            ),
        )
        for on, who in ((both(TRACING, *what), ANYBODY), ("", SOCIAL | ABROAD))
    ),
    *(
        Line("return", act, ANYBODY, states, to, on=both(H, *what), meets=meets)
        for act, what, states, to, meets in (
            (
                "decide_go",
                ("risk_countersignature", "go", "go_with_conditions"),
                f"consented risk_assessed {ASSESSED}",
                "decided_go",
                "",
            ),
            (
                "assess_risk",
                ("risk_countersignature", "postpone", "no_return"),
                f"consented risk_assessed {ASSESSED}",
                "risk_assessed",
                "",
            ),
            (
                "ready_document",
                ("travel_document",),
                ASSESSED,
                "document_ready",
                f"{PAPER_CLOCK} {PASSPORT}",
            ),
            (
                "confirm_plan",
                ("plan_confirmation",),
                "document_ready planned pre_departure_ok",
                "planned",
                "",
            ),
            ("confirm_departure", ("reconsent",), "planned", "pre_departure_ok", ""),
            ("depart", ("departure",), "pre_departure_ok", "in_transit", ""),
            ("dispute", ("dispute",), "at_gate", "disputed", ""),
            (
                "confirm_arrival",
                ("arrival",),
                "handed_over received",
                "arrived_confirmed",
                "arrival_confirmed",
            ),
            (
                "close_return",
                ("completion",),
                "handed_over received arrived_confirmed",
                "return_closed",
                "",
            ),
            (
                # Not where it came too late to stop anything.
                "withdraw_from_return",
                ("withdrawal", "withdrawn"),
                BEFORE_CROSSING,
                "withdrawn",
                "wish_informed",
            ),
            ("decide_no_return", ("no_return",), "risk_assessed", "no_return", ""),
        )
    ),
    Line(
        "return",
        "reach_gate",
        ANYBODY,
        "in_transit disputed",
        "at_gate",
        on=f"{both(H, 'gate_arrival')} {both(H, 'minutes')}",
    ),
    Line(
        "return",
        # Withdrawn under minutes that were countersigned at the same time.
        "hand_over",
        ANYBODY,
        "at_gate disputed withdrawn wish_expressed informed",
        "handed_over",
        on=given("countersignature", H),
        meets=HANDED_ON,
    ),
    Line(
        "return",
        "receive",
        SOCIAL | DISTRICT,
        "at_gate disputed",
        "received",
        on=taken("countersignature", H),
        starts=f"{NEEDS} certificate_of_return",
        laws=LAW_2011,
    ),
    Line(
        "return",
        "receive",
        SOCIAL,
        "at_gate disputed",
        "received",
        on=taken("countersignature", H),
        starts=f"{NEEDS} certificate_of_return",
        laws=DECREE_162,
    ),
    # Whoever goes home to another country is no case of these laws there.
    Line(
        "return",
        "receive",
        ABROAD,
        "at_gate disputed",
        "received",
        on=taken("countersignature", H),
        starts="needs_assessed",
    ),
    # T8: at once on reception, by the immigration office.
    Line(
        ALL,
        "issue_certificate",
        SOCIAL | {"POLICE", "BORDER_GUARD"},
        "received placed arrived_confirmed return_closed moved_to_reintegration",
        "=",
        meets="certificate_of_return",
    ),
    # T9 and T10: decide in two days or ask the ministry, then issue.
    Line(
        ALL,
        "apply_passport",
        MISSION,
        ENDED,
        APPLIED,
        on=taken("release", "travel_document"),
        starts="passport_mission_request",
    ),
    Line(ALL, "apply_passport", MISSION, ENDED, APPLIED, starts=MISSION_DECIDES),
    Line(
        ALL,
        "apply_passport_no_stay",
        MISSION,
        f"{ENDED} {APPLIED}",
        NO_STAY,
        starts=NO_STAY_DECIDES,
        meets=MISSION_DECIDES,
    ),
    *(
        Line(ALL, act, MISSION, before, after, starts=starts, meets=meets)
        for act, before, after, starts, meets in (
            (
                "ask_ministry",
                APPLIED,
                "passport_at_ministry",
                "passport_ministry_answer",
                MISSION_DECIDES,
            ),
            (
                "ask_ministry",
                NO_STAY,
                "passport_at_ministry_no_stay",
                PAPER_CLOCK,
                NO_STAY_DECIDES,
            ),
            (
                "note_ministry_answer",
                "passport_at_ministry",
                "passport_answered",
                "passport_mission_issue",
                "passport_ministry_answer",
            ),
            (
                "note_ministry_answer",
                "passport_at_ministry_no_stay",
                "passport_answered_no_stay",
                "passport_no_stay_issue",
                PAPER_CLOCK,
            ),
        )
    ),
    *(
        Line(ALL, act, MISSION, ASKED_FOR, to, on=on, meets=f"{PASSPORT} {PAPER_CLOCK}")
        for act, to in (
            ("issue_passport", "passport_issued"),
            ("refuse_passport", "passport_not_issued"),
        )
        for on in (
            f"travel_document:receiver:completion:{to.removeprefix('passport_')}",
            "",
        )
    ),
    Line(
        "return",
        "suspend_return",
        ANYBODY,
        BEFORE_CROSSING,
        "suspended",
        on=f"{both(H, 'suspension')} {both(H, 'return_to_sender')}",
    ),
    Line(
        "return",
        "close_return",
        SOCIAL | ABROAD,
        "handed_over arrived_confirmed",
        "return_closed",
    ),
    *(
        Line("return", act, SOCIAL | ABROAD, ASKED, to, meets=meets)
        for act, to, meets in (
            ("withdraw_from_return", "withdrawn", "wish_informed"),
            ("suspend_return", "suspended", ""),
            ("decide_no_return", "no_return", ""),
        )
    ),
    Line(
        "return",
        "stay",
        SOCIAL | ABROAD,
        "withdrawn suspended no_return",
        "received",
        phase=R,
    ),
    Line(
        "return",
        "move_to_reintegration",
        SOCIAL,
        AFTER_CROSSING,
        "moved_to_reintegration",
        phase="reintegration",
        starts=f"first_plan {WINDOW}",
    ),
]
