"""Why a clock may stand still (domain.md §6, *named reasons*; §6.2 recovery pause).

Each reason with the clocks that it may hold; a clock of an emergency never stands
still. All of it is a proposal of the first day.
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)

FOLLOW_UPS = [f"follow_up_{number}" for number in range(1, 7)]
JOINT = ["risk_countersigned", "plan_confirmed", "appointment_confirmed"]
WITH_THE_PERSON = ["wish_informed", "needs_assessed", "first_plan", "plan_review"]
POLICE = ["police_verification", "police_verification_complex"]

MAY_HOLD: dict[str, list[str]] = {
    "waiting_for_person": [
        *JOINT,
        *WITH_THE_PERSON,
        "family_tracing",
        *FOLLOW_UPS,
    ],
    "recovery_pause": [
        *JOINT,
        *WITH_THE_PERSON,
        "family_tracing",
        *POLICE,
        "passport_identity_verification",
    ],
    "illness": [*JOINT, *WITH_THE_PERSON, "family_tracing", *FOLLOW_UPS],
    "court": [*JOINT, *POLICE, "family_tracing", "plan_review"],
}
