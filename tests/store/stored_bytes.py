"""One byte of every stored row, changed behind the node's back and put back.

For audits of whole databases: ``COLUMNS`` lists every column of bytes that an
audit answers for, with the kind of fault and the places that it must name.
``flip`` changes one byte in every row of a column at once and, called again with
the same seed, changes it back; ``places`` says beforehand which indexes a report
must name. Both take a function that runs SQL as superuser on the member's
database and gives its rows as lines, as ``Cluster.query`` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.cli.audit_faults import FaultKind

K = FaultKind
Query = Callable[[str], str]


@dataclass(frozen=True)
class StoredColumn:
    """``place`` is SQL for the index of a row's fault; empty for none."""

    table: str
    column: str
    kind: FaultKind
    place: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


def _leaf_of(key: str) -> str:
    where = f"WHERE l.subject = t.{key}"
    return f"(SELECT l.index FROM ledger_leaf AS l {where})"  # noqa: S608 - our names


def _columns(table: str, names: str, kind: FaultKind, place: str) -> list[StoredColumn]:
    return [StoredColumn(table, name, kind, place) for name in names.split()]


_OPENING = "public_nonce public_sealed pers_nonce pers_sealed"
_ENVELOPE = "envelope_id header stanza ciphertext"
_DIGEST = _leaf_of("digest")

COLUMNS = [
    *_columns("ledger_leaf", "leaf", K.LEAF_ALTERED, "t.index"),
    *_columns("ledger_node", "hash", K.NODE_ALTERED, "t.index"),
    *_columns("ledger_checkpoint", "note", K.CHECKPOINT_ALTERED, "t.size"),
    *_columns("ledger_head", "root checkpoint", K.HEAD_ALTERED, ""),
    *_columns("ledger_opening", _OPENING, K.OPENING_UNREADABLE, _leaf_of("subject")),
    *_columns("envelope_sent", f"{_ENVELOPE} event_id", K.ENVELOPE_ALTERED, _DIGEST),
    *_columns("envelope_received", _ENVELOPE, K.ENVELOPE_ALTERED, _DIGEST),
    *_columns("envelope_received", "event_id", K.ENVELOPE_ALTERED, _DIGEST),
    *_columns("envelope_received", "evidence", K.EVIDENCE_ALTERED, _DIGEST),
    *_columns("receipt", "evidence", K.RECEIPT_ALTERED, _DIGEST),
    *_columns("directory_head", "root checkpoint", K.DIRECTORY_ALTERED, ""),
]
"""Keys (subject, digest) and the directory's entries are apart: a changed key
makes another row of it, a changed entry makes the whole log unjudgeable."""


def places(query: Query, column: StoredColumn) -> set[int | None]:
    """The indexes that must be named once every row of ``column`` is changed."""
    if not column.place:
        return {None}
    where = f"WHERE length(t.{column.column}) > 0"
    sql = f"SELECT {column.place} FROM {column.table} AS t {where};"  # noqa: S608 - our names
    found = query(sql)
    return {int(line) for line in found.split()}


def flip(query: Query, column: StoredColumn, seed: int) -> None:
    """Change bit ``seed`` mod 8 of byte ``seed`` mod length in every row."""
    name = column.column
    byte = f"({seed} % length({name}))"
    query(
        # Triggers, and with them foreign keys, do not fire for a replica.
        "SET session_replication_role = replica;\n"
        f"UPDATE {column.table} SET {name} = "
        f"set_byte({name}, {byte}, get_byte({name}, {byte}) # {1 << seed % 8}) "
        f"WHERE length({name}) > 0;"
    )
