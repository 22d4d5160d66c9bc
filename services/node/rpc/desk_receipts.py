"""What a node is told of a withdrawal and answers of its receipts, as frozen values.

Promises: like ``desk_values``, every value mirrors one message of relais.desk.v1 by
its field names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.bodies import KeptCategory


@dataclass(frozen=True, slots=True)
class AnswerRecorded:
    """An answer that was recorded, and whether a member has the recipient's name."""

    consent_id: bytes
    recipient_known: bool


@dataclass(frozen=True, slots=True)
class WithdrawalAsked:
    """Which answer ends, for which categories (none: all of it), and how it was said.

    An empty ``language`` is that of the answer, an empty ``subject`` the person.
    """

    consent_id: bytes
    method: str
    categories: tuple[str, ...] = ()
    subject: str = ""
    language: str = ""
    interpreter: str = ""
    witness: str = ""


@dataclass(frozen=True, slots=True)
class ToldRead:
    """A member that had to be told of a no, and what it answered.

    ``told_at`` is the epoch while it was not told, ``acknowledged_at`` while it has
    not answered.
    """

    member: str
    referral_id: bytes
    categories: tuple[str, ...]
    state: str
    due_at: datetime
    told_at: datetime
    acknowledged_at: datetime
    deleted: tuple[str, ...]
    kept: tuple[KeptCategory, ...]


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """What became of one no; ``sentences`` are for the person."""

    consent_id: bytes
    purpose: str
    recipient: str
    categories: tuple[str, ...]
    said_at: datetime
    told: tuple[ToldRead, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WouldTellRead:
    """A member that would be told of a no.

    ``unopened``: it has opened nothing, and never can. ``ends_return``: a return that
    rests on the wish would end.
    """

    member: str
    referral_id: bytes
    referral_type: str
    categories: tuple[str, ...]
    unopened: bool
    ends_return: bool


@dataclass(frozen=True, slots=True)
class WithdrawalForeseen:
    """What would follow if an answer ended now; nothing is recorded."""

    categories: tuple[str, ...]
    told: tuple[WouldTellRead, ...]
