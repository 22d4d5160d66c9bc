"""What the desk answers about attachments, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AttachmentRead:
    """One file of a case; ``held`` of its ``size`` bytes are here."""

    attachment_id: bytes
    category: str
    media_type: str
    size: int
    source: str
    added_by: str
    added_at: datetime
    state: str
    held: int
    problem: str
    digest_prefix: bytes


@dataclass(frozen=True, slots=True)
class AttachmentAdded:
    """An attachment that stands in its case."""

    attachment_id: bytes
    ledger_index: int
