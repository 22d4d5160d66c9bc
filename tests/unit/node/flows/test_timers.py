"""What a step does to clocks at either end, times written out by hand (UTC+7)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from services.node.domain.handoff import Step
from services.node.domain.policy import parse_policy
from services.node.domain.steps import Side
from services.node.flows.clocks import start_clock
from services.node.flows.effects import Happened
from services.node.flows.inside import InsideAct
from services.node.flows.timers import act_clocks, step_clocks
from tests.unit.node.flows.two_ends import (
    CASE,
    POLICY,
    TABLES_READ,
    after,
    at,
    met,
    own_of,
    referral,
    started,
)


def test_an_offer_starts_its_clocks_at_both_ends() -> None:
    given = started(after(Step.OFFER, "2018-03-05 09:00", priority="emergency"))
    assert given == {
        "unreachable": {"L1:inside:100": at("2018-03-05 09:05")},
        "acknowledged": {
            "L1:inside:100": at("2018-03-05 10:00"),
            "L3:PROVINCE_SOCIAL:200": at("2018-03-05 11:00"),
            "L4:FOCAL_MINISTRY:300": at("2018-03-05 12:00"),
        },
        "answered": {
            "L1:inside:100": at("2018-03-05 13:00"),
            "L3:PROVINCE_SOCIAL:200": at("2018-03-05 17:00"),
            "L4:FOCAL_MINISTRY:300": at("2018-03-05 21:00"),
        },
        "offer_expires": {"expiry:expiry:100": at("2018-03-05 17:00")},
        "service_started": {
            "L1:inside:100": at("2018-03-06 09:00"),
            "L3:PROVINCE_SOCIAL:200": at("2018-03-07 09:00"),
            "L4:FOCAL_MINISTRY:300": at("2018-03-08 09:00"),
        },
    }
    received = started(
        after(
            Step.OFFER,
            "2018-03-05 09:00",
            own="lao-cai",
            here=False,
            side="receiver",
            peer="hotline-hanoi",
            priority="emergency",
        )
    )
    assert received == {
        "acknowledged": {"L1:inside:100": at("2018-03-05 10:00")},
        "answered": {"L1:inside:100": at("2018-03-05 13:00")},
        "service_started": {"L1:inside:100": at("2018-03-06 09:00")},
    }


@pytest.mark.parametrize(
    ("peer", "when", "first"),
    [
        # One working day of a province, in its office hours and over Tet 2018.
        ("lao-cai", "2018-03-05 09:00", "2018-03-06 09:00"),
        ("lao-cai", "2018-03-05 18:30", "2018-03-07 07:30"),
        ("lao-cai", "2018-03-09 18:30", "2018-03-13 07:30"),
        ("lao-cai", "2018-02-13 15:00", "2018-02-21 15:00"),
        ("lao-cai", "2018-02-15 10:00", "2018-02-22 07:30"),
        # A swapped Saturday is worked, the day that was given for it is off.
        ("lao-cai", "2025-04-25 09:00", "2025-04-26 09:00"),
        ("lao-cai", "2025-04-29 09:00", "2025-05-05 09:00"),
        # Somebody who is there around the clock starts at once.
        ("police", "2018-03-05 18:30", "2018-03-06 18:30"),
    ],
)
def test_a_working_day_is_counted_where_the_answer_is_due(peer, when, first) -> None:
    clocks = started(after(Step.OFFER, when, peer=peer))
    assert clocks["acknowledged"]["L1:inside:100"] == at(first)


def test_the_clock_of_an_emergency_counts_the_night() -> None:
    clocks = started(after(Step.OFFER, "2018-02-16 23:30", priority="emergency"))
    assert clocks["acknowledged"]["L1:inside:100"] == at("2018-02-17 00:30")


def test_the_law_of_the_day_on_which_it_starts_rules_a_clock() -> None:
    kind = {"peer": "police", "kind": "identity_verification"}
    last = started(after(Step.RELEASE, "2025-06-30 23:59", **kind))
    # 20 days under the law of 2011, reminded at half and four fifths of them.
    assert last["police_verification"] == {
        "reminder:inside:50": at("2025-07-10 23:59"),
        "reminder:inside:80": at("2025-07-16 23:59"),
        "reminder:inside:100": at("2025-07-20 23:59"),
        "L3:PROVINCE_SOCIAL:100": at("2025-07-20 23:59"),
        "L4:FOCAL_MINISTRY:150": at("2025-07-30 23:59"),
    }
    first = started(after(Step.RELEASE, "2025-07-01 00:00", **kind))
    # And as long under the new law, until its figure is known.
    assert first["police_verification"] == {
        "reminder:inside:50": at("2025-07-11 00:00"),
        "reminder:inside:80": at("2025-07-17 00:00"),
        "reminder:inside:100": at("2025-07-21 00:00"),
        "L3:PROVINCE_SOCIAL:100": at("2025-07-21 00:00"),
        "L4:FOCAL_MINISTRY:150": at("2025-07-31 00:00"),
    }


def test_a_check_in_meets_the_last_and_starts_the_next() -> None:
    writes = after(Step.CHECK_IN, "2018-03-05 12:00", kind="voluntary_return")
    assert met(writes) == {"transit_check_in"}
    assert started(writes)["transit_check_in"] == {
        "L1:inside:100": at("2018-03-05 16:00"),
        "L5:BORDER_GUARD:200": at("2018-03-05 20:00"),
        "L5:POLICE:200": at("2018-03-05 20:00"),
    }


def test_at_the_gate_the_check_ins_end_and_the_minutes_are_waited_for() -> None:
    writes = after(Step.GATE_ARRIVAL, "2018-03-05 12:00", kind="voluntary_return")
    assert met(writes) == {"transit_check_in", "not_arrived"}
    assert started(writes) == {
        "appointment_tolerance": {
            "L1:inside:100": at("2018-03-05 14:00"),
            "L5:BORDER_GUARD:200": at("2018-03-05 16:00"),
            "L5:POLICE:200": at("2018-03-05 16:00"),
        }
    }


def test_who_did_not_arrive_is_told_of_at_once_at_both_ends_and_loudly() -> None:
    at_once = at("2018-03-05 14:00")
    told = {
        "L1:inside:0": at_once,
        "L2:inside:0": at_once,
        "L3:PROVINCE_SOCIAL:0": at_once,
        "L4:FOCAL_MINISTRY:50": at("2018-03-05 14:30"),
        "L5:BORDER_GUARD:100": at("2018-03-05 15:00"),
        "L5:POLICE:100": at("2018-03-05 15:00"),
    }
    for end in ({}, {"here": False, "own": "lao-cai", "side": "receiver"}):
        writes = after(
            Step.NOT_ARRIVED, "2018-03-05 14:00", kind="voluntary_return", **end
        )
        assert started(writes)["not_arrived"] == told
        assert "arrival_confirmed" not in met(writes)


def test_a_word_that_crossed_an_end_alarms_nobody_who_could_not_end_it() -> None:
    alarmed = set()
    for row in POLICY.steps.rows:
        if row.step is not Step.NOT_ARRIVED or not row.arrival_only:
            continue
        side = "receiver" if row.author is Side.GIVER else "giver"
        for kind, state in product(row.referral_types, row.from_states):
            there = {"kind": kind.value, "state": state.value, "side": side}
            writes = after(Step.NOT_ARRIVED, "2018-03-05 14:00", here=False, **there)
            if started(writes):
                alarmed.add(state.value)
    # Where it goes on: she may be anywhere, and further steps end the alarm.
    assert alarmed == {"risk_proposed", "appointment_proposed", "minuted"}


def test_the_word_that_she_was_found_ends_the_alarm_at_both_ends() -> None:
    for end in ({}, {"here": False, "own": "lao-cai", "side": "receiver"}):
        now = "2018-03-05 14:00"
        writes = after(Step.NOT_ARRIVED, now, found=True, state="in_service", **end)
        assert started(writes) == {}
        assert met(writes) == {"not_arrived"}


def test_minutes_alarm_after_four_hours_without_countersignature() -> None:
    writes = after(Step.MINUTES, "2018-03-05 22:00", kind="voluntary_return")
    assert started(writes)["countersigned"] == {
        "reminder:inside:50": at("2018-03-06 00:00"),
        "L1:inside:100": at("2018-03-06 02:00"),
        "L5:BORDER_GUARD:100": at("2018-03-06 02:00"),
        "L5:POLICE:100": at("2018-03-06 02:00"),
    }


def test_a_withdrawal_under_minutes_ends_the_wait_and_must_be_received() -> None:
    gave = after(Step.WITHDRAWAL, "2018-03-05 22:10", kind="voluntary_return")
    assert "countersigned" in met(gave)
    assert started(gave) == {
        "unreachable": {"L1:inside:100": at("2018-03-05 23:10")},
    }
    got = after(
        Step.WITHDRAWAL, "2018-03-05 22:10", kind="voluntary_return", here=False
    )
    assert "countersigned" in met(got)
    assert started(got) == {}


@pytest.mark.parametrize(
    ("step", "state", "clocks"),
    [
        (Step.DISPUTE, "disputed", {"dispute_settled"}),
        (Step.DISPUTE, "withdrawn", set()),
        (Step.RETURN_PLAN, "returned", set()),
        (Step.RECALL, "withdrawn", {"recall_acknowledged"}),
    ],
)
def test_what_crosses_the_end_of_a_return_starts_no_clock(step, state, clocks) -> None:
    what = Happened(
        b"e" * 16, step, at("2018-03-05 22:10"), at("2018-03-05 22:10"), here=False
    )
    row = replace(referral(kind="voluntary_return"), state=state)
    assert set(started(step_clocks(own_of("hotline-hanoi"), row, what))) == clocks


@pytest.mark.parametrize("step", [Step.DECLINE, Step.EXPIRY, Step.MISROUTED])
def test_whoever_does_not_take_it_up_is_counted_for_the_third(step) -> None:
    writes = after(step, "2018-03-05 12:00", here=False)
    (counted,) = [w for w in writes if w.query == "insert_timer_after_refusals"]
    assert counted.arguments[1] == "third_decline"
    assert counted.arguments[-2:] == ("reception", 3)
    assert started(writes) == {
        "third_decline": {"L3:PROVINCE_SOCIAL:0": at("2018-03-05 12:00")}
    }
    again = after(step, "2018-03-08 12:00", here=False)
    (later,) = [w for w in again if w.query == "insert_timer_after_refusals"]
    assert later.arguments[0] == counted.arguments[0]  # one clock a need


def test_the_receiver_counts_nobodys_declines() -> None:
    writes = after(Step.DECLINE, "2018-03-05 12:00", side="receiver")
    assert started(writes) == {}


def test_the_same_step_starts_the_same_clock() -> None:
    ids = {
        write.arguments[0]
        for _ in range(2)
        for write in after(Step.MINUTES, "2018-03-05 22:00", kind="voluntary_return")
        if write.query == "insert_timer"
    }
    assert len(ids) == 2  # countersigned and unreachable


def test_the_two_ends_have_clocks_of_their_own() -> None:
    """Both may ring at the same third member: their rings are not one another's."""
    ids = [
        write.arguments[0]
        for own, side in (("hotline-hanoi", "giver"), ("lao-cai", "receiver"))
        for write in after(
            Step.CHECK_IN,
            "2018-03-05 12:00",
            own=own,
            side=side,
            kind="voluntary_return",
        )
        if write.query == "insert_timer"
    ]
    assert len(set(ids)) == len(ids) == 2


def test_an_act_inside_starts_and_meets_the_clocks_of_its_case() -> None:
    deadlines = TABLES_READ["deadlines"].replace(
        b"person_safe,*,2,hours,,,",
        b"person_safe,*,2,hours,act:case_opened,act:record_added,",
    )
    policy = parse_policy("test", {**TABLES_READ, "deadlines": deadlines})
    own = own_of("lao-cai", policy)
    opened = act_clocks(
        own, CASE, InsideAct.CASE_OPENED, b"e" * 16, at("2018-03-05 22:00")
    )
    assert started(opened) == {
        "person_safe": {
            "L1:inside:100": at("2018-03-06 00:00"),
            "L2:inside:150": at("2018-03-06 01:00"),
            "L3:PROVINCE_SOCIAL:200": at("2018-03-06 02:00"),
            "L4:FOCAL_MINISTRY:300": at("2018-03-06 04:00"),
        }
    }
    (stopped,) = act_clocks(
        own, CASE, InsideAct.RECORD_ADDED, b"f" * 16, at("2018-03-05 23:00")
    )
    assert stopped.query == "stop_case_timers"
    assert stopped.arguments[:2] == (CASE.case_id, ["person_safe"])


def test_a_flow_starts_a_clock_of_a_case_by_name() -> None:
    own = own_of("lao-cai")
    when = at("2025-07-01 10:00")  # Tuesday
    name = "reintegration_application_decision"
    clocks = started(start_clock(own, CASE.case_id, name, b"e" * 16, when))
    assert clocks[name]["L1:inside:100"] == at("2025-07-14 10:00")


def test_what_has_to_be_done_at_once_is_due_as_it_starts_and_escalates_nowhere() -> (
    None
):
    own, when = own_of("lao-cai"), at("2018-03-28 10:20")
    name = "certificate_of_return"
    (write,) = start_clock(own, CASE.case_id, name, b"e" * 16, when)
    assert started([write]) == {name: {"reminder:inside:100": when}}


def test_every_act_that_the_policy_names_is_one() -> None:
    acts = {act.value for act in InsideAct} | {"receipt"}
    named = {
        word.removeprefix("act:")
        for row in POLICY.deadlines.rows
        for word in (row.starts or frozenset()) | (row.met_by or frozenset())
        if word.startswith("act:")
    }
    assert named <= acts


def test_a_referral_that_has_no_case_here_counts_no_declines() -> None:
    what = Happened(
        b"e" * 16,
        Step.DECLINE,
        at("2018-03-05 12:00"),
        at("2018-03-05 12:00"),
        here=False,
    )
    row = replace(referral(), case_id=None)
    assert started(step_clocks(own_of("hotline-hanoi"), row, what)) == {}
