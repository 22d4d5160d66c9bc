"""What needs an auditor's eye, and what an entry of the ledger is, as codes.

Promises the lists; which deadline and which level make a concern stands here too,
because it is a judgement and no query's business. Leaves to others: finding them.
"""

from __future__ import annotations

from enum import StrEnum

from services.node.domain.escalations import Level


class Concern(StrEnum):
    """A kind of thing that an auditor looks at."""

    UNANSWERED = "unanswered"
    """The other member should have answered by now."""
    ONE_SIDED = "one_sided"
    """A handover that one end has signed and the other has not."""
    DISPUTED = "disputed"
    """A handover about which both ends say different things."""
    OVERRIDE_UNREVIEWED = "override_unreviewed"
    """An emergency override that nobody has reviewed."""
    DECLINED_THRICE = "declined_thrice"
    """A need that three members did not take up."""
    ESCALATED = "escalated"
    """A clock that rang for the province, the ministry or police."""
    CALLED_ONLY = "called_only"
    """A handover that nothing but a call confirmed."""
    SIGNED_ALONE = "signed_alone"
    """An arrival that one person recorded and nobody else signed."""


MOST_EXTRACTED = 500
"""Entries that one extract of the ledger has at most."""


class EntryKind(StrEnum):
    """What an entry is that is neither a step nor an act."""

    DIRECTORY_ADOPTED = "directory_adopted"
    """The node goes by a newer directory from here on."""
    REFUSED = "refused"
    """Something came that was refused for good."""
    DUPLICATE = "duplicate"
    """Something came that was known already."""
    RELAYED = "relayed"
    """A sealed letter is kept here for another member."""
    COLLECTED = "collected"
    """The other member collected its letter."""
    EXPIRED = "expired"
    """Nobody collected a letter in time."""
    STATEMENT = "statement"
    """A member says how much it wrote to another on one day."""


class EntryOutcome(StrEnum):
    """How an entry came into the ledger."""

    SENT = "sent"
    RECEIVED = "received"
    RECORDED = "recorded"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    ADOPTED = "adopted"
    RELAYED = "relayed"
    COLLECTED = "collected"
    EXPIRED = "expired"


class ReceiptState(StrEnum):
    """How another member's proof about an entry stands."""

    HELD = "held"
    """It is here; a list does not verify it."""
    VERIFIED = "verified"
    REFUSAL = "refusal"
    """Verified, and it says that the member refused for good."""
    MISSING = "missing"
    BROKEN = "broken"
    NONE = "none"
    """None is due."""


UNANSWERED_BY = (
    "acknowledged",
    "answered",
    "recall_acknowledged",
    "released",
    "service_started",
    "unreachable",
)
"""Deadlines by which the *other* end has to say something."""

FORCED = (Level.L3, Level.L4, Level.L5)
"""Levels at which a ring leaves the member."""
