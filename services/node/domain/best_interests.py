"""Best interests: who decides that a child, or who cannot consent, is referred.

Promises the table ``best_interests``: about whom a referral leaves only once what is
best for them was weighed, written down and approved, and who may have decided it: the
member itself, a guardian, a child-protection office. Whoever decided, one officer
writes it down and a second one reads and approves exactly that (``approvals``): a
guardian has no account here. Nothing is asked about an adult who consents.

Sources: Convention on the Rights of the Child Art 3(1); its Committee's General comment
No. 14 (2013), paragraphs 52 to 79, for what is considered; console.md section 7, S4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.coming_of_age import Age
from services.node.domain.consent_codes import Capacity
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import Rule

LONGEST_TEXT = 4000
"""Characters of what is written about it."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


UNNAMED = frozenset({ReferralType.TIP, ReferralType.ESCALATION})
"""What reports a danger or that nobody answers: it waits for no second person here.

Neither may carry a name (D2) by the policy's table ``offer_parts``; the profile, place
and risk that may go along make the danger understood, and a day's wait would grow it.
"""


class Concern(StrEnum):
    """For whom somebody decides what is best."""

    CHILD = "child"
    """Under 18, or presumed to be."""
    UNABLE = "unable"
    """Whose newest answer was a guardian's: they lack the capacity to consent."""


class Decider(StrEnum):
    """Who decided."""

    MEMBER = "member"
    """Two officers of the member that refers."""
    GUARDIAN = "guardian"
    """Whoever is guardian or legal representative."""
    CHILD_PROTECTION = "child_protection"
    """The office for child protection."""


class Factor(StrEnum):
    """What is considered: the elements of General comment No. 14."""

    VIEWS = "views"
    """What the person says and wants."""
    IDENTITY = "identity"
    """Sex, origin, language, belief, culture."""
    FAMILY = "family"
    """Family and relations, and whether they are safe."""
    CARE_SAFETY = "care_safety"
    """Care, protection and safety."""
    VULNERABILITY = "vulnerability"
    """Disability, trauma, dependence, risk of being trafficked again."""
    HEALTH = "health"
    """Health and its treatment."""
    EDUCATION = "education"
    """School and training."""


@dataclass(frozen=True, slots=True)
class BestInterests:
    """Why this referral is best: what was considered, in words, and who decided.

    ``language`` (BCP 47) is that of ``reasons``. The codes are not checked yet.
    """

    considered: tuple[str, ...]
    reasons: str = field(repr=False)
    language: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class BestInterestsRow:
    """Of these persons this one may have decided."""

    rule: Rule
    concern: Concern
    decider: Decider


@dataclass(frozen=True, slots=True)
class BestInterestsTable:
    """The table ``best_interests`` of one policy version."""

    rows: tuple[BestInterestsRow, ...]

    def deciders(self, concern: Concern | None, on: date) -> tuple[Decider, ...]:
        """Who may decide for them on that day; nobody where it is not asked."""
        named = {
            row.decider
            for row in self.rows
            if row.concern is concern and row.rule.in_force(on)
        }
        return tuple(each for each in Decider if each in named)


def asked_for(concern: Concern | None, referral_type: str) -> Concern | None:
    """The same where this referral tells of the person; None where it does not."""
    return None if referral_type in UNNAMED else concern


def concern_of(
    age: Age, answers: Iterable[ConsentCopy], now: datetime
) -> Concern | None:
    """For whom what is best is decided; None for whoever consents alone.

    ``now`` is on the case clock. A child goes before everything else.
    """
    if age.is_child(now):
        return Concern.CHILD
    newest = max(answers, key=lambda each: each.given_at, default=None)
    unable = newest is not None and newest.capacity == Capacity.LACKING
    return Concern.UNABLE if unable else None


def check_decided(said: BestInterests | None, deciders: Sequence[Decider]) -> None:
    """Raise unless what is said is what ``deciders`` of the policy ask for.

    NotLawfulError ``best_interests.missing`` and ``best_interests.other_decider``;
    InvalidInputError ``best_interests.incomplete`` and ``best_interests.not_needed``.
    """
    if not deciders:
        if said is None:
            return
        raise InvalidInputError(
            "best_interests.not_needed",
            "This person decides for themselves: nobody else says what is best.",
            where="best_interests",
            remedy="Leave it out; correct the age or who answered, if that is wrong.",
        )
    if said is None:
        raise NotLawfulError(
            "best_interests.missing",
            "For a child, or whoever cannot consent, it is decided what is best for"
            " them before they are referred, and nothing says so here.",
            where="best_interests",
            remedy="Say what was considered and who decided; a second officer reads"
            " and approves it before anything leaves.",
        )
    _check_complete(said)
    if said.decided_by not in deciders:
        raise NotLawfulError(
            "best_interests.other_decider",
            "The policy does not let them decide what is best for this person.",
            where="best_interests",
            remedy="Ask whoever the policy names, and write down what they decided.",
        )


def not_approved() -> NotLawfulError:
    """The error for what is decided and was read by one officer only."""
    return NotLawfulError(
        "best_interests.not_approved",
        "No second officer has approved yet that this is best for the person.",
        where="approval_id",
        remedy="Ask a second officer to read exactly this and to approve it, then send"
        " it.",
    )


def _check_complete(said: BestInterests) -> None:
    considered = set(said.considered)
    for where, complete in (
        ("considered", bool(considered) and considered <= set(Factor)),
        ("considered", len(considered) == len(said.considered)),
        ("reasons", 0 < len(said.reasons.strip()) <= LONGEST_TEXT),
        ("language", bool(_LANGUAGE.fullmatch(said.language))),
        ("decided_by", said.decided_by in set(Decider)),
    ):
        if not complete:
            raise InvalidInputError(
                "best_interests.incomplete",
                "It is not said, or not in the words of the lists, what was considered"
                " and why this is best for the person.",
                where=where,
                remedy="Say what was considered, why it is best, in which language,"
                " and who decided.",
            )


_COLUMNS = {
    "concern": tables.one_of(Concern),
    "decider": tables.one_of(Decider),
}


def read_best_interests(raw: bytes, problems: list[str]) -> BestInterestsTable:
    """The table ``best_interests``; what is wrong is added to ``problems``."""
    rows = tables.read_table(
        "best_interests", raw, BestInterestsRow, _COLUMNS, problems
    )
    tables.check_unambiguous(rows, lambda row: [(row.concern, row.decider)], problems)
    return BestInterestsTable(rows)
