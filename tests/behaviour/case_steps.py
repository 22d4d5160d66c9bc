"""Does a case go the way of the mechanism, and no other: who, when, what is due?"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from services.node.domain.case_step_rows import CaseStepRow
from services.node.domain.policy import Policy
from tests.behaviour.lines import in_order, words
from tests.expect import case_steps as expected
from tests.expect.case_step_words import Line

Way = tuple[str, ...]
"""An act with its triggers, and what a check asks about it."""


def check_an_act_is_whose_it_is(policy: Policy) -> None:
    _agree(policy, lambda row: [words(row.functions)], lambda line: [_set(line.who)])


def check_a_case_moves_from_state_to_state_as_the_mechanism_says(
    policy: Policy,
) -> None:
    _agree(
        policy,
        lambda row: [
            words(row.phases),
            words(row.from_states),
            words(row.to_state) or "=",
            words(row.to_phase),
        ],
        lambda line: [
            in_order(line.phases),
            _from(line.before),
            line.after,
            line.phase,
        ],
    )


def check_a_row_starts_and_meets_its_clocks(policy: Policy) -> None:
    _agree(
        policy,
        lambda row: [words(row.starts), words(row.meets)],
        lambda line: [in_order(line.starts), in_order(line.meets)],
    )


def check_a_row_is_its_laws_from_the_first_day_to_the_last(policy: Policy) -> None:
    found = Counter(
        (*_what(row), row.rule.valid_from, row.rule.valid_to, row.rule.verified)
        for row in policy.case_steps.rows
    )
    told = Counter(
        (*_told(line), *dated) for line in expected.LINES for dated in line.laws
    )
    assert found == told, [*(found - told), *(told - found)][:4]


def _agree(policy: Policy, asked: Any, said: Any) -> None:
    found = Counter((*_what(row), *asked(row)) for row in policy.case_steps.rows)
    told = Counter(
        (*_told(line), *said(line)) for line in expected.LINES for _ in line.laws
    )
    assert found == told, [*(found - told), *(told - found)][:4]


def _what(row: CaseStepRow) -> Way:
    triggers = sorted(
        f"{each.what}:{each.end}:{each.step}:{each.code}" for each in row.triggers
    )
    return row.act.value, " ".join(triggers)


def _told(line: Line) -> Way:
    return line.act, in_order(line.on)


def _set(who: set[str]) -> str:
    return " ".join(sorted(who))


@cache
def _from(states: str) -> str:
    return in_order(states)
