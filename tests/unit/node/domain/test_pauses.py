"""A clock stands still for a named reason only, written out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.referrals import Priority

DAY = date(2018, 3, 5)


@pytest.mark.parametrize(
    ("reason", "deadline"),
    [
        ("recovery_pause", "risk_countersigned"),
        ("waiting_for_person", "family_tracing"),
        ("court", "police_verification"),
        ("illness", "follow_up_3"),
    ],
)
def test_named_reasons_hold_the_clocks_of_their_row(policy, reason, deadline) -> None:
    row = policy.pauses.check(reason, deadline, Priority.NORMAL, DAY)
    assert row.reason == reason


@pytest.mark.parametrize(
    "deadline",
    [
        # Nobody waits at a gate, on the road or for an answer because of a pause.
        "acknowledged",
        "answered",
        "countersigned",
        "dispute_settled",
        "transit_check_in",
        "arrival_confirmed",
        "not_arrived",
        "recall_acknowledged",
        "offer_expires",
        "third_decline",
    ],
)
@pytest.mark.parametrize(
    "reason", ["recovery_pause", "waiting_for_person", "court", "illness"]
)
def test_some_clocks_never_stand_still(policy, reason, deadline) -> None:
    with pytest.raises(NotLawfulError) as caught:
        policy.pauses.check(reason, deadline, Priority.NORMAL, DAY)
    assert caught.value.code == "clock.not_pausable"


def test_the_clock_of_an_emergency_never_stands_still(policy) -> None:
    with pytest.raises(NotLawfulError) as caught:
        policy.pauses.check("illness", "family_tracing", Priority.EMERGENCY, DAY)
    assert caught.value.code == "clock.emergency"


def test_a_reason_without_a_name_is_refused(policy) -> None:
    with pytest.raises(InvalidInputError) as caught:
        policy.pauses.check("busy", "family_tracing", Priority.NORMAL, DAY)
    assert caught.value.code == "clock.unknown_reason"
