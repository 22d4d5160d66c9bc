"""Follow-ups: when they are planned, and what comes next by their result.

Promises the schedule of domain.md §5.f (72 hours, 2 weeks, 1, 3, 6 and 12 months
after placement, rows ``follow_up_1`` to ``follow_up_6``) and that nobody sends the
police after somebody who does not answer: a supervisor looks first. Somebody is
out of contact only after three attempts without an answer over 90 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.plain_words import not_listed
from services.node.domain.records import Answer, CategoryRecord

#: domain.md §5.f.
FOLLOW_UP_KINDS = ("after_reunification", "in_care", "for_service", "for_assessment")
FOLLOW_UP_MODES = ("visit", "safe_call", "office")
FOLLOW_UP_RESULTS = (
    "stable",
    "progress",
    "setback",
    "unsafe",
    "unreachable",
    "declined",
)

SCHEDULE = tuple(f"follow_up_{number}" for number in range(1, 7))
"""The rows of ``deadlines`` that plan follow-ups."""

_ATTEMPTS = 3
UNREACHABLE = "unreachable"


class NextStep(StrEnum):
    """What a result asks for next; never the police."""

    NONE = "none"
    """The schedule goes on."""
    REVIEW = "review"
    """Look at the plan again with the person."""
    EMERGENCY_REFERRAL = "emergency_referral"
    """Refer at once and ask for protective measures."""
    SUPERVISOR = "supervisor"
    """A supervisor decides how to look for the person."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up as it was; ``next_action`` may be empty."""

    at: datetime
    result: str
    kind: str = ""
    mode: str = ""
    next_action: str = ""


@dataclass(frozen=True, slots=True)
class PlannedFollowUp:
    """One of the schedule, by its deadline, and when (UTC+7)."""

    deadline: str
    at: datetime


def schedule(
    deadlines: DeadlineTable, placed_at: datetime
) -> tuple[PlannedFollowUp, ...]:
    """The follow-ups of somebody placed at this instant, in order."""
    return tuple(
        PlannedFollowUp(name, deadlines.due(name, placed_at)) for name in SCHEDULE
    )


def next_step(
    deadlines: DeadlineTable, before: Sequence[FollowUp], latest: FollowUp
) -> NextStep:
    """What the latest result asks for, after those before it (oldest first)."""
    if latest.result == "unsafe":
        return NextStep.EMERGENCY_REFERRAL
    if latest.result == "setback":
        return NextStep.REVIEW
    if latest.result != UNREACHABLE:
        return NextStep.NONE
    attempts = [each for each in (*before, latest) if each.result == UNREACHABLE]
    if len(attempts) < _ATTEMPTS:
        return NextStep.NONE
    first = attempts[-_ATTEMPTS]
    within = latest.at <= deadlines.due("unreachable_window", first.at)
    return NextStep.SUPERVISOR if within else NextStep.NONE


def check_lost(
    deadlines: DeadlineTable, follow_ups: Sequence[FollowUp], now: datetime
) -> None:
    """Raise NotLawfulError ``case.contact_not_lost`` unless the person is.

    Three attempts in a row without an answer, the first at least 90 days ago
    (deadline ``lost_contact``).
    """
    missed: list[FollowUp] = []
    for each in reversed(follow_ups):
        if each.result != UNREACHABLE:
            break
        missed.append(each)
    enough = len(missed) >= _ATTEMPTS
    if not enough or now < deadlines.due("lost_contact", missed[-1].at):
        raise NotLawfulError(
            "case.contact_not_lost",
            "Contact is lost after three attempts without an answer over 90 days.",
            remedy="Go on trying in the safe way that was agreed, and note each try.",
        )


def follow_up_record(
    kind: str, mode: str, result: str, next_action: str
) -> CategoryRecord:
    """A follow-up as a version of D11; raises InvalidInputError for other codes."""
    for field, value, codes in (
        ("kind", kind, FOLLOW_UP_KINDS),
        ("mode", mode, FOLLOW_UP_MODES),
        ("result", result, FOLLOW_UP_RESULTS),
    ):
        if value not in codes:
            raise InvalidInputError(
                "case.unknown_code",
                not_listed(field, codes),
                where=field,
                remedy="Choose one of them.",
            )
    said = (
        ("follow_up_kind", kind),
        ("follow_up_mode", mode),
        ("follow_up_result", result),
        ("next_action", next_action),
    )
    answers = tuple(Answer(field, (value,)) for field, value in said if value)
    return CategoryRecord("D11", answers)


def result_of(record: CategoryRecord) -> str | None:
    """The result that a version of D11 holds, if it is a follow-up."""
    return _said(record).get("follow_up_result")


def follow_up_of(record: CategoryRecord, at: datetime) -> FollowUp | None:
    """The follow-up that a record of D11 holds, as it was at that instant."""
    said = _said(record)
    if "follow_up_result" not in said:
        return None
    kind, mode = said.get("follow_up_kind", ""), said.get("follow_up_mode", "")
    next_action = said.get("next_action", "")
    return FollowUp(at, said["follow_up_result"], kind, mode, next_action)


def _said(record: CategoryRecord) -> dict[str, str]:
    return {each.field: each.values[0] for each in record.answers if each.values}
