"""Evidence out of this node's ledger: for what it sends, and as its receipts."""

from __future__ import annotations

from services.node.flows.leaves import link_opening, pers_opening
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.ledger.evidence import Evidence
from services.node.ledger.merkle import (
    inclusion_path,
    needed_for_inclusion,
    reader,
)
from services.node.store import ledger as ledger_store
from services.node.store.pool import Connection
from services.node.store.rows import HeadRow, LoggedRow


async def evidence_for(
    own: OwnMember, connection: Connection, subjects: list[bytes], head: HeadRow
) -> dict[bytes, Evidence]:
    """Evidence under ``head`` for each subject that stands in the ledger.

    Two queries whatever the number of subjects. The checkpoint is left empty: it
    travels once per batch.
    """
    logged = await ledger_store.read_logged(connection, subjects)
    wanted: set[tuple[int, int]] = set()
    for row in logged.values():
        wanted |= needed_for_inclusion(row.index, head.size)
    read = reader(await ledger_store.read_nodes(connection, wanted))
    return {
        subject: Evidence(
            leaf=row.leaf,
            pers=pers_opening(_key(own, row), row),
            link=link_opening(own.audit_key, row),
            index=row.index,
            path=inclusion_path(row.index, head.size, read),
            checkpoint=b"",
        )
        for subject, row in logged.items()
    }


def _key(own: OwnMember, row: LoggedRow) -> DataKey:
    if row.data_key_id is None or row.epoch is None or row.wrapped is None:
        return own.audit_key
    return own.vault.open_key(row.data_key_id, row.epoch, row.wrapped)
