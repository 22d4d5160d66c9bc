"""Data keys of cases, categories and referrals, and what is sealed under them.

Every key is random and stored wrapped by the at-rest epoch, whose own key stands
outside the database (protocol.md §6). A sealed row is named by its table and a
row number made of the row's random identifier.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.node.domain.errors import (
    NotFoundError,
    UnavailableError,
    VerificationError,
)
from services.node.domain.identifiers import new_id
from services.node.keys.at_rest import (
    KeyEncryptionEpoch,
    new_data_key,
    open_record,
    seal_record,
)
from services.node.store.rows import DataKeyRow

Sealed = tuple[bytes, bytes]
_VERSION = 1


@dataclass(frozen=True, slots=True)
class DataKey:
    """An unwrapped data key; ``key_id`` is None for the audit key."""

    key_id: bytes | None
    raw: bytes

    def seal(self, table: str, identifier: bytes, plain: bytes) -> Sealed:
        """Nonce and ciphertext of one row."""
        return seal_record(self.raw, table, row_number(identifier), _VERSION, plain)

    def open(self, table: str, identifier: bytes, nonce: bytes, sealed: bytes) -> bytes:
        """The row in clear; raises VerificationError if it was changed."""
        return self.open_numbered(table, row_number(identifier), nonce, sealed)

    def open_numbered(
        self, table: str, number: int, nonce: bytes, sealed: bytes
    ) -> bytes:
        """The same for a row that is known by its number only."""
        return open_record(self.raw, table, number, _VERSION, nonce, sealed)


@dataclass(frozen=True, slots=True)
class Vault:
    """Wraps and unwraps data keys under the present at-rest epoch."""

    epoch: KeyEncryptionEpoch

    def new_key(self, owner: bytes, scope: str) -> tuple[DataKeyRow, DataKey]:
        """A fresh random key for ``owner`` and ``scope``, and its row."""
        raw = new_data_key()
        key_id = new_id()
        wrapped = self.epoch.wrap(raw)
        row = DataKeyRow(key_id, owner, scope, self.epoch.number, wrapped)
        return row, DataKey(key_id, raw)

    def open_key(self, key_id: bytes | None, epoch: int, wrapped: bytes) -> DataKey:
        """Unwrap; raises NotFoundError for an epoch that this node lacks."""
        if epoch != self.epoch.number:
            raise NotFoundError(
                "keys.unknown_epoch", f"At-rest epoch {epoch} is not among the keys."
            )
        return DataKey(key_id, self.epoch.unwrap(wrapped))

    def open_row(self, row: DataKeyRow) -> DataKey:
        """Unwrap a key as stored."""
        return self.open_key(row.key_id, row.epoch, row.wrapped)


@contextmanager
def own_rows() -> Iterator[None]:
    """What cannot be read of this member's own rows is nobody else's fault.

    For reads on which a peer's handoff is judged: a key or sealed row of ours that
    is missing or damaged becomes UnavailableError ``store.damaged``, so that the
    handoff waits for the repair instead of being refused for good (protocol.md §3).
    """
    try:
        yield
    except (NotFoundError, VerificationError) as error:
        raise UnavailableError(
            "store.damaged",
            "This node cannot read its own rows of this referral.",
            where=error.code,
            remedy="Verify its ledger; restore the rows or the key. The handoff waits.",
        ) from error


def row_number(identifier: bytes) -> int:
    """The row number of a random identifier: its first 7 bytes, below 2^56."""
    return int.from_bytes(identifier[:7], "big")
