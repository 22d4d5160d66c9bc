"""How often somebody may try, and codes that can be read out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, NotPermittedError
from services.node.domain.sign_in import (
    Tries,
    after_try,
    check_tries,
    new_code,
    parse_code,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def passed(tries: Tries | None, kind: str, now: datetime) -> bool:
    try:
        check_tries(tries, kind, now)
    except NotPermittedError as error:
        assert error.code == "sign_in.wait"
        return False
    return True


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 0), (2, 0), (3, 0), (4, 1), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32)],
)
def test_an_officers_delay_grows(failures, seconds):
    tries = Tries(failures, NOW)
    early = timedelta(seconds=seconds) - timedelta(milliseconds=1)
    assert seconds == 0 or not passed(tries, "officer", NOW + early)
    assert passed(tries, "officer", NOW + timedelta(seconds=seconds))


def test_colleagues_of_one_source_do_not_wait_for_each_other():
    assert passed(Tries(29, NOW), "source", NOW)


@pytest.mark.parametrize(("kind", "most"), [("officer", 10), ("source", 30)])
def test_too_many_tries_lock_out_for_15_minutes_and_then_begin_anew(kind, most):
    tries = None
    for number in range(1, most + 1):
        tries = after_try(tries, kind, NOW)
        assert tries.failures == number
        assert (tries.locked_until is None) == (number < most)
    assert not passed(tries, kind, NOW + timedelta(minutes=14, seconds=59))
    later = NOW + timedelta(minutes=15)
    assert passed(tries, kind, later)
    assert after_try(tries, kind, later) == Tries(1, later)


def test_an_hour_without_a_try_begins_anew():
    tries = Tries(9, NOW)
    assert after_try(tries, "officer", NOW + timedelta(minutes=59)).failures == 10
    hour = NOW + timedelta(hours=1)
    assert after_try(tries, "officer", hour) == Tries(1, hour)


@given(st.lists(st.integers(min_value=0, max_value=4000), max_size=60))
def test_nobody_tries_more_than_ten_times_in_a_quarter_of_an_hour(pauses):
    tries, now, made = None, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if passed(tries, "officer", now):
            tries = after_try(tries, "officer", now)
            made.append(now)
    for first in made:
        window = [at for at in made if first <= at < first + timedelta(minutes=15)]
        assert len(window) <= 10 + 9


def test_a_wait_says_how_long_and_nothing_else():
    with pytest.raises(NotPermittedError) as error:
        check_tries(Tries(6, NOW), "officer", NOW)
    assert "Wait 5 seconds" in error.value.remedy
    with pytest.raises(NotPermittedError) as error:
        check_tries(Tries(10, NOW, NOW + timedelta(minutes=15)), "officer", NOW)
    assert "Wait 16 minutes" in error.value.remedy


def test_a_code_reads_the_same_however_it_is_typed():
    code = new_code()
    plain = code.replace("-", "")
    assert [len(each) for each in code.split("-")] == [5, 5, 5, 5]
    for typed in (code, code.lower(), f" {plain} ", plain.replace("0", "O")):
        assert parse_code(typed) == plain
    assert parse_code(plain.replace("1", "l")) == plain


def test_codes_differ():
    assert len({new_code() for _ in range(200)}) == 200


@pytest.mark.parametrize("typed", ["", "ABCDE", "A" * 19, "A" * 21, "Ư" * 20, "U" * 20])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(InvalidInputError) as error:
        parse_code(typed)
    assert error.value.code == "sign_in.bad_code"
