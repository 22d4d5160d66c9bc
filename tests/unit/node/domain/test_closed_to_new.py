"""What a member may say of receiving nobody new, and what another makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.closed_to_new import (
    FRESH,
    LONGEST,
    ClosedToNew,
    check_closed,
    heard,
    is_stale,
)
from services.node.domain.errors import InvalidInputError

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORD = ClosedToNew(NOW, NOW + LONGEST, ("reception",), "full")
ASKED_FOR = ("reception", "legal_aid")


def test_a_season_is_the_longest_and_what_nobody_may_send_here_is_not_closed():
    check_closed(WORD, ASKED_FOR, NOW)
    check_closed(replace(WORD, referral_types=()), ASKED_FOR, NOW)
    for wrong, where in (
        (replace(WORD, until=WORD.until + timedelta(seconds=1)), "until"),
        (replace(WORD, until=NOW), "until"),
        (replace(WORD, reason="because"), "reason"),
        (replace(WORD, referral_types=("tracing",)), "referral_types"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            check_closed(wrong, ASKED_FOR, NOW)
        assert (refused.value.code, refused.value.where) == ("closed.malformed", where)


def test_it_is_about_what_it_names_or_about_everything_and_ends_by_itself():
    assert WORD.is_about("reception")
    assert not WORD.is_about("legal_aid")
    assert replace(WORD, referral_types=()).is_about("legal_aid")
    assert WORD.holds(WORD.until - timedelta(seconds=1))
    assert not WORD.holds(WORD.until)


def test_codes_of_a_newer_version_widen_nothing():
    newer = replace(WORD, referral_types=("reception", "moon"), reason="tide")
    assert heard(newer, NOW) == replace(WORD, reason="other")
    assert heard(replace(WORD, referral_types=("moon",)), NOW) is None
    with pytest.raises(InvalidInputError):
        heard(replace(WORD, until=NOW + 3 * LONGEST), NOW)


def test_a_word_is_old_after_three_rounds_of_asking():
    assert not is_stale(NOW, NOW + FRESH)
    assert is_stale(NOW, NOW + FRESH + timedelta(seconds=1))
