"""§6.2: the wish, what is found out meanwhile, the way, and the ways to stop.

By hand from domain.md, never from the policy files.
"""

from __future__ import annotations

from tests.expect.case_acts import ABROAD, SOCIAL
from tests.expect.case_clocks import HANDED_ON, NEEDS, WINDOW
from tests.expect.case_step_words import (
    AFTER_CROSSING,
    ALL,
    ANYBODY,
    BOTH_LAWS,
    WHEREVER,
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
PAPER_CLOCK = "passport_identity_verification"
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
                PAPER_CLOCK,
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
                "withdraw_from_return",
                ("withdrawal",),
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
        "hand_over",
        ANYBODY,
        "at_gate disputed",
        "handed_over",
        on=given("countersignature", H),
        meets=HANDED_ON,
    ),
    Line(
        "return",
        "receive",
        ANYBODY,
        "at_gate disputed",
        "received",
        on=taken("countersignature", H),
        starts=f"{NEEDS} certificate_of_return",
        laws=BOTH_LAWS,
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
