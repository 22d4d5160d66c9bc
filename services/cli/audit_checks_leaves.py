"""Leaves of an audited log: what each commits to, and what it stands for.

Promises: every leaf is taken apart and its openings are compared with what it
commits to. What looks wrong is held back until the tree has said whether the leaf
itself was changed: then that is the one fault, and not everything that follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass
from sys import intern

from services.cli.audit_directory import AuditedDirectory
from services.cli.audit_faults import FaultKind, Faults
from services.cli.audit_tree import Hashes
from services.node.domain.errors import RelaisError
from services.node.ledger.leaf import Kind, Leaf, Slot, commit
from services.node.ledger.merkle import leaf_hash
from services.node.wire.audit import LoggedLeaf, OpenedCommitment, OpeningState
from services.node.wire.leaves import Outcome, Pers, decode_meta, decode_pers

_ID_LENGTH = 16
_NEVER_OPENED = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an event's leaf stands for; fields are None where it is not opened."""

    index: int
    outcome: Outcome | None
    code: str
    counterparty: str | None
    link: bytes | None
    content: bytes | None
    """Payload hash and previous event."""

    @property
    def opened(self) -> bool:
        """Whether the envelope was ever opened here."""
        return not is_unopened(self.content or b"")


def is_unopened(content: bytes) -> bool:
    """Whether a leaf's content says that its envelope was never opened."""
    return content.startswith(_NEVER_OPENED)


def content_of(pers: Pers) -> bytes:
    """What both ends of a handoff commit to alike."""
    return pers.payload_hash + pers.previous_event


class LeafBook:
    """The leaves of one log."""

    def __init__(
        self, directory: AuditedDirectory, faults: Faults, hashes: Hashes | None = None
    ) -> None:
        self.hashes = Hashes() if hashes is None else hashes
        self.entries: dict[bytes, Entry] = {}
        """By subject."""
        self.erased = 0
        self._directory = directory
        self._faults = faults
        self._adopted_at: list[int] = []
        self._adopted: list[int] = []
        self._suspected: list[tuple[FaultKind, int, str]] = []

    def take(self, item: LoggedLeaf) -> None:
        """One leaf as stored."""
        if not self.hashes.put(item.index, leaf_hash(item.leaf)):
            detail = "A leaf stands at an index that is taken or far outside the log."
            self._faults.add(FaultKind.LEAF_EXTRA, item.index, detail)
            return
        leaf = self._parsed(item)
        if item.index == 0 and (leaf is None or leaf.kind is not Kind.DIRECTORY):
            self._suspect(
                FaultKind.LEAF_UNLAWFUL,
                item,
                "The first leaf does not log the directory that was adopted.",
            )
        if leaf is not None and leaf.kind is Kind.DIRECTORY:
            self._take_adoption(item)
        elif leaf is not None and leaf.kind is Kind.ROTATION:
            detail = "This version knows no rotation of ledgers."
            self._suspect(FaultKind.LEAF_UNLAWFUL, item, detail)
        else:
            self._take_event(item, leaf)

    def report(self, changed: Container[int]) -> set[int]:
        """Say what is wrong with leaves that stand as they were signed.

        ``changed`` are those that do not. Returns the indexes of the others that
        are at fault.
        """
        faulty = set()
        for kind, index, detail in self._suspected:
            if index not in changed:
                self._faults.add(kind, index, detail)
                faulty.add(index)
        return faulty

    def directory_size_at(self, index: int) -> int:
        """By how many directory entries the node went before leaf ``index``."""
        place = bisect_left(self._adopted_at, index)
        return self._adopted[place - 1] if place else self._directory.state.size

    def directory_sizes_since(self, index: int) -> list[int]:
        """The same, and every state that it adopted later."""
        place = bisect_left(self._adopted_at, index)
        return [self.directory_size_at(index), *self._adopted[place:]]

    def _parsed(self, item: LoggedLeaf) -> Leaf | None:
        try:
            return Leaf.from_bytes(item.leaf)
        except RelaisError as error:
            self._suspect(FaultKind.LEAF_UNLAWFUL, item, error.message)
            return None

    def _take_adoption(self, item: LoggedLeaf) -> None:
        head = self._directory.heads.get(item.leaf)
        if head is None or (self._adopted and head.size <= self._adopted[-1]):
            detail = "The leaf logs no head of this directory beyond the one before."
            self._suspect(FaultKind.LEAF_UNLAWFUL, item, detail)
            return
        if head.subject != item.subject:
            detail = "The subject is not the directory head that the leaf logs."
            self._suspect(FaultKind.SUBJECT_ALTERED, item, detail)
        self._adopted_at.append(item.index)
        self._adopted.append(head.size)

    def _take_event(self, item: LoggedLeaf, leaf: Leaf | None) -> None:
        self._check_state(item, item.public_state, "meta and link")
        self._check_state(item, item.pers_state, "pers")
        entry = self._entry(
            item,
            self._opened(item, "meta", leaf, item.meta),
            self._opened(item, "pers", leaf, item.pers),
            self._opened(item, "link", leaf, item.link),
        )
        if item.subject in self.entries:
            detail = "Two leaves have the same subject."
            self._suspect(FaultKind.SUBJECT_ALTERED, item, detail)
        else:
            self.entries[item.subject] = entry

    def _check_state(self, item: LoggedLeaf, state: OpeningState, what: str) -> None:
        if state is OpeningState.ABSENT:
            detail = f"No opening of {what} is stored for the leaf's subject."
            self._suspect(FaultKind.OPENING_MISSING, item, detail)
        elif state is OpeningState.UNREADABLE:
            detail = f"The sealed opening of {what} does not open under its key."
            self._suspect(FaultKind.OPENING_UNREADABLE, item, detail)
        elif state is OpeningState.ERASED:
            self.erased += 1

    def _opened(
        self,
        item: LoggedLeaf,
        which: Slot,
        leaf: Leaf | None,
        opening: OpenedCommitment | None,
    ) -> bytes | None:
        """The value, if it is what the leaf commits to."""
        if opening is None or leaf is None:
            return None
        commitments = {"meta": leaf.c_meta, "pers": leaf.c_pers, "link": leaf.c_link}
        try:
            fits = commit(which, opening.salt, opening.value) == commitments[which]
        except RelaisError:
            fits = False
        if fits:
            return opening.value
        detail = f"The opening of c_{which} does not fit the leaf."
        self._suspect(FaultKind.OPENING_MISMATCH, item, detail)
        return None

    def _entry(
        self,
        item: LoggedLeaf,
        meta_raw: bytes | None,
        pers_raw: bytes | None,
        link: bytes | None,
    ) -> Entry:
        counterparty, pers = None, None
        try:
            if meta_raw is not None:
                counterparty = intern(decode_meta(meta_raw).counterparty)
            if pers_raw is not None:
                pers = decode_pers(pers_raw)
        except RelaisError as error:
            self._suspect(FaultKind.LEAF_UNLAWFUL, item, error.message)
        if link is not None and len(link) != _ID_LENGTH:
            detail = f"c_link commits to {len(link)} bytes; expected {_ID_LENGTH}."
            self._suspect(FaultKind.LEAF_UNLAWFUL, item, detail)
        if pers is None:
            return Entry(item.index, None, "", counterparty, link, None)
        self._check_subject(item, pers, link)
        return Entry(
            index=item.index,
            outcome=pers.outcome,
            code=intern(pers.code),
            counterparty=counterparty,
            link=link,
            content=content_of(pers),
        )

    def _check_subject(self, item: LoggedLeaf, pers: Pers, link: bytes | None) -> None:
        if pers.outcome is Outcome.RECORDED:
            right = not pers.digest and link in {None, item.subject}
        else:
            right = pers.digest == item.subject
        if not right:
            detail = "The subject is not what the leaf commits to."
            self._suspect(FaultKind.SUBJECT_ALTERED, item, detail)

    def _suspect(self, kind: FaultKind, item: LoggedLeaf, detail: str) -> None:
        self._suspected.append((kind, item.index, detail))
