"""How handovers were confirmed, and who signed arrivals: codes, no word of anybody."""

from __future__ import annotations

from datetime import datetime

from services.node.domain.both_sign import HandoverWord
from services.node.store.writes import Write


def insert_handover_word(
    event_id: bytes, referral_id: bytes, said_at: datetime, word: HandoverWord
) -> Write:
    """The codes of one receiving step; ``said_at`` on the case clock."""
    return Write(
        "insert_handover_word",
        (
            event_id,
            referral_id,
            said_at,
            word.known_by,
            word.signed_by,
            word.unsigned_reason,
            word.by_code,
        ),
    )
