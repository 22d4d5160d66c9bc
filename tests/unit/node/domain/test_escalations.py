"""Who is told when (domain.md §6.0 and §6.2, written out by hand)."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.escalations import End, read_escalations
from services.node.domain.policy import parse_policy
from services.node.domain.referrals import Priority

DAY = date(2018, 3, 5)
HEADER = (
    b"deadlines,priorities,ends,level,share,channel,to,priority,"
    b"law,valid_from,valid_to,verified\n"
)
TAIL = b",a law,2014-03-25,,no\n"


def rings(policy, deadline, priority, end):
    found = policy.escalations.rings(deadline, Priority(priority), End(end), DAY)
    return [
        (row.level.value, row.share, row.to.value if row.to else "") for row in found
    ]


@pytest.mark.parametrize("deadline", ["acknowledged", "answered", "arrival_confirmed"])
def test_an_emergency_goes_straight_to_the_province_at_twice_the_limit(
    policy, deadline
) -> None:
    assert rings(policy, deadline, "emergency", "giver") == [
        ("L1", 100, ""),
        ("L3", 200, "PROVINCE_SOCIAL"),
        ("L4", 300, "FOCAL_MINISTRY"),
    ]
    assert rings(policy, deadline, "emergency", "receiver") == [("L1", 100, "")]


@pytest.mark.parametrize("priority", ["urgent", "normal"])
def test_otherwise_the_ladder_is_climbed_step_by_step(policy, priority) -> None:
    assert rings(policy, "answered", priority, "giver") == [
        ("L1", 100, ""),
        ("L2", 150, ""),
        ("L3", 200, "PROVINCE_SOCIAL"),
        ("L4", 300, "FOCAL_MINISTRY"),
    ]


LIFE_AT_RISK = [
    ("reminder", 50, ""),
    ("L1", 100, ""),
    ("L5", 100, "BORDER_GUARD"),
    ("L5", 100, "POLICE"),
]


@pytest.mark.parametrize("end", ["giver", "receiver"])
@pytest.mark.parametrize("deadline", ["countersigned", "dispute_settled"])
def test_a_one_sided_handover_or_a_dispute_goes_to_police_and_border_guard(
    policy, deadline, end
) -> None:
    for priority in Priority:
        assert rings(policy, deadline, priority, end) == LIFE_AT_RISK


@pytest.mark.parametrize("end", ["giver", "receiver"])
def test_the_second_missed_check_in_goes_to_police_and_border_guard(
    policy, end
) -> None:
    assert rings(policy, "transit_check_in", "normal", end) == [
        ("L1", 100, ""),
        ("L5", 200, "BORDER_GUARD"),
        ("L5", 200, "POLICE"),
    ]


def test_a_silent_countersignature_of_the_risk_goes_to_the_ministry(policy) -> None:
    assert rings(policy, "risk_countersigned", "normal", "giver") == [
        ("L1", 100, ""),
        ("L4", 100, "FOCAL_MINISTRY"),
    ]


def test_a_verification_reminds_at_half_and_at_four_fifths(policy) -> None:
    assert rings(policy, "police_verification", "normal", "receiver") == [
        ("reminder", 50, ""),
        ("reminder", 80, ""),
        ("reminder", 100, ""),
    ]
    assert rings(policy, "police_verification", "normal", "giver")[-2:] == [
        ("L3", 100, "PROVINCE_SOCIAL"),
        ("L4", 150, "FOCAL_MINISTRY"),
    ]


@pytest.mark.parametrize("priority", list(Priority))
def test_a_third_decline_goes_to_the_province_at_once(policy, priority) -> None:
    assert rings(policy, "third_decline", priority, "own") == [
        ("L3", 0, "PROVINCE_SOCIAL")
    ]


def test_only_the_giver_declares_its_offer_expired(policy) -> None:
    assert rings(policy, "offer_expires", "normal", "giver") == [("expiry", 100, "")]
    assert rings(policy, "offer_expires", "normal", "receiver") == []


def test_nothing_but_an_expiry_ever_ends_a_referral(policy) -> None:
    ending = {
        (name, row.level.value)
        for row in policy.escalations.rows
        if row.channel == "expiry"
        for name in row.deadlines or {"*"}
    }
    assert ending == {("offer_expires", "expiry")}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (b"*,*,*,L3,200,handoff,,urgent", b"to"),
        (b"*,*,*,L3,200,handoff,PROVINCE_SOCIAL,", b"to"),
        (b"*,*,*,L1,100,inside,POLICE,urgent", b"to"),
        (b"*,*,*,L1,100,expiry,,", b"channel"),
        (b"*,*,*,L6,100,inside,,", b"level"),
        (b"answered answered,*,*,L1,100,inside,,", b"deadlines"),
    ],
)
def test_a_ring_that_reaches_nobody_is_no_policy(row, column) -> None:
    problems: list[str] = []
    read_escalations(HEADER + row + TAIL, problems)
    assert len(problems) == 1
    assert f"escalations row 2 column {column.decode()}" in problems[0]


def test_a_ring_names_a_deadline_that_there_is(seed) -> None:
    rows = seed["escalations"] + b"anwsered,*,giver,L1,90,inside,," + TAIL
    with pytest.raises(InvalidInputError) as caught:
        parse_policy("vn-2018.1", {**seed, "escalations": rows})
    assert "no deadline is named anwsered" in caught.value.message
