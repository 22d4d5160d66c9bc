"""How long another member takes to answer, as this one has seen it.

Promises one number or none: half of the answers came within it, and with fewer than
five answers nobody can say. It is this member's own experience with its own offers,
never a mark that others give: nothing of it leaves the node. Source: console.md
section 7, S5; the numbers are a proposal, no source was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.node.domain.handoff import Step

WINDOW = timedelta(days=90)
"""Offers that are older say nothing of today; on the case clock."""

LEAST = 5
"""So many answers at least, before a half of them means anything."""

ANSWERS = (Step.ACCEPT, Step.DECLINE, Step.QUESTION, Step.MISROUTED)
"""What counts as an answer: a person there has read the offer and said something."""


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Offers of the last 90 days to one member, without those taken back unanswered."""

    asked: int
    answered: int
    half_within: timedelta | None
    """Of the offers that were answered; None with none."""

    @property
    def median(self) -> timedelta | None:
        """None where there are too few answers to say."""
        return self.half_within if self.answered >= LEAST else None


NEVER_ASKED = AnswerTimes(0, 0, None)
