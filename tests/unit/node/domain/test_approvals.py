"""A second officer's yes is good for one act, once, in time, and never her own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.approvals import (
    Approval,
    ApprovalAnswer,
    ApprovalKind,
    ApprovalState,
    Use,
    check_answer,
    check_names_nobody,
    check_use,
    expiry,
    kind_of,
    missing,
    state_of,
)
from services.node.domain.case_details import CaseDetails
from services.node.domain.errors import RelaisError
from services.node.domain.leading import check_leads, check_somebody_leads, leading
from services.node.domain.override import OverrideAsked
from services.node.domain.people import Officer, Role

ASKED_AT = datetime(2026, 9, 1, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
CASE, OTHER = bytes([1]) * 16, bytes([2]) * 16
FIRST = Officer("officer-1", Role.OFFICER, "cases", active=True)
SECOND = Officer("supervisor-1", Role.SUPERVISOR, "review", active=True)
YES, NO = ApprovalAnswer.APPROVED, ApprovalAnswer.REFUSED

WAITING = Approval(
    approval_id=bytes(16),
    kind=ApprovalKind.CLOSURE,
    case_id=CASE,
    asked_by="officer-1",
    asked_at=ASKED_AT,
    expires_at=ASKED_AT + DAY,
)
APPROVED = replace(
    WAITING, answer=YES, answered_by="supervisor-1", answered_at=ASKED_AT + HOUR
)
ACT = Use(
    ApprovalKind.CLOSURE, CASE, "officer-1", ASKED_AT + 2 * HOUR, ASKED_AT + 2 * HOUR
)


def answered(
    approval=WAITING, second=SECOND, answer=YES, reason="", now=ASKED_AT + HOUR
) -> str:
    """The code with which the answer is refused, or nothing."""
    try:
        check_answer(approval, second, answer, reason, now)
    except RelaisError as error:
        return error.code
    return ""


def used(approval=APPROVED, second: Officer | None = SECOND, **changes) -> str:
    """The code with which the act is refused, or nothing."""
    try:
        check_use(approval, second, replace(ACT, **changes))
    except RelaisError as error:
        return error.code
    return ""


def test_what_needs_two_is_closing_and_overriding():
    assert kind_of(CaseDetails(reason="goals_achieved")) == "closure"
    asked = OverrideAsked("yen-bai", "legal_aid", "D2", "law", "why", ASKED_AT)
    assert kind_of(asked) == "override"


def test_an_approval_is_good_for_a_day(policy):
    assert expiry(policy.deadlines, ASKED_AT) == ASKED_AT + DAY


def test_another_officer_who_may_says_yes_or_no():
    override = replace(WAITING, kind=ApprovalKind.OVERRIDE)
    for role in ("officer", "supervisor", "manager", "liaison", "agency_officer"):
        assert answered(override, replace(SECOND, role=Role(role))) == ""
    assert answered(answer=NO, reason="The goals are not reached.") == ""


def test_a_case_is_closed_by_whoever_leads_and_nobody_else():
    staff = [Officer(f"{each}-9", each, "x", active=True) for each in Role]
    able = ("supervisor-9", "manager-9", "agency_officer-9")
    assert leading(staff, "") == able
    for second in staff:
        led = second.pseudonym in able
        assert (answered(second=second) == "") == led
        assert (used(second=second) == "") == led
        if not led:
            with pytest.raises(RelaisError) as caught:
                check_leads(second, staff, "manager-9")
            assert caught.value.code == "approval.not_leading"
            named = "It may be approved by: supervisor-9, agency_officer-9."
            assert caught.value.remedy == named
    # Whoever asks, and whoever left, leads nobody's closure.
    left = [replace(each, active=False) for each in staff if each.role != Role.MANAGER]
    with pytest.raises(RelaisError) as caught:
        check_somebody_leads([*left, staff[3]], staff[3].pseudonym)
    assert caught.value.code == "approval.nobody_leads"


def test_nobody_approves_what_she_asked_for_herself():
    assert answered(second=FIRST) == "approval.own"
    assert answered(second=FIRST, answer=NO, reason="No.") == "approval.own"


@pytest.mark.parametrize("kind", list(ApprovalKind))
@pytest.mark.parametrize("role", ["operator", "auditor", "administrator", "node"])
def test_a_role_that_may_not_approve_is_no_second(kind, role):
    second = replace(SECOND, role=Role(role))
    assert answered(replace(WAITING, kind=kind), second) == "people.role_may_not"


def test_who_has_left_answers_nothing():
    assert answered(second=replace(SECOND, active=False)) == "people.inactive"


def test_an_answer_is_given_once_and_in_time():
    assert answered(APPROVED) == "approval.answered"
    assert answered(replace(APPROVED, answer=NO)) == "approval.answered"
    assert answered(now=ASKED_AT + DAY) == ""
    assert answered(now=ASKED_AT + DAY + timedelta(seconds=1)) == "approval.expired"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_no_says_why(reason):
    assert answered(answer=NO, reason=reason) == "approval.no_reason"


def test_what_was_approved_may_be_done_and_tells_by_whom():
    assert check_use(APPROVED, SECOND, ACT) is SECOND


@pytest.mark.parametrize(
    ("approval", "code"),
    [
        (WAITING, "approval.waiting"),
        (replace(APPROVED, answer=NO), "approval.refused"),
        (replace(APPROVED, used_at=ASKED_AT + HOUR), "approval.used"),
    ],
)
def test_without_a_yes_that_is_still_good_nothing_is_done(approval, code):
    second = None if approval is WAITING else SECOND
    assert used(approval, second) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"case_id": OTHER}, "approval.other_case"),
        ({"kind": ApprovalKind.OVERRIDE}, "approval.other_act"),
        ({"officer": "officer-3"}, "approval.other_asker"),
        ({"officer": "supervisor-1"}, "approval.other_asker"),
        ({"now": ASKED_AT + DAY + HOUR}, "approval.expired"),
        ({"happened_at": ASKED_AT}, "approval.later_than_act"),
    ],
)
def test_an_approval_is_for_one_act_of_one_officer_in_one_case(change, code):
    assert used(**change) == code


@pytest.mark.parametrize(
    "second",
    [replace(SECOND, active=False), replace(SECOND, role=Role.AUDITOR)],
    ids=["left", "other-role"],
)
def test_the_yes_of_somebody_who_may_no_longer_approve_is_none(second):
    assert used(second=second) == "approval.second_left"


@pytest.mark.parametrize(
    ("approval", "after", "state"),
    [
        (WAITING, HOUR, "waiting"),
        (WAITING, DAY, "waiting"),
        (WAITING, DAY + HOUR, "expired"),
        (APPROVED, 2 * HOUR, "approved"),
        (APPROVED, DAY + HOUR, "expired"),
        (replace(APPROVED, answer=NO), 2 * DAY, "refused"),
        (replace(APPROVED, used_at=ASKED_AT + HOUR), 2 * DAY, "used"),
    ],
)
def test_an_approval_says_where_it_stands(approval, after, state):
    assert state_of(approval, ASKED_AT + after) == state


def test_a_missing_approval_tells_how_to_ask():
    for kind in ApprovalKind:
        error = missing(kind)
        assert error.code == "approval.missing"
        by_command = f"relais case ask-approval {kind}" in error.remedy
        # A sending is asked for where the referral is made, an arrival with its step.
        elsewhere = {ApprovalKind.SENDING, ApprovalKind.ARRIVAL}
        assert by_command == (kind not in elsewhere)
        assert "second officer" in str(error) + error.remedy


def test_no_officer_writes_down_who_the_second_was():
    check_names_nobody(CaseDetails(reason="goals_achieved"))
    with pytest.raises(RelaisError) as caught:
        check_names_nobody(CaseDetails(second_officer="supervisor-1"))
    assert caught.value.code == "approval.second_named"


@given(
    minutes=st.lists(st.integers(0, 60 * 48), min_size=3, max_size=3),
    answer=st.sampled_from([None, YES, NO]),
    same=st.booleans(),
    is_used=st.booleans(),
)
def test_an_act_goes_through_only_with_anothers_yes_before_it(
    minutes, answer, same, is_used
):
    at, happened, now = (ASKED_AT + timedelta(minutes=each) for each in sorted(minutes))
    approval = replace(
        WAITING,
        answer=answer,
        answered_by=None if answer is None else SECOND.pseudonym,
        answered_at=None if answer is None else at,
        used_at=at if is_used else None,
    )
    second = None if answer is None else SECOND
    who = "officer-1" if same else SECOND.pseudonym
    code = used(approval, second, officer=who, happened_at=happened, now=now)
    lawful = answer is YES and same and not is_used and now <= ASKED_AT + DAY
    assert (code == "") == lawful
    assert (state_of(approval, now) is ApprovalState.APPROVED) == (
        answer is YES and not is_used and now <= ASKED_AT + DAY
    )
