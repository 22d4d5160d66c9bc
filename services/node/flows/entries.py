"""Entries of the ledger for the member's own auditor: lists, and one with its proofs.

Reads only, and under the published head only: an entry whose guard is not written
yet is none. Every proof is computed and verified at the moment of looking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.node.domain.concerns import EntryKind, EntryOutcome, ReceiptState
from services.node.domain.errors import NotFoundError, RelaisError
from services.node.flows.leaves import link_opening, meta_opening
from services.node.flows.own import OwnMember
from services.node.flows.proofs import ProofReader, Proved, check_own_head
from services.node.ledger.leaf import Leaf, commit
from services.node.ledger.merkle import (
    Address,
    inclusion_path,
    leaf_hash,
    needed_for_inclusion,
    reader,
)
from services.node.ledger.proof import verify_inclusion
from services.node.store import entries as entry_store
from services.node.store import ledger as ledger_store
from services.node.store.entries import EntryFilter, EntryRow, GivenProofRow
from services.node.store.rows import HeadRow, LoggedRow

HOLDS = "holds"
ABSENT, UNREADABLE = "absent", "unreadable"
_OF_LETTERS = {EntryKind.RELAYED, EntryKind.COLLECTED, EntryKind.EXPIRED}


@dataclass(frozen=True, slots=True)
class GivenProof:
    """How another member's proof stands; numbers are 0 where there is none."""

    state: ReceiptState
    code: str = ""
    member: str = ""
    index: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """An entry with what proves it; each word is ``holds`` or what does not."""

    row: EntryRow
    leaf_hash: bytes
    path: tuple[bytes, ...]
    inclusion: str
    signature: str
    opening: str
    head: HeadRow
    receipt: GivenProof
    evidence: GivenProof


async def list_entries(
    own: OwnMember, head: HeadRow, wanted: EntryFilter, limit: int
) -> list[EntryRow]:
    """A page of entries under ``head``, the newest first."""
    await entry_store.file_entries(own.database, head.size)
    async with own.database.connection() as connection:
        return await entry_store.entries(connection, wanted, limit)


async def prove_own_entry(
    own: OwnMember, head: HeadRow, index: int, unit: str
) -> ProvedEntry:
    """One entry of a case or referral that ``unit`` acted in.

    Raises NotFoundError ``ledger.unknown_entry``, for another unit's as for none.
    """
    whole = EntryFilter("", "", "", None, None, head.size)
    mine = replace(whole, before=index + 1, unit=unit, own=own.name)
    rows = await list_entries(own, head, mine, 1)
    if not rows or rows[0].index != index:
        raise unknown_entry()
    return await prove_entry(own, head, index)


async def prove_entry(own: OwnMember, head: HeadRow, index: int) -> ProvedEntry:
    """One entry; raises NotFoundError ``ledger.unknown_entry``."""
    if index >= head.size:
        raise unknown_entry()
    (found,) = await prove_entries(own, head, [index])
    return found


async def prove_entries(
    own: OwnMember, head: HeadRow, indexes: list[int]
) -> list[ProvedEntry]:
    """These entries under ``head``, the newest first, in the queries of one."""
    await entry_store.file_entries(own.database, head.size)
    async with own.database.connection() as connection:
        rows = await entry_store.entries_at(connection, indexes)
        wanted = {
            each for row in rows for each in needed_for_inclusion(row.index, head.size)
        }
        nodes = await ledger_store.read_nodes(connection, sorted(wanted))
        subjects = [row.subject for row in rows]
        given = await entry_store.proofs_of(connection, subjects)
        logged = await ledger_store.read_logged(connection, subjects)
    signature, proofs = _signed(own, head), ProofReader(own)
    by_subject: dict[bytes, list[GivenProofRow]] = {}
    for each in given:
        by_subject.setdefault(each.digest, []).append(each)
    proved = []
    for row in rows:
        path, inclusion = _included(row.leaf, row.index, head, nodes)
        held = by_subject.get(row.subject, [])
        proved.append(
            ProvedEntry(
                row=row,
                leaf_hash=leaf_hash(row.leaf),
                path=path,
                inclusion=inclusion,
                signature=signature,
                opening=_opening(own, row, logged.get(row.subject)),
                head=head,
                receipt=_given(proofs, row.subject, held, receipt=True),
                evidence=_given(proofs, row.subject, held, receipt=False),
            )
        )
    return proved


def outcome_of(row: EntryRow) -> EntryOutcome:
    """How the entry came in."""
    if row.kind == EntryKind.DIRECTORY_ADOPTED:
        return EntryOutcome.ADOPTED
    if row.kind in _OF_LETTERS:
        return EntryOutcome(row.kind)
    if row.taken:
        return EntryOutcome(row.taken)
    return EntryOutcome.SENT if row.sent else EntryOutcome.RECORDED


def receipt_of(row: EntryRow) -> str:
    """What a list says of the receipt, unverified; empty where none is due."""
    if not row.sent:
        return ""
    if row.delivery == "waiting":
        return ReceiptState.MISSING
    return ReceiptState.REFUSAL if row.delivery == "refused" else ReceiptState.HELD


def unknown_entry() -> NotFoundError:
    """``ledger.unknown_entry``."""
    return NotFoundError(
        "ledger.unknown_entry",
        "The ledger has no entry of this number.",
        where="index",
        remedy="Take its number from the list of entries.",
    )


def _included(
    leaf: bytes, index: int, head: HeadRow, nodes: Mapping[Address, bytes]
) -> tuple[tuple[bytes, ...], str]:
    try:
        path = inclusion_path(index, head.size, reader(nodes))
        verify_inclusion(leaf_hash(leaf), index, head.size, path, head.root)
    except RelaisError as error:
        return (), error.code
    return path, HOLDS


def _signed(own: OwnMember, head: HeadRow) -> str:
    try:
        check_own_head(own, head)
    except RelaisError as error:
        return error.code
    return HOLDS


def _opening(own: OwnMember, row: EntryRow, logged: LoggedRow | None) -> str:
    """Whether what the node says about the entry opens its leaf."""
    if logged is None or logged.public_sealed is None:
        return ABSENT
    try:
        leaf = Leaf.from_bytes(row.leaf)
        meta = meta_opening(own.audit_key, logged)
        link = link_opening(own.audit_key, logged)
    except RelaisError:
        return UNREADABLE
    fits = (
        commit("meta", meta.salt, meta.value) == leaf.c_meta
        and commit("link", link.salt, link.value) == leaf.c_link
    )
    return HOLDS if fits else "ledger.bad_opening"


def _given(
    proofs: ProofReader, digest: bytes, given: list[GivenProofRow], *, receipt: bool
) -> GivenProof:
    row = next((each for each in given if each.receipt is receipt), None)
    if row is None:
        return GivenProof(ReceiptState.NONE)
    if row.evidence is None:
        return GivenProof(ReceiptState.MISSING, member=row.member)
    try:
        proved: Proved = (
            proofs.receipt(row.member, digest, row.index or 0, row.evidence)
            if receipt
            else proofs.evidence(row.member, digest, row.evidence)
        )
    except RelaisError as error:
        return GivenProof(ReceiptState.BROKEN, error.code, row.member)
    state = ReceiptState.REFUSAL if proved.refused else ReceiptState.VERIFIED
    return GivenProof(state, proved.code, row.member, proved.index, proved.size)
