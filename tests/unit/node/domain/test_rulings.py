"""Whoever asks why is told the row, on both sides of the change of law."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.node.domain.bodies import Completion, Decline, Feedback, Offer
from services.node.domain.escalations import End
from services.node.domain.functions import Function
from services.node.domain.handoff import Step
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.rulings import (
    ClockAsked,
    Ruling,
    StepAsked,
    rulings_on,
    rulings_on_clock,
)
from services.node.domain.steps import Side, State
from services.node.domain.tables import VIETNAM

OFFER = Offer("reception", "urgent", (), "18_24", "female", ("vi",), (), "", "", ())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def asked(**changes) -> StepAsked:
    usual = {
        "referral_type": ReferralType.RECEPTION,
        "priority": Priority.URGENT,
        "step": Step.OFFER,
        "author": Side.GIVER,
        "state": State.NONE,
        "at": at("2025-06-30 23:59"),
        "arrived": False,
        "giver": frozenset({Function.HOTLINE}),
        "receiver": frozenset({Function.PROVINCE_SOCIAL}),
        "categories": ("D1", "D4"),
        "body": OFFER,
    }
    return StepAsked(**{**usual, **changes})


def told(rulings: tuple[Ruling, ...]) -> list[tuple[str, str]]:
    return [(each.rule.table if each.rule else "", each.decided) for each in rulings]


def test_an_offer_is_explained_table_by_table(policy) -> None:
    found = told(rulings_on(policy, asked()))
    assert found == [
        ("steps", "the giver may take it: none -> offered"),
        (
            "may_send",
            (
                "HOTLINE may offer a reception to PROVINCE_SOCIAL;"
                " responsibility moves on release"
            ),
        ),
        ("offer_parts", "D1 on a reception: optional, asked"),
        ("need_to_know", "D1 for reception_shelter: required"),
        ("offer_parts", "D4 on a reception: optional, asked"),
        ("need_to_know", "D4 for reception_shelter: optional, summary"),
        *found[6:],
    ]
    clocks = {text.split(" ")[1]: table for table, text in found[6:]}
    assert clocks == dict.fromkeys(
        ["unreachable", "offer_expires", "acknowledged", "answered", "service_started"],
        "deadlines",
    )
    assert found[-1][1] == (
        "clock service_started (72 hours) starts, and rings at the other end only"
    )


def test_a_clock_that_runs_here_is_explained_by_limit_and_ladder(policy) -> None:
    due = at("2025-07-01 23:59")
    clock = ClockAsked("answered", Priority.URGENT, End.GIVER, due)
    found = told(rulings_on_clock(policy, clock, date(2025, 6, 30)))
    assert found[0][0] == "deadlines"
    assert found[0][1].startswith("clock answered (24 hours) is due 2025-07-01 23:59;")
    assert found[1:] == [
        ("escalations", "clock answered rings L1 at 100 %"),
        ("escalations", "clock answered rings L2 at 150 %"),
        ("escalations", "clock answered rings L3 at 200 % for PROVINCE_SOCIAL"),
        ("escalations", "clock answered rings L4 at 300 % for FOCAL_MINISTRY"),
    ]
    assert "answered" not in {
        text.split(" ")[1]
        for _, text in told(rulings_on(policy, asked(due=frozenset({"answered"}))))
        if text.startswith("clock")
    }


def test_a_clock_without_a_row_says_so(policy) -> None:
    clock = ClockAsked("no_such_clock", Priority.URGENT, End.OWN, at("2025-07-01"))
    (only,) = rulings_on_clock(policy, clock, date(2025, 6, 30))
    assert only.rule is None
    assert "no row for no_such_clock" in only.decided


@pytest.mark.parametrize(
    ("instant", "law"),
    [
        ("2025-06-30 23:59", "Law 66/2011/QH12"),
        ("2025-07-01 00:00", "Law 53/2024/QH15"),
    ],
)
def test_the_day_of_the_event_chooses_the_row(policy, instant, law) -> None:
    found = rulings_on(policy, asked(at=at(instant)))
    (rule,) = [
        each.rule for each in found if each.rule and each.rule.table == "may_send"
    ]
    assert law in rule.law
    assert rule.in_force(at(instant).date())


def test_what_moves_and_opens_is_said(policy) -> None:
    (first, *_) = rulings_on(
        policy, asked(step=Step.RELEASE, state=State.ACCEPTED, categories=())
    )
    assert first.decided == (
        "the giver may take it: accepted -> in_service; responsibility moves; what"
        " travelled sealed may be opened"
    )


def test_where_no_row_decides_the_rule_that_refuses_is_told(policy) -> None:
    found = rulings_on(
        policy,
        asked(
            giver=frozenset({Function.BANK}),
            state=State.OFFERED,
            at=at("2018-03-05 10:00"),
        ),
    )
    assert [each.rule for each in found[:2]] == [None, None]
    assert "here the offer waits for an answer" in found[0].decided
    assert "A bank cannot offer a referral for reception" in found[1].decided


@pytest.mark.parametrize(
    ("step", "body", "expected"),
    [
        (
            Step.COMPLETION,
            Completion("successful", "service_given"),
            ("outcomes", "a reception that is successful may report service_given"),
        ),
        (
            Step.FEEDBACK,
            Feedback("stable", ()),
            ("outcomes", "a reception that is underway may report stable"),
        ),
        (
            Step.COMPLETION,
            Completion("successful", "perhaps"),
            (
                "",
                (
                    "A referral for reception that is successful has no such result."
                    " (the table outcomes has no row for it)"
                ),
            ),
        ),
    ],
)
def test_a_result_is_explained_by_its_row(policy, step, body, expected) -> None:
    question = asked(step=step, body=body, author=Side.RECEIVER, state=State.IN_SERVICE)
    assert told(rulings_on(policy, question))[1] == expected


def test_a_step_without_clock_or_result_has_its_step_row_only(policy) -> None:
    question = asked(
        step=Step.DECLINE,
        body=Decline("no_capacity"),
        author=Side.RECEIVER,
        state=State.OFFERED,
    )
    assert told(rulings_on(policy, question)) == [
        ("steps", "the receiver may take it: offered -> declined")
    ]
