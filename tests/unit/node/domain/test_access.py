"""A unit that acted in a case works on it; anybody else says why."""

from __future__ import annotations

import pytest

from services.node.domain.access import check_reason, needs_reason, parse_reason
from services.node.domain.errors import InvalidInputError, NotPermittedError


def test_a_unit_that_acted_in_a_case_needs_no_reason():
    assert not needs_reason("unit-1", {"unit-1", "unit-2"})
    assert needs_reason("unit-3", {"unit-1", "unit-2"})


def test_a_case_in_which_nobody_acted_yet_is_everybodys():
    assert not needs_reason("unit-1", set())


@pytest.mark.parametrize("reason", ["", "ok"])
def test_another_unit_says_why(reason):
    with pytest.raises(NotPermittedError) as error:
        check_reason(reason, "unit-3", {"unit-1"})
    assert error.value.code == "access.reason_needed"
    check_reason("thay ca đêm", "unit-3", {"unit-1"})


def test_a_reason_is_a_short_text():
    assert parse_reason("  thay ca đêm ".encode()) == "thay ca đêm"
    assert parse_reason(("ơ" * 500).encode()) == "ơ" * 500
    for raw in (b"\xff", b"a\0b", ("ơ" * 501).encode()):
        with pytest.raises(InvalidInputError) as error:
            parse_reason(raw)
        assert error.value.code == "access.bad_reason"
