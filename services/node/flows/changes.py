"""What a batch changed, so that only those look who may find something.

Promises that nobody whose work a batch may have made is left asleep; what is not
understood wakes all. Looking costs a question to the database for each loop, which is
most of what one handoff by itself costs (ADR 0023).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.node.domain.handoff import Step
from services.node.flows.plan import Plan


class Concern(StrEnum):
    """Whose work it may be."""

    OUTBOX = "outbox"
    """Something waits to be brought to a member."""
    ANSWERS = "answers"
    """The node may owe an answer of its own, or go back after a refusal."""
    RECALLS = "recalls"
    """A recall may be owed, or its acknowledgement."""
    CLOCKS = "clocks"
    """A clock may ring earlier than any that is known."""
    WEBHOOKS = "webhooks"
    """An endpoint is to be told something."""
    FILES = "files"
    """A file may have to be fetched."""


@dataclass(frozen=True, slots=True)
class Change:
    """Whose work something may have made, and the referrals that it is about."""

    concerns: frozenset[Concern]
    referrals: Collection[bytes] = ()


STILL = frozenset({Step.FEEDBACK, Step.CHECK_IN, Step.RECALL_ACKNOWLEDGEMENT})
"""Steps that leave every referral in its state, so that no answer is owed for them."""

_MADE_BY = {
    "insert_outbox": Concern.OUTBOX,
    "insert_recall_due": Concern.RECALLS,
    "insert_recall_taken": Concern.RECALLS,
    "apply_refusal": Concern.ANSWERS,
    **dict.fromkeys(
        (
            "start_again",
            "insert_timer",
            "insert_timer_after_refusals",
            "insert_timer_of_first_transfer",
            "ring_timer",
            "resume_timer",
        ),
        Concern.CLOCKS,
    ),
    **dict.fromkeys(
        ("insert_attachment", "insert_attachment_out", "release_attachment"),
        Concern.FILES,
    ),
}
"""Whose work a row makes. A clock that stops or pauses rings no earlier for it."""

_MOVED = frozenset({Concern.ANSWERS, Concern.RECALLS})


def change_of(plans: Sequence[Plan], *, announced: bool) -> Change | None:
    """What these plans change; None, which wakes all, if one of them has no event."""
    concerns = {Concern.WEBHOOKS} if announced else set()
    referrals = set()
    for plan in plans:
        if plan.event is None:
            return None
        if plan.event.referral_id is not None:
            referrals.add(plan.event.referral_id)
            if plan.event.step not in STILL:
                concerns |= _MOVED
        concerns |= {
            _MADE_BY[each.query] for each in plan.writes if each.query in _MADE_BY
        }
    return Change(frozenset(concerns), referrals)
