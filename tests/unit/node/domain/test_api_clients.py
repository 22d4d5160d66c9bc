"""Programs: what they may be called and let into, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.api_clients import (
    ClientTerms,
    Scope,
    check_scopes,
    check_terms,
    is_key,
    new_key,
)
from services.node.domain.errors import InvalidInputError, NotPermittedError

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def terms(name="register", scopes=("read_cases",), expires_at=NOW + DAY):
    return ClientTerms(name, "can-bo-1", scopes, expires_at)


def test_terms_that_hold():
    check_terms(terms(), NOW)
    check_terms(terms(expires_at=NOW + 366 * DAY), NOW)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (terms(name=""), "client.bad_name"),
        (terms(name=" x"), "client.bad_name"),
        (terms(name="x" * 65), "client.bad_name"),
        (terms(name="a\nb"), "client.bad_name"),
        (terms(scopes=()), "client.bad_scopes"),
        (terms(scopes=("read_cases", "everything")), "client.bad_scopes"),
        (terms(expires_at=NOW), "client.bad_expiry"),
        (terms(expires_at=NOW + 367 * DAY), "client.bad_expiry"),
    ],
)
def test_terms_that_cannot_hold(wrong, code):
    with pytest.raises(InvalidInputError) as refused:
        check_terms(wrong, NOW)
    assert refused.value.code == code


def test_a_key_is_told_from_a_session_and_holds_256_bits():
    first, second = new_key(), new_key()
    assert first != second
    assert first.startswith("rk_")
    assert len(first) == 3 + 43
    assert is_key(first)
    assert not is_key(first[3:].lstrip("rk_"))


def test_one_held_scope_is_enough_and_none_is_not():
    opening = frozenset({Scope.READ_CASES, Scope.REFERRALS})
    check_scopes(["referrals"], opening)
    with pytest.raises(NotPermittedError) as refused:
        check_scopes(["directory"], opening)
    assert refused.value.code == "client.scope_missing"


def test_what_no_scope_opens_is_for_people():
    with pytest.raises(NotPermittedError) as refused:
        check_scopes(list(Scope), frozenset())
    assert refused.value.code == "client.not_for_programs"
