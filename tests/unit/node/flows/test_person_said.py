"""A step tells of the person only what the person said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.bodies import Feedback
from services.node.domain.bodies_return import Withdrawal
from services.node.domain.errors import NotLawfulError
from services.node.flows.person_said import check_feedback, check_withdrawal
from tests.unit.node.flows.grounds import ASKED, CROSSING, GIVER, HOUR, wish

YES = wish().consent
NO = replace(YES, consent_id=b"n" * 16, status="refused")
ENDED = replace(YES, status="withdrawn")
TO_HOST = replace(
    YES,
    purpose="feedback_to_host_country",
    recipient=GIVER,
    categories=("D0",),
)
FAMILY = replace(YES, purpose="contact_family", recipient="family", categories=("D0",))
ARRIVED = Feedback("arrived_safely", ())


def code(check, *given):
    with pytest.raises(NotLawfulError) as caught:
        check(*given)
    return caught.value.code


@pytest.mark.parametrize("no", [NO, ENDED])
def test_a_withdrawal_rests_on_a_recorded_no(no):
    check_withdrawal((YES, no), Withdrawal(no.consent_id))


@pytest.mark.parametrize("answers", [(), (YES,), (YES, NO)])
def test_a_withdrawal_that_nobody_recorded_is_refused(answers):
    named = Withdrawal(YES.consent_id)
    assert code(check_withdrawal, answers, named) == "withdrawal.no_record"


def test_the_host_country_hears_only_with_her_consent():
    check_feedback((TO_HOST,), ARRIVED, GIVER, CROSSING)
    for answers in (
        (),
        (YES,),
        (replace(TO_HOST, recipient="consulate-kunming"),),
        (replace(TO_HOST, categories=("D11",)),),
        (replace(TO_HOST, status="refused"),),
        (replace(TO_HOST, valid_until=CROSSING),),
        (TO_HOST, replace(TO_HOST, status="withdrawn", given_at=ASKED + HOUR)),
    ):
        found = code(check_feedback, answers, ARRIVED, GIVER, CROSSING)
        assert found == "feedback.no_consent"


def test_who_is_no_host_is_answered_without_that_consent():
    check_feedback((), Feedback("found_safe", ()), "", CROSSING)


def test_relatives_are_told_what_she_allowed_and_nothing_else():
    told = Feedback("found_safe", ("found_safe",))
    check_feedback((FAMILY,), told, "", CROSSING)
    assert code(check_feedback, (), told, "", CROSSING) == "feedback.not_allowed"
    where = Feedback("found_safe", ("found_safe", "where_she_is"))
    found = code(check_feedback, (FAMILY,), where, "", CROSSING)
    assert found == "feedback.not_allowed"
