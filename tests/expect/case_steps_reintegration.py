"""§6.3: plan, stages, setback, another province, lost contact, closure.

By hand from domain.md, never from the policy files.
"""

from __future__ import annotations

from tests.expect.case_step_words import (
    ABROAD,
    ALL,
    ANYBODY,
    EVERYTHING,
    FOLLOW_UPS,
    HANDED_ON,
    LATER,
    OPEN_AGAIN,
    REINTEGRATION_ENDS,
    RETURN_ENDS,
    RUNNING,
    SOCIAL,
    SUPPORTED,
    WHEREVER,
    WINDOW,
    Line,
    given,
    taken,
)

R, H = "reception", "voluntary_return"
RECEPTION_ENDS = """
    received placed person_declines_support lost_contact passed_on helping
"""
REINTEGRATION: list[Line] = [
    Line(
        ALL,
        "move_to_reintegration",
        ANYBODY,
        WHEREVER,
        "moved_to_reintegration",
        on=taken("release", "reintegration"),
        phase="reintegration",
        starts=f"first_plan {FOLLOW_UPS} {WINDOW}",
    ),
    Line(
        ALL,
        "move_province",
        ANYBODY,
        WHEREVER,
        "moved_province",
        on=given("release", "reintegration"),
        phase="reintegration",
        meets=HANDED_ON,
    ),
    Line(
        "reintegration",
        "note_setback",
        ANYBODY,
        RUNNING,
        "setback",
        on="follow_up:own:recorded:setback",
    ),
    *(
        Line("reintegration", act, SOCIAL, states, to, starts=starts, meets=meets)
        for act, states, to, starts, meets in (
            (
                "plan_reintegration",
                "moved_to_reintegration review",
                "planned",
                "plan_review",
                "first_plan",
            ),
            ("begin_crisis", "planned setback review", "active_crisis", "", ""),
            (
                "begin_transition",
                "planned active_crisis setback review",
                "active_transition",
                "",
                "",
            ),
            (
                "begin_inclusion",
                "planned active_transition setback review",
                "active_inclusion",
                "",
                "",
            ),
            ("note_setback", RUNNING, "setback", "", ""),
            (
                "review_plan",
                f"{RUNNING} setback",
                "review",
                "plan_review",
                "plan_review",
            ),
            (
                "complete_plan",
                "active_inclusion review",
                "completed",
                "",
                "plan_review",
            ),
            ("begin_follow_up", "completed", "follow_up", "", ""),
            (
                "suspend_by_person",
                f"{SUPPORTED} follow_up",
                "suspended_by_person",
                "",
                "plan_review",
            ),
            (
                "resume",
                "suspended_by_person lost_contact retrafficking_alert",
                "review",
                "plan_review",
                "",
            ),
            (
                "lose_contact",
                f"planned {LATER}",
                "lost_contact",
                "",
                "plan_review",
            ),
            (
                "alert_retrafficking",
                f"{SUPPORTED} completed follow_up suspended_by_person lost_contact",
                "retrafficking_alert",
                "",
                "",
            ),
        )
    ),
    *(
        Line(
            phase,
            "close",
            ANYBODY,
            states,
            "closed",
            starts="reopen_allowed",
            meets=EVERYTHING,
        )
        for phase, states in (
            (
                R,
                RECEPTION_ENDS,
            ),
            (
                "return",
                f"{RETURN_ENDS} received helping",
            ),
            (
                "reintegration",
                f"{REINTEGRATION_ENDS} helping",
            ),
        )
    ),
    # §5.g: the data end as it was ordered when the case was closed.
    Line(ALL, "dispose_data", ANYBODY, "closed", "=", meets="data_disposition"),
    Line(
        R,
        "reopen",
        SOCIAL | ABROAD,
        "closed",
        "received",
        starts="needs_assessed",
        meets=OPEN_AGAIN,
    ),
    Line(
        "return",
        "reopen",
        SOCIAL | ABROAD,
        "closed",
        "moved_to_return",
        meets=OPEN_AGAIN,
    ),
    Line(
        "reintegration",
        "reopen",
        SOCIAL,
        "closed",
        "review",
        starts="plan_review",
        meets=OPEN_AGAIN,
    ),
]
