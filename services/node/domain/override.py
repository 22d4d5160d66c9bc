"""Emergency override: disclosure without consent, by two persons, for a day.

Promises the checks of one override: two different active officers, the second
with a role that may approve, a law and a reason, exactly one data category, and
a review within the deadline ``override_review``. An override whose review is
overdue, or whose review withdrew it, is no basis for anything.

Leaves to ``disclosure``: that no override defeats a person's *no*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.people import Act, Officer, check_may


class Verdict(StrEnum):
    """What the review of an override found."""

    CONFIRMED = "confirmed"
    """It was right."""
    WITHDRAWN = "withdrawn"
    """It was not, or is no longer: no further disclosure rests on it."""


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
    problems = _problems(override, first, second, deadlines)
    if problems:
        raise InvalidInputError(
            "override.invalid",
            f"{len(problems)} problem(s): {'; '.join(problems)}.",
            where="override",
        )


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
        raise NotLawfulError("override.reviewed", "It was reviewed already.")
    return replace(
        override, verdict=verdict, reviewed_by=reviewer.pseudonym, reviewed_at=now
    )


def is_in_force(override: Override, now: datetime) -> bool:
    """Whether a disclosure may rest on it now."""
    if override.verdict is None:
        return override.recorded_at <= now <= override.review_by
    return override.verdict is Verdict.CONFIRMED


def _problems(
    override: Override, first: Officer, second: Officer, deadlines: DeadlineTable
) -> list[str]:
    latest = deadlines.due("override_review", override.recorded_at)
    expected = (first.pseudonym, second.pseudonym)
    return [
        problem
        for wrong, problem in (
            (len(override.override_id) != ID_BYTES, "override_id must be 16 bytes"),
            (override.category not in set(Category), "category must be one of D0-D13"),
            (override.purpose not in set(Purpose), "purpose is not known"),
            (not override.recipient.strip(), "recipient must be one member"),
            (not override.law.strip(), "law must be cited"),
            (not override.reason.strip(), "reason must be given"),
            (
                (override.first_officer, override.second_officer) != expected,
                "the officers named are not those who act",
            ),
            (
                not override.recorded_at < override.review_by <= latest,
                "review_by must lie within the deadline override_review",
            ),
            (override.verdict is not None, "it cannot begin as reviewed"),
        )
        if wrong
    ]
