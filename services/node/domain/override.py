"""Emergency override: disclosure without consent, by two persons, for a day.

Promises the checks of one override: two different active officers, the second
with a role that may approve, a law and a reason, exactly one data category, and
a review within the deadline ``override_review``. An override whose review is
overdue, or whose review withdrew it, is no basis for anything.

Leaves to ``disclosure``: that no override defeats a person's *no*; to
``approvals``: that the second officer agreed to exactly this, by an act of her own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.people import Act, Officer, check_may
from services.node.domain.plain_words import resting_on


class Verdict(StrEnum):
    """What the review of an override found."""

    CONFIRMED = "confirmed"
    """It was right."""
    WITHDRAWN = "withdrawn"
    """It was not, or is no longer: no further disclosure rests on it."""


@dataclass(frozen=True, slots=True)
class OverrideAsked:
    """What an override opens, to whom, by which law; reviewed by ``review_by``.

    The codes are not checked yet; ``check_asked`` does it.
    """

    recipient: str
    purpose: str
    category: str
    law: str
    reason: str = field(repr=False)
    review_by: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """One override. It names one category, one purpose and one recipient.

    The officers are pseudonyms; ``reason`` is sealed wherever it is stored.
    ``verdict`` and ``reviewed_*`` are None until the review.
    """

    override_id: bytes
    purpose: Purpose
    recipient: str
    category: Category
    law: str
    reason: str
    first_officer: str
    second_officer: str
    recorded_at: datetime
    review_by: datetime
    verdict: Verdict | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None


def check_asked(
    asked: OverrideAsked, recorded_at: datetime, deadlines: DeadlineTable
) -> None:
    """Raise ``InvalidInputError("override.invalid")`` for what nobody may override.

    ``recorded_at`` is when it would be recorded.
    """
    _refuse(_problems_asked(asked, recorded_at, deadlines))


def check_override(
    override: Override, first: Officer, second: Officer, deadlines: DeadlineTable
) -> None:
    """Raise unless this override may be recorded.

    ``NotPermittedError`` (``people.inactive``, ``people.role_may_not``) for an
    officer who may not; ``NotLawfulError("override.two_persons")`` if one person
    stands for both; ``InvalidInputError("override.invalid")`` for the rest.
    """
    if first.pseudonym == second.pseudonym:
        raise NotLawfulError(
            "override.two_persons",
            "An override needs two different officers.",
            remedy="Ask a second officer to approve it.",
        )
    check_may(first, Act.CASE)
    check_may(second, Act.OVERRIDE_APPROVAL)
    _refuse(_problems(override, first, second, deadlines))


def review(
    override: Override, reviewer: Officer, verdict: Verdict, now: datetime
) -> Override:
    """The override as reviewed.

    Raises ``NotPermittedError`` for a reviewer who may not, and
    ``NotLawfulError`` with ``override.own_review`` for the officer who asked for
    it, or ``override.reviewed`` if it was reviewed before. A late review is
    recorded with its instant.
    """
    check_may(reviewer, Act.OVERRIDE_APPROVAL)
    if reviewer.pseudonym == override.first_officer:
        raise NotLawfulError(
            "override.own_review",
            "The officer who asked for an override may not review it.",
            remedy="Ask another officer.",
        )
    if override.verdict is not None:
        raise NotLawfulError(
            "override.reviewed",
            "It was reviewed already.",
            remedy="Nothing to do; a review is final.",
        )
    return replace(
        override, verdict=verdict, reviewed_by=reviewer.pseudonym, reviewed_at=now
    )


def is_in_force(override: Override, now: datetime) -> bool:
    """Whether a disclosure may rest on it now."""
    if override.verdict is None:
        return override.recorded_at <= now <= override.review_by
    return override.verdict is Verdict.CONFIRMED


def _refuse(problems: list[str]) -> None:
    if problems:
        raise InvalidInputError(
            "override.invalid",
            resting_on("This override cannot be recorded like this.", *problems),
            where="override",
            remedy="Correct the override; nothing was stored.",
        )


def _problems(
    override: Override, first: Officer, second: Officer, deadlines: DeadlineTable
) -> list[str]:
    expected = (first.pseudonym, second.pseudonym)
    asked = OverrideAsked(
        override.recipient,
        override.purpose,
        override.category,
        override.law,
        override.reason,
        override.review_by,
    )
    return [
        *(
            problem
            for wrong, problem in (
                (len(override.override_id) != ID_BYTES, "override_id must be 16 bytes"),
                (
                    (override.first_officer, override.second_officer) != expected,
                    "the officers named are not those who act",
                ),
                (override.verdict is not None, "it cannot begin as reviewed"),
            )
            if wrong
        ),
        *_problems_asked(asked, override.recorded_at, deadlines),
    ]


def _problems_asked(
    asked: OverrideAsked, recorded_at: datetime, deadlines: DeadlineTable
) -> list[str]:
    latest = deadlines.due("override_review", recorded_at)
    return [
        problem
        for wrong, problem in (
            (asked.category not in set(Category), "category must be one of D0-D13"),
            (asked.purpose not in set(Purpose), "purpose is not known"),
            (not asked.recipient.strip(), "recipient must be one member"),
            (not asked.law.strip(), "law must be cited"),
            (not asked.reason.strip(), "reason must be given"),
            (
                not recorded_at < asked.review_by <= latest,
                "review_by must lie within the deadline override_review",
            ),
        )
        if wrong
    ]
