"""Nothing that a log holds can be changed, taken out or moved unseen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from services.cli.audit_verify import FaultKind, verify_logs
from services.node.domain.errors import InvalidInputError
from services.node.wire.audit import (
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

K = FaultKind
MEMBER = "lao-cai"

BYTES = {
    LogIdentity: dict.fromkeys(
        ("directory_checkpoint", "directory_root"), K.DIRECTORY_ALTERED
    ),
    DirectoryEntry: {"leaf": K.DIRECTORY_ALTERED},
    LoggedLeaf: {
        "leaf": K.LEAF_ALTERED,
        "subject": K.SUBJECT_ALTERED,
        "meta.salt": K.OPENING_MISMATCH,
        "meta.value": K.OPENING_MISMATCH,
        "pers.salt": K.OPENING_MISMATCH,
        "pers.value": K.OPENING_MISMATCH,
        "link.salt": K.OPENING_MISMATCH,
        "link.value": K.OPENING_MISMATCH,
    },
    StoredNode: {"hash": K.NODE_ALTERED},
    StoredCheckpoint: {"note": K.CHECKPOINT_ALTERED},
    SentEnvelope: {
        **dict.fromkeys(
            (
                "envelope.header",
                "envelope.stanza",
                "envelope.ciphertext",
                "digest",
                "envelope_id",
                "event_id",
            ),
            K.ENVELOPE_ALTERED,
        ),
        "receipt": K.RECEIPT_ALTERED,
    },
    ReceivedEnvelope: {
        **dict.fromkeys(
            (
                "envelope.header",
                "envelope.stanza",
                "envelope.ciphertext",
                "digest",
                "envelope_id",
                "event_id",
            ),
            K.ENVELOPE_ALTERED,
        ),
        "evidence": K.EVIDENCE_ALTERED,
    },
    LogHead: {"root": K.HEAD_ALTERED, "checkpoint": K.HEAD_ALTERED},
}
"""Every stored column of bytes, and what a changed byte in it is called."""


def flipped(raw: bytes, position: int) -> bytes:
    """One bit of one byte; which bit varies with the position."""
    bit = 1 << (position * 5 + position // 8) % 8
    return raw[:position] + bytes((raw[position] ^ bit,)) + raw[position + 1 :]


def read(item: Any, path: str) -> Any:
    for name in path.split("."):
        item = None if item is None else getattr(item, name)
    return item


def write(item: Any, path: str, value: Any) -> Any:
    first, _, rest = path.partition(".")
    if rest:
        value = write(getattr(item, first), rest, value)
    return replace(item, **{first: value})


def changed(items: list[LogItem], place: int, *new: Any) -> list[LogItem]:
    return [*items[:place], *new, *items[place + 1 :]]


def rows(world: Any, kind: type, path: str) -> list[tuple[int, Any]]:
    """The rows of one table that hold something in one column."""
    return [
        (place, item)
        for place, item in enumerate(world.items(MEMBER))
        if isinstance(item, kind) and read(item, path)
    ]


def place_of(world: Any, item: Any) -> int | None:
    """The index that a fault in this row names."""
    log = world.logs[MEMBER]
    match item:
        case LoggedLeaf() | StoredNode():
            return item.index
        case StoredCheckpoint():
            return item.size
        case SentEnvelope() | ReceivedEnvelope():
            subjects = [leaf.subject for leaf in log.leaves]
            return subjects.index(item.digest)
    return None


COLUMNS = [(kind, path) for kind, paths in BYTES.items() for path in paths]


def name_of(each: Any) -> str:
    return str(getattr(each, "__name__", each))


def byte_columns(value_class: type, prefix: str = "") -> Iterator[str]:
    for each in fields(value_class):
        hint = str(each.type)
        if hint == "bytes":
            yield prefix + each.name
        elif "OpenedCommitment" in hint or "StoredEnvelope" in hint:
            inner = {"StoredEnvelope": "header stanza ciphertext"}.get(
                hint, "salt value"
            )
            yield from (f"{prefix}{each.name}.{name}" for name in inner.split())


def test_the_columns_below_are_all_that_a_log_carries():
    assert all(is_dataclass(kind) for kind in BYTES)
    assert {kind: set(byte_columns(kind)) for kind in BYTES} == {
        kind: set(paths) for kind, paths in BYTES.items()
    }


def test_an_untouched_network_is_sound_and_counted(audit_world):
    report = audit_world.verify_all()
    assert report.faults == ()
    assert report.members == audit_world.MEMBERS
    assert (report.leaves, report.handoffs, report.receipts) == (18, 7, 6)


def test_every_log_is_sound_by_itself(audit_world):
    for member in audit_world.MEMBERS:
        assert audit_world.verify(audit_world.items(member)).faults == ()


@pytest.mark.parametrize(("kind", "path"), COLUMNS, ids=name_of)
def test_a_changed_byte_is_named_in_every_row(audit_world, kind, path):
    """Some bytes of every row, the first and the last always."""
    items = audit_world.items(MEMBER)
    found = rows(audit_world, kind, path)
    assert found
    chance = random.Random(f"{kind.__name__}.{path}")
    for place, item in found:
        raw = read(item, path)
        positions = {0, len(raw) - 1, chance.randrange(len(raw))}
        for position in sorted(positions):
            broken = write(item, path, flipped(raw, position))
            report = audit_world.verify(changed(items, place, broken))
            named = {(each.member, each.index, each.kind) for each in report.faults}
            expected = BYTES[kind][path]
            if kind in {LogIdentity, DirectoryEntry}:
                assert {each[2] for each in named} == {expected}
            else:
                assert (MEMBER, place_of(audit_world, item), expected) in named, (
                    position,
                    report.faults,
                )


@pytest.mark.parametrize(
    ("kind", "path", "most"),
    [
        (LoggedLeaf, "leaf", 98),
        (LoggedLeaf, "pers.value", 60),
        (StoredNode, "hash", 32),
        (StoredCheckpoint, "note", 60),
        (SentEnvelope, "envelope.header", 60),
        (SentEnvelope, "receipt", 60),
        (ReceivedEnvelope, "evidence", 60),
        (LogHead, "checkpoint", 60),
        (DirectoryEntry, "leaf", 60),
    ],
    ids=name_of,
)
def test_no_byte_of_a_row_can_be_changed(audit_world, kind, path, most):
    """Every byte of one row, or so many spread over a long one."""
    items = audit_world.items(MEMBER)
    place, item = rows(audit_world, kind, path)[-1]
    raw = read(item, path)
    for position in range(0, len(raw), max(1, -(-len(raw) // most))):
        broken = write(item, path, flipped(raw, position))
        report = audit_world.verify(changed(items, place, broken))
        assert BYTES[kind][path] in {each.kind for each in report.faults}, position


NUMBERS = [
    (LoggedLeaf, "index", K.LEAF_MISSING, True),
    (StoredNode, "level", K.NODE_MISSING, True),
    (StoredNode, "index", K.NODE_MISSING, True),
    (StoredCheckpoint, "size", K.CHECKPOINT_ALTERED, False),
    (SentEnvelope, "receipt_index", K.RECEIPT_ALTERED, True),
    (LogHead, "size", K.HEAD_ALTERED, False),
    (LogIdentity, "directory_size", K.DIRECTORY_ALTERED, False),
]


@pytest.mark.parametrize(
    ("kind", "path", "expected", "named"),
    NUMBERS,
    ids=name_of,
)
@pytest.mark.parametrize("bit", [0, 1, 17, 30])
def test_a_changed_number_is_named(audit_world, kind, path, expected, named, bit):
    items = audit_world.items(MEMBER)
    for place, item in rows(audit_world, kind, path)[1:] or rows(
        audit_world, kind, path
    ):
        broken = write(item, path, read(item, path) ^ 1 << bit)
        report = audit_world.verify(changed(items, place, broken))
        where = place_of(audit_world, item if named else broken)
        assert (where, expected) in {(f.index, f.kind) for f in report.faults}


TEXTS = [
    (SentEnvelope, "recipient", K.ENVELOPE_ALTERED),
    (SentEnvelope, "state", K.STATE_ALTERED),
    (ReceivedEnvelope, "sender", K.ENVELOPE_ALTERED),
    (ReceivedEnvelope, "outcome", K.ENVELOPE_ALTERED),
    (ReceivedEnvelope, "code", K.ENVELOPE_ALTERED),
    (LogHead, "origin", K.HEAD_ALTERED),
]


@pytest.mark.parametrize(("kind", "path", "expected"), TEXTS, ids=name_of)
def test_a_changed_word_is_named(audit_world, kind, path, expected):
    items = audit_world.items(MEMBER)
    for place, item in rows(audit_world, kind, path):
        broken = write(item, path, read(item, path) + "x")
        report = audit_world.verify(changed(items, place, broken))
        where = place_of(audit_world, item)
        assert (where, expected) in {(f.index, f.kind) for f in report.faults}


DELETED = {
    LoggedLeaf: K.LEAF_MISSING,
    StoredNode: K.NODE_MISSING,
    SentEnvelope: K.ENVELOPE_MISSING,
    ReceivedEnvelope: K.ENVELOPE_MISSING,
}


@pytest.mark.parametrize("kind", DELETED, ids=name_of)
def test_a_deleted_row_is_named(audit_world, kind):
    items = audit_world.items(MEMBER)
    for place, item in enumerate(items):
        if isinstance(item, kind):
            report = audit_world.verify(changed(items, place))
            where = place_of(audit_world, item)
            named = {(each.index, each.kind) for each in report.faults}
            assert (where, DELETED[kind]) in named


@pytest.mark.parametrize("kind", DELETED, ids=name_of)
def test_a_doubled_row_is_seen(audit_world, kind):
    items = audit_world.items(MEMBER)
    for place, item in enumerate(items):
        if isinstance(item, kind):
            assert not audit_world.verify(changed(items, place, item, item)).sound


@pytest.mark.parametrize("kind", BYTES, ids=name_of)
def test_a_row_of_another_log_is_seen(audit_world, kind):
    """The same table, the same place, another member's row."""
    theirs = [each for each in audit_world.items("hanoi") if isinstance(each, kind)]
    items = audit_world.items(MEMBER)
    places = [n for n, each in enumerate(items) if isinstance(each, kind)]
    for place, foreign in zip(places, theirs, strict=False):
        if foreign != items[place]:
            assert not audit_world.verify(changed(items, place, foreign)).sound


def test_two_logs_of_one_member_are_refused(audit_world):
    items = audit_world.items(MEMBER)
    with pytest.raises(InvalidInputError) as refused:
        audit_world.verify(items, items)
    assert refused.value.code == "audit.same_member"


def test_a_log_of_an_unknown_version_is_refused(audit_world):
    identity, *rest = audit_world.items(MEMBER)
    with pytest.raises(InvalidInputError) as refused:
        audit_world.verify([replace(identity, version=2), *rest])
    assert refused.value.code == "audit.unknown_version"


def test_what_is_no_log_is_refused():
    with pytest.raises(InvalidInputError) as refused:
        verify_logs([[]])
    assert refused.value.code == "audit.unknown_version"
