"""Does a policy let referrals go between whom they must, and nobody else?"""

from __future__ import annotations

from datetime import date
from functools import cache

from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.policy import Policy
from services.node.domain.referrals import ReferralType
from tests.behaviour.lines import DAY
from tests.expect import may_send as expected

Triple = tuple[ReferralType, Function, Function]

DAYS = (
    expected.BEGINS,
    expected.LAST_DAY_OF_2011,
    expected.LAST_DAY_OF_2011 + DAY,
)


def check_a_referral_goes_between_these_functions_and_no_others(
    policy: Policy,
) -> None:
    for on in DAYS:
        allowed = _allowed(on)
        for row in policy.may_send.rows:
            if row.rule.in_force(on):
                triple = (row.referral_type, row.giver, row.receiver)
                assert triple in allowed, (on, row.rule.row)
        for kind, giver, receiver in allowed:
            moves_on = expected.MOVES_ON.get(kind.value, "never")
            try:
                found = policy.may_send.competence(kind, {giver}, {receiver}, on)
            except NotLawfulError as refused:
                raise AssertionError(on, kind, giver, receiver) from refused
            assert found.receiver_functions == {receiver}
            assert found.moves_on == moves_on, (on, kind, giver, receiver)
            duty = (giver.value, kind.value) in expected.DUTY_OF_THE_HOTLINE
            verified = duty and on > expected.LAST_DAY_OF_2011
            (row,) = found.rows
            assert row.rule.verified is verified, (on, row.rule.row)


def check_nothing_goes_before_the_rules_hold(policy: Policy) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.may_send.rows)


@cache
def _allowed(on: date) -> frozenset[Triple]:
    tables = [expected.ALLOWED]
    if on <= expected.LAST_DAY_OF_2011:
        tables.append(expected.DISTRICT)
    return frozenset(
        (ReferralType(kind), Function(giver), Function(receiver))
        for table in tables
        for kind, between in table.items()
        for givers, receivers in between
        for giver in givers
        for receiver in receivers
    )
