"""What two members say of one day: every loss shows, and what is under way is none."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError
from services.node.domain.statements import (
    MOST_LEFT_OUT,
    Statement,
    Written,
    check_statement,
    date_of,
    day_named,
    day_written,
    days_to_state,
    here_of,
    is_due,
    utc_day,
)
from services.node.sealing.statements import statement_event, statement_hash

DIGESTS = st.binary(min_size=32, max_size=32)
FATES = st.sampled_from(["answered", "waits", "answer_lost", "statement"])
"""Settled at both ends, not there yet, there without a receipt here, not counted."""

VECTOR = "e70401af3ef3c616aea5e67f6b63bb6b0def9f0b37a636059af26812a2297b9c"


def stated(fates: dict[bytes, str]) -> Statement:
    """What the sender says of a day on which all this was written."""
    written = day_written(
        Written(digest, fate == "answered", fate == "statement")
        for digest, fate in fates.items()
    )
    hashed = statement_hash("a", "b", 9, written.counted)
    return Statement(9, 1, len(written.counted), hashed, written.left_out)


def agrees(statement: Statement, received: set[bytes]) -> bool:
    """What the recipient makes of it."""
    here = here_of(statement, received)
    return (len(here), statement_hash("a", "b", 9, here)) == (
        statement.count,
        statement.hash,
    )


def arrived(fates: dict[bytes, str], of_waiting: set[bytes]) -> set[bytes]:
    """What is there; what waits may have come in the meantime."""
    return {d for d, fate in fates.items() if fate != "waits" or d in of_waiting}


@given(st.dictionaries(DIGESTS, FATES, max_size=12), st.data())
def test_whatever_is_under_way_no_day_that_lost_nothing_differs(fates, data):
    come = data.draw(st.sets(st.sampled_from(sorted(fates)))) if fates else set()
    assert agrees(stated(fates), arrived(fates, come))


@given(st.dictionaries(DIGESTS, FATES, min_size=1, max_size=12), st.data())
def test_a_loss_at_either_end_differs_and_so_does_what_was_never_written(fates, data):
    counted = sorted(d for d, fate in fates.items() if fate == "answered")
    there = arrived(fates, set())
    if counted:
        lost = data.draw(st.sampled_from(counted))
        assert not agrees(stated(fates), there - {lost})
        less = {d: fate for d, fate in fates.items() if d != lost}
        assert not agrees(stated(less), there)
    strange = data.draw(DIGESTS.filter(lambda digest: digest not in fates))
    assert not agrees(stated(fates), there | {strange})


def test_the_hash_is_that_of_the_protocol():
    """Written out from protocol.md: LP is u64 lengths, the digests are in order."""
    digests = [hashlib.sha256(bytes([n])).digest() for n in range(3)]
    items = (b"relais/v1/statement", b"lao-cai", b"son-la", (17_594).to_bytes(8, "big"))
    packed = b"".join(
        len(each).to_bytes(8, "big") + each
        for each in (*items, b"".join(sorted(digests)))
    )
    found = statement_hash("lao-cai", "son-la", 17_594, digests)
    assert found == hashlib.sha256(packed).digest()
    assert found.hex() == VECTOR
    assert found == statement_hash("lao-cai", "son-la", 17_594, reversed(digests))
    assert found != statement_hash("son-la", "lao-cai", 17_594, digests)
    assert found != statement_hash("lao-cai", "son-la", 17_595, digests)
    assert statement_event(found, 1) != statement_event(found, 2)


def test_a_day_is_stated_two_days_later_and_again_when_all_is_answered():
    now = datetime(2018, 3, 5, 0, 0, tzinfo=UTC)
    assert days_to_state(now)[1] == day_named("2018-03-03") == utc_day(now) - 2
    assert days_to_state(now - timedelta(milliseconds=1))[1] == utc_day(now) - 3
    assert date_of(utc_day(now)).isoformat() == "2018-03-05"

    def day(*answered: bool):
        return day_written(
            Written(bytes([n]) * 32, each, statement=False)
            for n, each in enumerate(answered)
        )

    assert not is_due(day(), None, b"h")
    assert not is_due(day(False), None, b"h")
    assert is_due(day(True, False), None, b"h")
    assert not is_due(day(True, False), b"earlier", b"h")
    assert is_due(day(True, True), b"earlier", b"h")
    assert not is_due(day(True, True), b"h", b"h")
    away = [Written(n.to_bytes(32, "big"), n == 0, False) for n in range(1002)]
    assert len(day_written(away).left_out) == MOST_LEFT_OUT + 1
    assert not is_due(day_written(away), None, b"h")


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": 8},
        {"number": 0},
        {"count": 0},
        {"count": 2**31},
        {"hash": bytes(31)},
        {"left_out": (bytes(31),)},
        {"left_out": (b"b" * 32, b"a" * 32)},
        {"left_out": (b"a" * 32, b"a" * 32)},
    ],
)
def test_what_no_member_would_say_is_refused(wrong):
    right = Statement(7, 1, 1, bytes(32), ())
    check_statement(right, 9)
    with pytest.raises(InvalidInputError) as refused:
        check_statement(replace(right, **wrong), 9)
    assert refused.value.code == "statement.malformed"


def test_what_is_no_day_is_refused():
    for read in (lambda: day_named("yesterday"), lambda: date_of(2**40)):
        with pytest.raises(InvalidInputError) as refused:
            read()
        assert refused.value.code == "statement.bad_day"
