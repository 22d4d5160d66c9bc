"""§6.1, §6.5: status, guardian, age, danger and rest, beside the course.

By hand from domain.md, never from the policy files.
"""

from __future__ import annotations

from tests.expect.case_step_words import (
    ABROAD,
    ALL,
    ANYBODY,
    ANYTIME,
    BOTH_LAWS,
    BOTH_UNREAD,
    COMMUNE,
    DECIDED,
    DISTRICT,
    FIRST,
    LAW_2011,
    NEW_ARTICLES_UNREAD,
    SOCIAL,
    Line,
    both,
)

DECIDERS = {"POLICE", "BORDER_GUARD", "COAST_GUARD", "MISSION"}
ASKERS = {"PROVINCE_SOCIAL", *{"POLICE", "MISSION"}}
PENDING = "initial_verification identification_pending"
BESIDE: list[Line] = [
    Line(
        ALL,
        "start_verification",
        ASKERS,
        "none",
        "initial_verification",
        starts="initial_verification",
        laws=BOTH_LAWS,
    ),
    Line(
        ALL,
        "start_verification",
        DISTRICT,
        "none",
        "initial_verification",
        starts="initial_verification",
        laws=LAW_2011,
    ),
    Line(
        ALL,
        "request_identification",
        ANYBODY,
        "none initial_verification",
        "identification_pending",
        on=both("status_decision", "release"),
        starts="police_verification",
        meets="initial_verification",
        laws=BOTH_UNREAD,
    ),
    Line(
        ALL,
        "request_identification",
        ASKERS,
        "initial_verification",
        "identification_pending",
        starts="police_verification",
        meets="initial_verification",
        laws=BOTH_UNREAD,
    ),
    # T3: two months instead of twenty days.
    Line(
        ALL,
        "find_complex",
        ASKERS,
        "identification_pending",
        "=",
        starts="police_verification_complex",
        meets="police_verification",
        laws=BOTH_UNREAD,
    ),
    *(
        line
        for act, to, other in (
            ("decide_victim", "status_victim", "status_not_victim"),
            ("decide_not_victim", "status_not_victim", "status_victim"),
        )
        for line in (
            Line(
                ALL,
                act,
                DECIDERS,
                f"{PENDING} {other}",
                to,
                meets=DECIDED,
                laws=NEW_ARTICLES_UNREAD,
            ),
            Line(
                ALL,
                act,
                ANYBODY,
                f"none {PENDING} {other}",
                to,
                on=both("status_decision", "completion", to.removeprefix("status_")),
                meets=DECIDED,
                laws=NEW_ARTICLES_UNREAD,
            ),
        )
    ),
    Line(
        ALL,
        "present_paper",
        SOCIAL | ABROAD | COMMUNE,
        f"none {PENDING}",
        "status_victim",
        meets=DECIDED,
        laws=NEW_ARTICLES_UNREAD,
    ),
    Line(
        ALL,
        "report_no_guardian",
        FIRST | SOCIAL | ABROAD,
        "none guardian_named",
        "child_no_guardian",
        starts="child_protection_referral",
    ),
    Line(
        ALL,
        "name_guardian",
        SOCIAL | ABROAD | COMMUNE,
        "none child_no_guardian",
        "guardian_named",
        meets="child_protection_referral",
    ),
    Line(
        ALL,
        "doubt_age",
        FIRST | SOCIAL | ABROAD,
        "none minor_confirmed adult_confirmed",
        "minor_age_doubt",
    ),
    Line(
        ALL,
        "confirm_minor",
        FIRST | SOCIAL | ABROAD,
        "none minor_age_doubt",
        "minor_confirmed",
    ),
    Line(
        ALL,
        "confirm_adult",
        ABROAD | {"PROVINCE_SOCIAL", "POLICE"},
        "minor_age_doubt",
        "adult_confirmed",
    ),
    Line(ALL, "set_risk_level", ANYBODY, ANYTIME, "="),
    Line(
        ALL,
        "begin_recovery_pause",
        FIRST | SOCIAL | ABROAD,
        ANYTIME,
        "=",
        starts="recovery_pause",
    ),
    Line(
        ALL,
        "end_recovery_pause",
        FIRST | SOCIAL | ABROAD,
        ANYTIME,
        "=",
        meets="recovery_pause",
    ),
    # §4.6 and T14: whoever handed data abroad files it, after the case too.
    Line(
        ALL,
        "file_impact_dossier",
        ANYBODY,
        f"{ANYTIME} closed",
        "=",
        meets="transfer_impact_dossier",
    ),
]
