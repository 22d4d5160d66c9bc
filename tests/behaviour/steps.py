"""Does a step table let both ends take the steps of the mechanism, and no others?"""

from __future__ import annotations

from datetime import date
from functools import cache

from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.policy import Policy
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State, StepRow
from tests.behaviour.lines import DAY
from tests.expect import steps as expected

Key = tuple[ReferralType, Step, Side, State]
AFTER_THE_LAW_OF_2011 = date(2025, 7, 1)
Told = tuple[str, bool, bool, bool]
"""To state; moves responsibility; opens identity; competes for the case's number."""


def check_every_step_of_the_mechanism_is_lawful_and_no_other(policy: Policy) -> None:
    told = _told(arrival_only=False)
    _check_taken(policy, told, arrival_only=False)
    for on in (expected.BEGINS, AFTER_THE_LAW_OF_2011):
        for key, (becomes, *rest) in told.items():
            for arrived in (False, True):
                found = _next(policy, key, on, arrived=arrived)
                assert found is not None, (key, on)
                assert found.to_state == becomes, (key, on)
                assert [
                    found.moves_responsibility,
                    found.opens_identity,
                    found.needs_case_seq,
                ] == rest, (key, on)


def check_steps_that_cross_are_settled_on_arrival_and_never_taken(
    policy: Policy,
) -> None:
    told = _told(arrival_only=True)
    _check_taken(policy, told, arrival_only=True)
    for on in (expected.BEGINS, AFTER_THE_LAW_OF_2011):
        for key, (becomes, *rest) in told.items():
            found = _next(policy, key, on, arrived=True)
            assert found is not None, (key, on)
            assert found.to_state == becomes, (key, on)
            assert [
                found.moves_responsibility,
                found.opens_identity,
                found.needs_case_seq,
            ] == rest, (key, on)


def check_no_step_is_lawful_before_the_rules_hold_and_none_is_verified(
    policy: Policy,
) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.steps.rows)
    assert not any(row.rule.verified for row in policy.steps.rows)


def _check_taken(policy: Policy, told: dict[Key, Told], *, arrival_only: bool) -> None:
    """No row, and so no key of the table, that nobody wrote down."""
    for row in policy.steps.rows:
        if row.arrival_only is arrival_only:
            for key in _keys(row):
                assert key in told, (row.rule.row, key)


def _keys(row: StepRow) -> list[Key]:
    return [
        (kind, row.step, row.author, state)
        for kind in row.referral_types
        for state in row.from_states
    ]


def _next(policy: Policy, key: Key, on, *, arrived: bool):
    try:
        return policy.steps.next(*key, on, arrived=arrived)
    except NotLawfulError:
        return None


@cache
def _told(*, arrival_only: bool) -> dict[Key, Told]:
    others = expected.CROSSING_OTHERS if arrival_only else expected.OTHERS
    usual = expected.CROSSING_SHARE if arrival_only else expected.SHARE
    moves = expected.MOVES_ON_ARRIVAL if arrival_only else expected.MOVES
    return {
        (kind, Step(step), Side(author), State(state)): (
            becomes,
            (kind.value, step) in moves,
            not arrival_only and step in expected.OPENS,
            not arrival_only and step in expected.COMPETES,
        )
        for kind in ReferralType
        for (author, step, state), becomes in others.get(kind.value, usual).items()
    }
