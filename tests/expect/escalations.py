"""The ladder: who is told when a clock runs out (domain.md §6.0, §6.1, §6.2).

A line says priorities, ends (``own`` is the clock of a case), level, share of the
limit in hundredths, and for a handoff to whom and how soon. Inside a member two
cells are empty. All of it is a proposal of the first day.
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)

Line = tuple[str, str, str, int, str, str]

NOT_EMERGENCY = "urgent normal"
BOTH = "giver receiver"

LADDER: list[Line] = [
    ("*", "*", "L1", 100, "", ""),
    (NOT_EMERGENCY, "*", "L2", 150, "", ""),
    # Emergency jumps straight to L3 at twice the limit.
    ("emergency", "giver own", "L3", 200, "PROVINCE_SOCIAL", "emergency"),
    (NOT_EMERGENCY, "giver own", "L3", 200, "PROVINCE_SOCIAL", "urgent"),
    ("emergency", "giver own", "L4", 300, "FOCAL_MINISTRY", "emergency"),
    (NOT_EMERGENCY, "giver own", "L4", 300, "FOCAL_MINISTRY", "urgent"),
]
"""For every deadline that is not named below."""

VERIFICATION: list[Line] = [
    ("*", "*", "reminder", 50, "", ""),
    ("*", "*", "reminder", 80, "", ""),
    ("*", "*", "reminder", 100, "", ""),
    ("*", "giver own", "L3", 100, "PROVINCE_SOCIAL", "urgent"),
    ("*", "giver own", "L4", 150, "FOCAL_MINISTRY", "urgent"),
]
"""Reminders at 50, 80 and 100 %; overdue: L3, L4; the same if asked on paper."""

ON_THE_WAY = [
    ("*", BOTH, "L1", 100, "", ""),
    ("*", BOTH, "L5", 200, "BORDER_GUARD", "emergency"),
    ("*", BOTH, "L5", 200, "POLICE", "emergency"),
]
AT_THE_GATE: list[Line] = [
    ("*", BOTH, "reminder", 50, "", ""),
    ("*", BOTH, "L1", 100, "", ""),
    ("*", BOTH, "L5", 100, "BORDER_GUARD", "emergency"),
    ("*", BOTH, "L5", 100, "POLICE", "emergency"),
]
"""Not received, or not settled, in 4 h: L5."""

AT_ONCE: list[Line] = [("*", "own", "reminder", 100, "", "")]
"""T1, T8, T13: due as it starts; the alarm after it has a clock of its own."""
ASK_THE_MINISTRY: list[Line] = [
    ("*", "own", "reminder", 50, "", ""),
    ("*", "own", "reminder", 100, "", ""),
]
"""T9, T10: within the two days in which the mission decides, whose clock escalates."""
CONSENT: list[Line] = [
    ("*", "own", "reminder", 0, "", ""),
    ("*", "own", "L1", 100, "", ""),
]
"""§6.4: it begins to end, and it has ended; no other member hears of it."""

NAMED: dict[str, list[Line]] = {
    "unreachable": [("*", BOTH, "L1", 100, "", "")],
    "offer_expires": [("*", "giver", "expiry", 100, "", "")],
    "released": [
        ("*", BOTH, "L1", 100, "", ""),
        ("emergency", "receiver", "L3", 200, "PROVINCE_SOCIAL", "emergency"),
        (NOT_EMERGENCY, "receiver", "L3", 200, "PROVINCE_SOCIAL", "urgent"),
    ],
    # The third decline: L3 at once.
    "third_decline": [
        ("emergency", "own", "L3", 0, "PROVINCE_SOCIAL", "emergency"),
        (NOT_EMERGENCY, "own", "L3", 0, "PROVINCE_SOCIAL", "urgent"),
    ],
    # One side silent: L4.
    "risk_countersigned": [
        ("*", BOTH, "L1", 100, "", ""),
        ("*", "giver", "L4", 100, "FOCAL_MINISTRY", "urgent"),
    ],
    # The receiving province declines: the national coordinator assigns.
    "plan_confirmed": [
        ("*", BOTH, "L1", 100, "", ""),
        ("*", "giver", "L4", 200, "FOCAL_MINISTRY", "urgent"),
    ],
    "police_verification": VERIFICATION,
    "police_verification_complex": VERIFICATION,
    "passport_identity_verification": VERIFICATION,
    "bring_to_commune_pc": AT_ONCE,
    "social_agency_informed": AT_ONCE,
    "tip_forwarded": AT_ONCE,
    "certificate_of_return": AT_ONCE,
    "passport_mission_request": ASK_THE_MINISTRY,
    "passport_no_stay_request": ASK_THE_MINISTRY,
    "consent_expiring": CONSENT,
    "consent_turning_18": CONSENT,
    # A call that waits is the centre's own matter.
    "hotline_triaged": [
        ("*", "own", "L1", 100, "", ""),
        ("*", "own", "L2", 150, "", ""),
    ],
    # A dossier is the sender's own duty towards the ministry of police.
    "transfer_impact_dossier": [
        ("*", "own", "reminder", 50, "", ""),
        ("*", "own", "reminder", 80, "", ""),
        ("*", "own", "L1", 100, "", ""),
        ("*", "own", "L2", 150, "", ""),
    ],
    # What is still here three months after five years (105 %) goes to the head.
    "data_disposition": [
        ("*", "own", "L1", 100, "", ""),
        ("*", "own", "L2", 105, "", ""),
    ],
    # Two check-ins missed, or at the gate and no minutes: emergency on both sides.
    "transit_check_in": ON_THE_WAY,
    # Nobody is late: the person may apply until then, and is reminded in time.
    "reintegration_application_window": [
        ("*", "own", "reminder", 80, "", ""),
        ("*", "own", "reminder", 100, "", ""),
    ],
    "appointment_tolerance": ON_THE_WAY,
    # Nobody came: inside at once, and the coordinators; after an hour danger to life.
    "not_arrived": [
        ("*", BOTH, "L1", 0, "", ""),
        ("*", BOTH, "L2", 0, "", ""),
        ("*", BOTH, "L3", 0, "PROVINCE_SOCIAL", "emergency"),
        ("*", BOTH, "L4", 50, "FOCAL_MINISTRY", "emergency"),
        ("*", BOTH, "L5", 100, "BORDER_GUARD", "emergency"),
        ("*", BOTH, "L5", 100, "POLICE", "emergency"),
    ],
    "countersigned": AT_THE_GATE,
    "dispute_settled": AT_THE_GATE,
}
