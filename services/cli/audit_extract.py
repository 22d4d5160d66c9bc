"""Verifies an extract of one log, without the log, without any node and offline.

Promises: every entry of an extract is led by its path to the head that the member
signed, and is opened; the envelope and the other member's proof that stand beside it
are checked as they are in a whole log. Whatever does not fit is a fault.

An extract proves what stands in it. That nothing about the case was left out, and
that the member shows no other ledger to others, only whole logs can prove.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.cli.audit_checks_envelopes import EnvelopeBook
from services.cli.audit_checks_leaves import Entry, LeafBook
from services.cli.audit_directory import AuditedDirectory, audited_directory
from services.cli.audit_faults import Fault, FaultKind, Faults
from services.cli.audit_tree import Scattered
from services.node.domain.errors import InvalidInputError, RelaisError
from services.node.ledger.checkpoint import Checkpoint, verify_checkpoint
from services.node.ledger.merkle import leaf_hash
from services.node.ledger.note import parse_note
from services.node.ledger.proof import verify_inclusion
from services.node.wire.audit import (
    LOG_VERSION,
    DirectoryEntry,
    ExtractIdentity,
    LoggedLeaf,
    LogHead,
    LogIdentity,
    LogItem,
    ProvedLeaf,
    ReceivedEnvelope,
    SentEnvelope,
)
from services.node.wire.leaves import decode_meta

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class StatedEntry:
    """What a proved leaf says, opened; empty or None where it is not opened."""

    index: int
    step: str
    role: str
    counterparty: str
    day: date | None
    outcome: str
    proved_by: str
    """The other member, if its own signed ledger says the same."""


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """What an extract proves, and everything that is wrong with it."""

    member: str
    code: str
    made_at: datetime
    """Said by the file, as the code is; nothing proves either."""
    size: int
    """Leaves under the head; 0 if the head does not hold."""
    cosigned_by: tuple[str, ...]
    """Names of other signatures under the head, which are not verified here."""
    fingerprint: str
    entries: tuple[StatedEntry, ...]
    erased: int
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.faults


def verify_extract(
    items: Iterable[LogItem], fingerprint: str | None = None
) -> ExtractReport:
    """Check the items of one extract, as ``wire.audit.read_extract`` gives them.

    ``fingerprint`` is the directory's, as short words; None takes its directory on
    trust. Raises ``InvalidInputError``: ``audit.unknown_version``, and what the
    items themselves raise.
    """
    given = list(items)
    identity = given[0] if given else None
    if not isinstance(identity, ExtractIdentity) or identity.log.version != LOG_VERSION:
        raise InvalidInputError(
            "audit.unknown_version",
            "This is no extract, or one of a version that is not known here.",
            remedy="Verify it with the version that made it, or a newer one.",
        )
    faults = Faults(identity.log.member)
    entries = [each.leaf for each in given if isinstance(each, DirectoryEntry)]
    directory = audited_directory(identity.log, entries, fingerprint, faults)
    if directory is None:
        return _report(identity, faults)
    extract = _Extract(identity, directory, faults)
    for item in given:
        extract.take(item)
    return extract.report()


class _Extract:
    """One extract whose directory holds."""

    def __init__(
        self, identity: ExtractIdentity, directory: AuditedDirectory, faults: Faults
    ) -> None:
        self._identity = identity
        self._directory = directory
        self._faults = faults
        self._leaves = LeafBook(directory, faults, Scattered())
        self._envelopes = EnvelopeBook(identity.log, directory, self._leaves, faults)
        self._proved: list[ProvedLeaf] = []
        self._note = b""
        self._head: Checkpoint | None = None
        self._takers: dict[type[LogItem], Callable[[Any], None]] = {
            ProvedLeaf: self._take_leaf,
            SentEnvelope: self._envelopes.take_sent,
            ReceivedEnvelope: self._envelopes.take_received,
            LogHead: self._take_head,
        }

    def take(self, item: LogItem) -> None:
        """One item, in the contract's order."""
        taker = self._takers.get(type(item))
        if taker is not None:
            taker(item)

    def report(self) -> ExtractReport:
        """Lead every leaf to the head, and say what holds."""
        astray = {each.logged.index for each in self._proved if not self._stands(each)}
        if self._head is not None:
            for index in sorted(astray):
                detail = "Its path does not lead to the head that was signed."
                self._faults.add(FaultKind.LEAF_ALTERED, index, detail)
        self._envelopes.close(astray | self._leaves.report(astray))
        faulty = astray | {each.index for each in self._faults.found}
        by = {claim.own_index: claim.about for claim in self._envelopes.claims}
        entries = [
            _stated(each.logged, entry, by.get(entry.index, ""))
            for each in self._proved
            if (entry := self._leaves.entries.get(each.logged.subject)) is not None
            and entry.index == each.logged.index not in faulty
        ]
        return _report(
            self._identity,
            self._faults,
            size=0 if self._head is None else self._head.size,
            cosigned_by=_others(self._note, self._identity.log),
            fingerprint=self._directory.fingerprint,
            entries=tuple(entries),
            erased=self._leaves.erased,
        )

    def _take_leaf(self, item: ProvedLeaf) -> None:
        # Which keys count follows from the adoptions, in the order of their leaves.
        if self._proved and item.logged.index <= self._proved[-1].logged.index:
            detail = "The leaves of an extract stand in the order of their numbers."
            self._faults.add(FaultKind.LEAF_MISPLACED, item.logged.index, detail)
            return
        self._proved.append(item)
        self._leaves.take(item.logged)

    def _take_head(self, item: LogHead) -> None:
        log = self._identity.log
        self._note = item.checkpoint
        try:
            # Which keys count depends on the size, which only the note itself states.
            claimed = Checkpoint.parse(parse_note(item.checkpoint).text)
            then = self._leaves.directory_size_at(claimed.size)
            keys = self._directory.ledger_keys(log.member, [then])
            origin = f"{log.network}/{log.member}"
            self._head = verify_checkpoint(item.checkpoint, origin, keys)
        except RelaisError as error:
            self._faults.add(FaultKind.HEAD_ALTERED, None, error.message)
            return
        if Checkpoint(item.origin, item.size, item.root) != self._head:
            detail = f"Its origin, size or root is not as signed at {self._head.size}."
            self._faults.add(FaultKind.HEAD_ALTERED, None, detail)

    def _stands(self, item: ProvedLeaf) -> bool:
        head, logged = self._head, item.logged
        if head is None:
            return False
        hashed = leaf_hash(logged.leaf)
        try:
            verify_inclusion(hashed, logged.index, head.size, item.path, head.root)
        except RelaisError:
            return False
        return True


def _stated(logged: LoggedLeaf, entry: Entry, proved_by: str) -> StatedEntry:
    """What a leaf without fault says; its openings fit, or there are none."""
    outcome = "" if entry.outcome is None else entry.outcome.value
    if logged.meta is None:
        return StatedEntry(entry.index, "", "", "", None, outcome, proved_by)
    meta = decode_meta(logged.meta.value)
    return StatedEntry(
        index=entry.index,
        step=meta.step,
        role=meta.role,
        counterparty=meta.counterparty,
        day=_EPOCH + timedelta(days=meta.day),
        outcome=outcome,
        proved_by=proved_by,
    )


def _others(note: bytes, log: LogIdentity) -> tuple[str, ...]:
    try:
        signed = parse_note(note).signatures
    except RelaisError:
        return ()
    own = f"{log.network}/{log.member}"
    return tuple(dict.fromkeys(each.name for each in signed if each.name != own))


def _report(
    identity: ExtractIdentity,
    faults: Faults,
    *,
    size: int = 0,
    cosigned_by: tuple[str, ...] = (),
    fingerprint: str = "",
    entries: tuple[StatedEntry, ...] = (),
    erased: int = 0,
) -> ExtractReport:
    return ExtractReport(
        member=identity.log.member,
        code=identity.code,
        made_at=identity.made_at,
        size=size,
        cosigned_by=cosigned_by,
        fingerprint=fingerprint,
        entries=entries,
        erased=erased,
        faults=tuple(faults.found),
    )
