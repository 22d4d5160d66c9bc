"""Verifies the logs of one or several nodes, without any node and offline.

Promises: everything that an export holds is checked against everything else, and
whatever does not fit is a fault with member, place and kind; nothing is raised
for a fault. Needs the floors ledger, directory, keys, wire and domain, and no
others; items are read one at a time, and what is kept is hashes.

A log by itself proves that nothing in it was changed, moved or taken out of its
middle. That its end was not cut off, and that its member does not show different
logs to different people, only the other members' logs can prove.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from services.cli.audit_checks_between import CheckedLog, check_between
from services.cli.audit_checks_envelopes import EnvelopeBook
from services.cli.audit_checks_heads import HeadBook
from services.cli.audit_checks_leaves import LeafBook
from services.cli.audit_directory import audited_directory
from services.cli.audit_faults import AuditReport, Fault, FaultKind, Faults
from services.node.domain.errors import InvalidInputError
from services.node.wire.audit import (
    LOG_VERSION,
    DirectoryEntry,
    LoggedLeaf,
    LogHead,
    LogIdentity,
    LogItem,
    ReceivedEnvelope,
    SentEnvelope,
    StoredCheckpoint,
    StoredNode,
)

__all__ = ["AuditReport", "Fault", "FaultKind", "verify_logs"]


def verify_logs(
    logs: Iterable[Iterable[LogItem]], fingerprint: str | None = None
) -> AuditReport:
    """Check each log by itself, then all of them against one another.

    Each is the items of one export in order, as ``wire.audit.read_log`` gives
    them; they are read once. ``fingerprint`` is the directory's, as short words;
    None takes each log's directory on trust. Raises ``InvalidInputError``:
    ``audit.same_member`` for two logs of one member, ``audit.unknown_version``,
    and what the items themselves raise.
    """
    checked: dict[str, CheckedLog] = {}
    members: dict[str, Faults] = {}
    for items in logs:
        given = iter(items)
        identity = _identity(given)
        if identity.member in members:
            raise InvalidInputError(
                "audit.same_member",
                "Two of the logs are of the same member.",
                where=identity.member,
                remedy="Give the newer one only.",
            )
        faults = members[identity.member] = Faults(identity.member)
        log = _checked(identity, given, faults, fingerprint)
        if log is not None:
            checked[identity.member] = log
    check_between(checked)
    return _report(checked, members)


def _identity(items: Iterator[LogItem]) -> LogIdentity:
    identity = next(items, None)
    if not isinstance(identity, LogIdentity) or identity.version != LOG_VERSION:
        raise InvalidInputError(
            "audit.unknown_version",
            "This is no log, or one of a version that is not known here.",
            remedy="Verify it with the version that exported it, or a newer one.",
        )
    return identity


def _entries(items: Iterator[LogItem]) -> tuple[list[bytes], Iterator[LogItem]]:
    """The directory's leaves, and the items after them."""
    entries: list[bytes] = []
    for item in items:
        if not isinstance(item, DirectoryEntry):
            return entries, chain((item,), items)
        entries.append(item.leaf)
    return entries, items


def _checked(
    identity: LogIdentity,
    items: Iterator[LogItem],
    faults: Faults,
    fingerprint: str | None,
) -> CheckedLog | None:
    """The log, checked by itself; None if its directory does not hold."""
    entries, items = _entries(items)
    directory = audited_directory(identity, entries, fingerprint, faults)
    if directory is None:
        for _ in items:  # a file that is cut short is still refused
            continue
        return None
    leaves = LeafBook(directory, faults)
    heads = HeadBook(identity, directory, leaves, faults)
    envelopes = EnvelopeBook(identity, directory, leaves, faults)
    takers: dict[type[LogItem], Callable[[Any], None]] = {
        LoggedLeaf: leaves.take,
        StoredNode: heads.take_node,
        StoredCheckpoint: heads.take_checkpoint,
        SentEnvelope: envelopes.take_sent,
        ReceivedEnvelope: envelopes.take_received,
        LogHead: heads.take_head,
    }
    for item in items:
        takers[type(item)](item)
    tree, faulty = heads.close()
    envelopes.close(faulty)
    return CheckedLog(
        identity.member, directory, tree, leaves, heads, envelopes, faulty, faults
    )


def _report(checked: dict[str, CheckedLog], members: dict[str, Faults]) -> AuditReport:
    words = {log.directory.fingerprint for log in checked.values()}
    return AuditReport(
        members=tuple(members),
        leaves=sum(log.tree.size for log in checked.values()),
        handoffs=sum(_handoffs(log, checked) for log in checked.values()),
        receipts=sum(log.envelopes.receipts for log in checked.values()),
        erased=sum(log.leaves.erased for log in checked.values()),
        fingerprint=words.pop() if len(words) == 1 else "",
        faults=tuple(fault for each in members.values() for fault in each.found),
    )


def _handoffs(log: CheckedLog, checked: dict[str, CheckedLog]) -> int:
    """Envelopes sent, and those received from members whose log is not here."""
    return sum(log.envelopes.sent_to.values()) + sum(
        number
        for sender, number in log.envelopes.received_from.items()
        if sender not in checked
    )
