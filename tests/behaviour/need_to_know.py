"""Does a policy give each function what it needs, and nothing more?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY
from tests.expect import need_to_know as expected

MEANING = {"R": "required", "L": "required", "o": "optional", "l": "optional"}
Cell = tuple[Function, Purpose, Category]


def check_a_function_gets_what_the_matrix_says_cell_by_cell(policy: Policy) -> None:
    for on in (expected.BEGINS, expected.LAST_DAY_OF_DISTRICTS + DAY):
        _check_matrix(policy, on, Function)


def check_the_district_is_told_until_it_is_abolished(policy: Policy) -> None:
    _check_matrix(policy, expected.LAST_DAY_OF_DISTRICTS, [Function.DISTRICT_SOCIAL])


def _check_matrix(policy: Policy, on: date, functions: Iterable[Function]) -> None:
    """Each cell as told, by a row; what nobody told has no row."""
    told = _told(on)
    for function in functions:
        only = {function}
        for purpose in Purpose:
            for category in Category:
                need = policy.need_to_know.allowed(only, category, purpose, on)
                cell = (function, purpose, category)
                found = (need.necessity.value, need.limit, need.row is not None)
                routing = "required" if category is Category.D0 else "refused"
                assert found == told.get(cell, (routing, "", False)), (on, cell)


def check_no_cell_is_told_before_the_rules_hold_and_none_is_verified(
    policy: Policy,
) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.need_to_know.rows)
    assert not any(row.rule.verified for row in policy.need_to_know.rows)


@cache
def _told(on: date) -> dict[Cell, tuple[str, str, bool]]:
    lines = list(expected.MATRIX)
    if on <= expected.LAST_DAY_OF_DISTRICTS:
        lines.append(expected.DISTRICT)
    found: dict[Cell, tuple[str, str, bool]] = {}
    for name, purposes, cells, limits in lines:
        left = limits.split()
        named = expected.REFUSED_BUT_NAMED.get(name, {})
        for category, letter in zip(Category, cells.split(" "), strict=True):
            limit = left.pop(0) if letter in {"L", "l"} else named.get(category, "")
            for purpose in Purpose if purposes == "*" else purposes.split(" "):
                cell = (Function(name), Purpose(purpose), category)
                found[cell] = (MEANING.get(letter, "refused"), limit, True)
        assert not left, name
    return found
