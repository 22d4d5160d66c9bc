"""What an acceptance promises can be kept, and whoever is awaited may be missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.node.domain.arrivals import AWAITED, ENDS_THE_WAIT
from services.node.domain.bodies import Acceptance
from services.node.domain.handoff import Step
from tests.unit.node.flows.grounds import (
    OFFER,
    POLICY,
    RECEIVER,
    allowed,
    day,
    ground,
    refused,
    said,
)


def receiver():
    return ground((said(OFFER, day(5)),), day(7), RECEIVER)


PROMISED = Acceptance(
    expected_at=day(8),
    expected_zone="Asia/Shanghai",
    contact_function="gate_officer",
    contact_phone="+86 000 0000 0000",
    contact_hours="08:00-20:00",
)


def test_whoever_accepts_promises_what_can_be_kept_or_nothing():
    allowed(Acceptance(), receiver())
    allowed(PROMISED, receiver())
    allowed(Acceptance(contact_function="nurse", contact_phone="0000"), receiver())
    now, year = day(7), timedelta(days=366)
    allowed(replace(PROMISED, expected_at=now - timedelta(seconds=59)), receiver())
    allowed(replace(PROMISED, expected_at=now + year), receiver())
    for changes, code in (
        ({"expected_at": now - timedelta(minutes=2)}, "accept.expected_in_the_past"),
        ({"expected_at": now + year * 1.01}, "accept.expected_too_late"),
        ({"expected_zone": ""}, "accept.bad_zone"),
        ({"expected_zone": "+07:00"}, "accept.bad_zone"),
        ({"expected_at": None}, "accept.bad_zone"),
        ({"contact_function": "Chi H."}, "accept.bad_contact"),
        ({"contact_function": ""}, "accept.bad_contact"),
        ({"contact_phone": ""}, "accept.bad_contact"),
        ({"contact_phone": "ask for her"}, "accept.bad_contact"),
        ({"contact_hours": "x" * 61}, "accept.bad_contact"),
        ({"contact_hours": "day\nnight"}, "accept.bad_contact"),
    ):
        assert refused(replace(PROMISED, **changes), receiver()).code == code


def test_where_somebody_is_awaited_one_may_be_missed_and_found():
    missing = {
        kind
        for row in POLICY.steps.rows
        if row.step is Step.NOT_ARRIVED
        for kind in row.referral_types
    }
    assert missing == AWAITED
    (row,) = [r for r in POLICY.deadlines.rows if r.deadline == "not_arrived"]
    assert {each.value for each in ENDS_THE_WAIT} == set(row.met_by or ())
