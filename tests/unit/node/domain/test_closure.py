"""Closing takes a true reason, a word about the data, and nobody left to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.case_details import NO_INSTANT, CaseDetails
from services.node.domain.case_states import CaseState, Phase, Standing
from services.node.domain.closure import (
    ClosureReason,
    ReferralNow,
    check_closing,
    check_reopening,
    is_open_transfer,
)
from services.node.domain.errors import RelaisError
from services.node.domain.referrals import ReferralType
from services.node.domain.responsibility import Answerability
from services.node.domain.steps import Side, State

NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)
YEAR = timedelta(days=365)
LONGEST = datetime(2031, 9, 1, 2, tzinfo=UTC)  # five years
DETAILS = CaseDetails(
    reason="goals_achieved",
    retain_until=NOW + YEAR,
    anonymise_at=NOW + 2 * YEAR,
    delete_at=NOW + 3 * YEAR,
)
FOLLOWED = Standing(Phase.REINTEGRATION, CaseState.FOLLOW_UP)


def close(
    details=DETAILS,
    standing=FOLLOWED,
    answerable=Answerability.ANSWERABLE,
    referrals=(),
):
    check_closing(details, standing, answerable, referrals, NOW, LONGEST)


def code_of(**changes) -> str:
    with pytest.raises(RelaisError) as caught:
        close(**changes)
    return caught.value.code


def test_a_case_closes_when_its_goals_are_reached():
    close()
    completed = Standing(Phase.REINTEGRATION, CaseState.COMPLETED)
    close(standing=completed)


#: Which reason fits which state of the course; the others fit every one.
FITS = {
    "goals_achieved": {"completed", "follow_up"},
    "lost_contact": {"lost_contact"},
    "retrafficked_new_case": {"retrafficking_alert"},
    "returned_to_host_or_third_country": {
        "handed_over",
        "arrived_confirmed",
        "return_closed",
    },
}
STATES = {
    "completed": Phase.REINTEGRATION,
    "follow_up": Phase.REINTEGRATION,
    "lost_contact": Phase.REINTEGRATION,
    "retrafficking_alert": Phase.REINTEGRATION,
    "handed_over": Phase.RETURN,
    "arrived_confirmed": Phase.RETURN,
    "return_closed": Phase.RETURN,
    "received": Phase.RECEPTION,
}


@pytest.mark.parametrize("reason", list(ClosureReason))
@pytest.mark.parametrize("state", sorted(STATES))
def test_a_reason_has_to_be_true(reason, state):
    if reason is ClosureReason.NOT_A_VICTIM:
        return
    standing = Standing(STATES[state], CaseState(state))
    details = replace(DETAILS, reason=reason.value)
    if state in FITS.get(reason.value, {state}):
        close(details=details, standing=standing)
    else:
        code = code_of(details=details, standing=standing)
        assert code == "case.reason_does_not_fit"


def test_somebody_who_is_no_victim_is_let_go_only_into_other_hands():
    details = replace(DETAILS, reason="not_a_victim_referred_elsewhere")
    decided = Standing(
        Phase.RECEPTION, CaseState.PLACED, frozenset({CaseState.STATUS_NOT_VICTIM})
    )
    helped = ReferralNow(ReferralType.LIVELIHOOD, Side.GIVER, State.IN_SERVICE)
    close(details=details, standing=decided, referrals=[helped])
    for standing, referrals in (
        (decided, []),
        (decided, [replace(helped, state=State.DECLINED)]),
        (decided, [replace(helped, side=Side.RECEIVER)]),
        (Standing(Phase.RECEPTION, CaseState.PLACED), [helped]),
    ):
        code = code_of(details=details, standing=standing, referrals=referrals)
        assert code == "case.reason_does_not_fit"


@pytest.mark.parametrize(
    ("referral_type", "side", "state", "is_open"),
    [
        ("reception", "giver", "offered", True),
        ("reception", "giver", "opened", True),
        ("reception", "giver", "asked", True),
        ("reception", "giver", "accepted", True),
        ("reception", "receiver", "offered", True),
        ("reception", "giver", "in_service", False),
        ("reception", "receiver", "in_service", False),
        ("reception", "receiver", "cannot_keep", True),
        ("reception", "giver", "cannot_keep", False),
        ("reception", "giver", "void", False),
        ("reintegration", "giver", "accepted", True),
        ("voluntary_return", "giver", "in_service", True),
        ("voluntary_return", "giver", "minuted", True),
        ("voluntary_return", "receiver", "disputed", True),
        ("voluntary_return", "receiver", "received", False),
        ("voluntary_return", "giver", "withdrawn", False),
        ("legal_aid", "giver", "in_service", False),
        ("legal_aid", "giver", "offered", False),
    ],
)
def test_what_may_still_move_responsibility_keeps_a_case_open(
    referral_type, side, state, is_open
):
    referral = ReferralNow(ReferralType(referral_type), Side(side), State(state))
    assert is_open_transfer(referral) == is_open
    if is_open:
        assert code_of(referrals=[referral]) == "case.open_transfer"
    else:
        close(referrals=[referral])


def test_a_release_without_its_receipt_keeps_a_case_open():
    unconfirmed = Answerability.HANDED_UNCONFIRMED
    assert code_of(answerable=unconfirmed) == "case.handed_unconfirmed"
    close(answerable=Answerability.HANDED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"retain_until": NO_INSTANT},
        {"retain_until": NOW},
        {"anonymise_at": NOW + YEAR / 2},
        {"delete_at": NOW + YEAR},
    ],
)
def test_closing_says_what_becomes_of_the_data_in_order(wrong):
    assert code_of(details=replace(DETAILS, **wrong)) == "case.bad_disposition"


def test_no_data_outlive_the_longest_time():
    close(details=replace(DETAILS, delete_at=LONGEST))
    late = replace(DETAILS, delete_at=LONGEST + timedelta(seconds=1))
    assert code_of(details=late) == "case.kept_too_long"


def test_unknown_codes_are_refused():
    assert code_of(details=replace(DETAILS, reason="tired")) == "case.unknown_code"
    letters = replace(DETAILS, outstanding=("h", "z"))
    assert code_of(details=letters) == "case.unknown_code"
    close(details=replace(DETAILS, outstanding=("h", "dd")))


def test_a_case_is_opened_again_only_in_its_time():
    check_reopening(NOW, NOW + YEAR, NOW + YEAR)
    with pytest.raises(RelaisError) as caught:
        check_reopening(NOW, NOW + YEAR, NOW + YEAR + timedelta(seconds=1))
    assert caught.value.code == "case.reopening_too_late"
