"""Tags, pages and keys of acts."""

from __future__ import annotations

import pytest

from gateway.api.answers import (
    cursor_of,
    names,
    offset_page,
    part_page,
    read_cursor,
    tag_of,
)
from gateway.api.callers import act_id
from services.node.domain.errors import InvalidInputError


def test_a_tag_changes_with_what_it_names_and_with_nothing_else():
    assert tag_of({"a": 1}) == tag_of({"a": 1})
    assert tag_of({"a": 1}) != tag_of({"a": 2})
    assert tag_of({"a": 1, "now": 7}, ("now",)) == tag_of({"a": 1, "now": 8}, ("now",))
    assert tag_of({"a": 1, "now": 7}, ("now",)).startswith('W/"')
    assert len(tag_of({})) == 42


def test_a_header_names_any_of_its_tags_and_a_star_any_tag():
    tag = tag_of({"a": 1})
    assert names(f'"x", {tag}', tag)
    assert names(f"W/{tag}", tag)
    assert names("*", tag)
    assert not names('"x"', tag)
    assert not names("", tag)


@pytest.mark.parametrize("number", [0, 1, 50, 2**31 - 1])
def test_a_cursor_comes_back_as_it_went(number):
    assert read_cursor(cursor_of(number)) == number


@pytest.mark.parametrize("text", ["x", "!!", "LTE", "é", "MjE0NzQ4MzY0OA"])
def test_a_cursor_that_no_page_gave_is_refused(text):
    with pytest.raises(InvalidInputError) as refused:
        read_cursor(text)
    assert refused.value.code == "api.bad_cursor"


def test_the_last_page_has_no_next():
    assert offset_page(("a", "b"), 4, 2)["next"] == cursor_of(6)
    assert offset_page(("a",), 4, 2)["next"] is None


def test_a_part_of_a_whole_list_ends_where_it_ends():
    assert part_page("abc", 0, 2) == {"items": ["a", "b"], "next": cursor_of(2)}
    assert part_page("abc", 2, 2) == {"items": ["c"], "next": None}
    assert part_page("abcd", 2, 2)["next"] is None


async def test_the_key_of_an_act_is_16_bytes_however_it_is_written():
    assert await act_id("0A" * 16) == b"\x0a" * 16
    assert await act_id("0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a") == b"\x0a" * 16
    for wrong in ("", "7", "0a" * 15, "zz" * 16):
        with pytest.raises(InvalidInputError) as refused:
            await act_id(wrong)
        assert refused.value.code == "api.no_idempotency_key"
