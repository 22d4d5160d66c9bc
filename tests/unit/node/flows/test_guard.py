from __future__ import annotations

import os
from dataclasses import replace

import pytest

from services.node.domain.errors import UnavailableError, VerificationError
from services.node.flows.guard import Guard, GuardState

STATE = GuardState("net/lao-cai", 7, "aa" * 32, 3, "bb" * 32, "7001", 1)


@pytest.fixture
def guard(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    return Guard((tmp_path / "a" / "head", tmp_path / "b" / "head"))


def refused(guard, present, root):
    with pytest.raises(VerificationError) as caught:
        guard.check(present, root)
    return caught.value.code


def test_a_new_ledger_needs_no_guard(guard):
    guard.check(replace(STATE, size=0), None)


def test_a_ledger_without_any_guard_is_refused(guard):
    assert refused(guard, STATE, None) == "guard.missing"


def test_every_copy_is_written_and_the_newest_counts(guard):
    guard.write(STATE)
    guard.write(replace(STATE, size=9))
    guard.paths[0].write_text(guard.paths[1].read_text())
    assert guard.newest() == replace(STATE, size=9)
    guard.paths[0].unlink()
    assert guard.newest() == replace(STATE, size=9)


def test_a_database_that_grew_since_is_good(guard):
    guard.write(STATE)
    guard.check(replace(STATE, size=12, root="cc" * 32), STATE.root)


@pytest.mark.parametrize(
    ("present", "root", "code"),
    [
        (replace(STATE, size=5), None, "guard.older_database"),
        (replace(STATE, size=9), "cc" * 32, "guard.other_history"),
        (replace(STATE, system_id="7002"), STATE.root, "guard.other_database"),
        (replace(STATE, origin="net/yen-bai"), STATE.root, "guard.other_origin"),
    ],
)
def test_a_database_that_does_not_fit_is_refused(guard, present, root, code):
    guard.write(STATE)
    assert refused(guard, present, root) == code


def test_a_copy_that_cannot_be_written_stops_publishing(guard):
    guard.paths[1].parent.rmdir()
    with pytest.raises(UnavailableError) as caught:
        guard.write(STATE)
    assert caught.value.code == "guard.not_written"


def test_a_copy_that_cannot_be_read_is_no_missing_copy(guard):
    guard.write(STATE)
    guard.paths[0].write_text("{")
    with pytest.raises(VerificationError) as caught:
        guard.newest()
    assert caught.value.code == "guard.unreadable"


def test_a_copy_is_for_its_owner_only(guard):
    guard.write(STATE)
    assert {path.stat().st_mode & 0o777 for path in guard.paths} == {0o600}


def test_a_disk_that_takes_only_a_part_leaves_the_copy_as_it_was(guard, monkeypatch):
    guard.write(STATE)
    whole = os.write
    monkeypatch.setattr(os, "write", lambda at, raw: whole(at, raw[:10]))
    with pytest.raises(UnavailableError) as caught:
        guard.write(replace(STATE, size=9))
    assert caught.value.code == "guard.not_written"
    assert guard.newest() == STATE
