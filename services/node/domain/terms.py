"""What an offer says of its answer: by when it is needed, and whom to ring about it.

Promises that the sender's own limit lies within the policy's: an offer is to be
answered after ``answered`` and expires after ``offer_expires``; the sender may ask for
an answer sooner, or grant more time until the offer expires, and never beyond. Both
are counted from the offer, at both ends alike, and stand as they were signed.
Whom to ring is a function with its telephone, never a name.
Source: console.md section 7, S4 and S6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.arrivals import is_contact
from services.node.domain.bodies import Offer
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.referrals import Priority

ANSWERED = "answered"
"""The deadline of an answer."""
EXPIRES = "offer_expires"
"""The deadline after which an offer is none."""


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """By when an answer is due by the policy, and the latest that may be asked for."""

    due: datetime
    latest: datetime


def answer_times(
    deadlines: DeadlineTable, priority: Priority, at: datetime
) -> AnswerTimes:
    """The two limits of an offer of the instant ``at`` (aware, case clock).

    Raises NotFoundError ``policy.no_deadline`` where the policy sets none.
    """
    due = deadlines.due(ANSWERED, at, priority=priority)
    latest = deadlines.due(EXPIRES, at, priority=priority)
    return AnswerTimes(due, max(due, latest))


def check_terms(offer: Offer, deadlines: DeadlineTable, at: datetime) -> None:
    """Raise unless an offer of the instant ``at`` can be answered as it asks.

    ``NotLawfulError``: ``offer.answer_by_past``, ``offer.answer_by_too_late``;
    ``InvalidInputError``: ``offer.bad_contact``; NotFoundError as ``answer_times``.
    """
    if not is_contact(offer.contact_function, offer.contact_phone, offer.contact_hours):
        raise InvalidInputError(
            "offer.bad_contact",
            "Whom to ring is a function of the list with its telephone, and in one"
            " short line when it may be rung.",
            where="contact_phone",
            remedy="Name function and telephone, or neither; no name is needed.",
        )
    if offer.answer_by is None:
        return
    if offer.answer_by <= at:
        raise NotLawfulError(
            "offer.answer_by_past",
            "The answer is asked for before the offer goes out.",
            where="answer_by",
            remedy="Name a later time, or leave it to the rules.",
        )
    if offer.answer_by > answer_times(deadlines, Priority(offer.priority), at).latest:
        raise NotLawfulError(
            "offer.answer_by_too_late",
            "The answer is asked for after the offer has expired by the rules.",
            where="answer_by",
            remedy="Name an earlier time, or leave it to the rules.",
        )
