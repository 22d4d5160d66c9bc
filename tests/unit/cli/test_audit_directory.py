"""A log is judged by its directory, so the directory is judged first."""

from __future__ import annotations

from dataclasses import replace

from services.cli.audit_verify import FaultKind
from services.node.wire.audit import DirectoryEntry

K = FaultKind
MEMBER = "hanoi"
WRONG = "-".join(["babab"] * 12)


def test_the_fingerprint_compared_in_person_is_the_one_reported(audit_world):
    items = audit_world.items(MEMBER)
    words = audit_world.verify(items).fingerprint
    assert len(words.split("-")) == 12
    assert audit_world.verify(items, fingerprint=words).sound


def test_another_directory_than_the_one_compared_is_a_fault(audit_world):
    report = audit_world.verify(audit_world.items(MEMBER), fingerprint=WRONG)
    assert [(f.index, f.kind) for f in report.faults] == [(None, K.DIRECTORY_ALTERED)]
    assert report.fingerprint == ""


def test_a_changed_entry_is_named(audit_world):
    items = [
        replace(item, leaf=item.leaf[:-1] + bytes((item.leaf[-1] ^ 1,)))
        if isinstance(item, DirectoryEntry)
        else item
        for item in audit_world.items(MEMBER)
    ]
    report = audit_world.verify(items)
    assert [(f.index, f.kind) for f in report.faults] == [(0, K.DIRECTORY_ALTERED)]


def test_a_missing_entry_is_seen(audit_world):
    items = [
        item
        for item in audit_world.items(MEMBER)
        if not isinstance(item, DirectoryEntry)
    ]
    report = audit_world.verify(items)
    assert {f.kind for f in report.faults} == {K.DIRECTORY_ALTERED}


def test_a_log_of_a_stranger_is_a_fault(audit_world):
    identity, *rest = audit_world.items(MEMBER)
    report = audit_world.verify([replace(identity, member="nobody"), *rest])
    assert [(f.member, f.kind) for f in report.faults] == [
        ("nobody", K.DIRECTORY_ALTERED)
    ]
