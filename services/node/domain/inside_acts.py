"""Acts inside a member, as the leaves of its ledger name them.

Promises the list. Leaves to others: what each act does and what is sealed with it.
"""

from __future__ import annotations

from enum import StrEnum


class InsideAct(StrEnum):
    """What a member does within itself, as its leaf's meta names it."""

    CASE_OPENED = "case_opened"
    RECORD_ADDED = "record_added"
    ATTACHMENT_ADDED = "attachment_added"
    CONSENT_RECORDED = "consent_recorded"
    OVERRIDE_RECORDED = "override_recorded"
    OVERRIDE_REVIEWED = "override_reviewed"
    APPROVAL_ASKED = "approval_asked"
    # Whether it was a yes is sealed.
    APPROVAL_ANSWERED = "approval_answered"
    FOLLOW_UP_RECORDED = "follow_up_recorded"
    STEP_REFUSED = "step_refused"
    CLOCK_RANG = "clock_rang"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    # Which act it was is sealed: a status decision is about the person.
    CASE_STEP = "case_step"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    MINOR_RECORDED = "minor_recorded"
    PLAN_RECORDED = "plan_recorded"
    NOTE_WRITTEN = "note_written"
