"""A session locks when idle and is over after a day's work, whatever was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.errors import NotPermittedError
from services.node.domain.sessions import (
    SessionTimes,
    Standing,
    check_open,
    check_recent,
    is_due,
    standing,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FRESH = SessionTimes(NOW, NOW, None, NOW)
INSTANT = timedelta(milliseconds=1)


def after(**passed: float) -> datetime:
    return NOW + timedelta(**passed)


def refused(check, *given, **named) -> str:
    with pytest.raises(NotPermittedError) as error:
        check(*given, **named)
    return error.value.code


def test_a_session_locks_after_15_idle_minutes():
    assert standing(FRESH, after(minutes=15) - INSTANT) is Standing.OPEN
    assert standing(FRESH, after(minutes=15)) is Standing.LOCKED
    used = replace(FRESH, last_seen=after(minutes=10))
    assert standing(used, after(minutes=25) - INSTANT) is Standing.OPEN
    assert used.locks_at == after(minutes=25)


def test_a_session_that_was_locked_stays_locked():
    locked = replace(FRESH, locked_at=after(minutes=1))
    assert standing(locked, after(minutes=1)) is Standing.LOCKED


def test_a_session_is_over_after_eight_hours_and_when_its_officer_left():
    busy = replace(FRESH, last_seen=after(hours=8) - INSTANT)
    assert standing(busy, after(hours=8) - INSTANT) is Standing.OPEN
    assert standing(busy, after(hours=8)) is Standing.OVER
    assert standing(replace(FRESH, active=False), NOW) is Standing.OVER


def test_only_what_may_be_done_while_locked_is_done_then():
    late = after(minutes=20)
    assert refused(check_open, FRESH, late, while_locked=False) == "sign_in.locked"
    check_open(FRESH, late, while_locked=True)
    over = after(hours=9)
    for while_locked in (False, True):
        code = refused(check_open, FRESH, over, while_locked=while_locked)
        assert code == "sign_in.over"


def test_use_is_noted_once_a_minute():
    assert not is_due(FRESH, after(seconds=59))
    assert is_due(FRESH, after(seconds=60))


def test_a_proof_holds_for_five_minutes():
    check_recent(FRESH, after(minutes=5) - INSTANT)
    late = refused(check_recent, FRESH, after(minutes=5))
    assert late == "sign_in.reauthenticate"
