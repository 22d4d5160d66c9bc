"""The hash by which two members compare what went between them on one day.

Follows protocol.md §3 (statements). Leaves what is counted to ``domain/statements``.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.node.keys.encoding import lp, sha256

_EVENT_BYTES = 16


def statement_hash(
    sender: str, recipient: str, day: int, digests: Iterable[bytes]
) -> bytes:
    """SHA-256, 32 bytes, over the sorted digests of 32 bytes each.

    ``day`` counts from 1970-01-01; sender, recipient and day stand in it, so that
    none is taken for another's.
    """
    joined = b"".join(sorted(digests))
    return sha256(lp("relais/v1/statement", sender, recipient, day, joined))


def statement_event(hashed: bytes, number: int) -> bytes:
    """The event id, 16 bytes, of the statement with this hash and number.

    It follows from what is said: made twice, after a crash, it is one event.
    """
    return sha256(lp("relais/v1/statement/event", hashed, number))[:_EVENT_BYTES]
