"""From the departure to the arrival (domain.md §5.e, §6.2), each rule by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.bodies_return import (
    Arrival,
    CheckIn,
    Countersignature,
    Departure,
    Dispute,
    GateArrival,
    NonArrival,
    Witness,
)
from tests.unit.node.flows.grounds import (
    BEFORE,
    CROSSING,
    DIGEST,
    GATE,
    GUARD,
    HOUR,
    MEETING,
    MINUTES,
    RECEIVER,
    RISK,
    allowed,
    but,
    day,
    ground,
    refused,
    said,
    wish,
)

MINUTE = timedelta(minutes=1)
SET_OUT = day(22, 7)
LEFT = Departure(SET_OUT, 1)


# --- on the way


def test_they_set_out_on_a_fresh_wish_as_many_as_appointed():
    on = ground(BEFORE, SET_OUT)
    allowed(LEFT, on)
    assert refused(Departure(SET_OUT, 2), on).where == "persons"
    assert refused(Departure(SET_OUT + MINUTE, 1), on).code == "step.not_yet"


def test_the_wish_must_hold_until_the_appointed_time():
    """Asked at 15:00 for 10:00 is 19 hours; asked at 09:59 the day before is 24:01."""
    stale = but(wish(CROSSING - 24 * HOUR - MINUTE))
    assert refused(LEFT, ground(stale, SET_OUT)).code == "return.reconsent_stale"
    allowed(LEFT, ground(but(wish(CROSSING - 24 * HOUR)), SET_OUT))


def test_nobody_sets_out_on_an_assessment_that_ends_on_the_way():
    short = but(replace(RISK, valid_until=CROSSING - MINUTE))
    assert refused(LEFT, ground(short, SET_OUT)).code == "return.risk_expired"
    allowed(LEFT, ground(but(replace(RISK, valid_until=CROSSING)), SET_OUT))


@pytest.mark.parametrize(
    "condition", ["well", "tired", "needs_medical_care", "distressed", "in_danger"]
)
def test_the_escort_says_how_it_goes_by_a_code(condition):
    allowed(CheckIn(SET_OUT, condition), ground(BEFORE, SET_OUT))
    told = CheckIn(SET_OUT, "she sleeps in the car")
    assert refused(told, ground(BEFORE, SET_OUT)).where == "condition"
    ahead = CheckIn(SET_OUT + MINUTE, condition)
    assert refused(ahead, ground(BEFORE, SET_OUT)).code == "step.not_yet"


@pytest.mark.parametrize("late", [-9 * HOUR, -2 * HOUR, 2 * HOUR, 30 * HOUR])
def test_no_arrival_at_the_gate_is_refused_for_its_time(late):
    allowed(GateArrival(GATE, CROSSING + late), ground(BEFORE, CROSSING + late))


def test_they_are_at_the_gate_that_was_agreed():
    elsewhere = GateArrival("moc_bai", CROSSING)
    assert refused(elsewhere, ground(BEFORE)).where == "gate"


# --- the minutes


def test_minutes_need_a_wish_confirmed_within_24_hours():
    allowed(MINUTES, ground(but(wish(CROSSING - 24 * HOUR))))
    for asked, code in (
        (CROSSING - 24 * HOUR - MINUTE, "return.reconsent_stale"),
        (CROSSING + MINUTE, "return.reconsent_late"),
    ):
        assert refused(MINUTES, ground(but(wish(asked)))).code == code
    never = [each for each in BEFORE if each.handoff.step != "reconsent"]
    assert refused(MINUTES, ground(never)).code == "referral.step_missing"


def test_nobody_is_handed_over_before_they_came():
    came = ground(but(GateArrival(GATE, CROSSING + MINUTE)), CROSSING + HOUR)
    assert refused(MINUTES, came).code == "return.before_it_began"
    allowed(replace(MINUTES, handed_over_at=CROSSING + MINUTE), came)


def test_the_newest_confirmation_counts():
    stale, fresh = said(wish(CROSSING - 48 * HOUR)), said(wish(CROSSING - 2 * HOUR))
    allowed(MINUTES, ground([*BEFORE, stale, fresh]))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"gate": "moc_bai"}, "step.content_mismatch"),
        ({"persons": 2}, "step.content_mismatch"),
        ({"persons": 0}, "step.content_mismatch"),
        ({"identity_match": "looks like her"}, "referral.unknown_code"),
        ({"condition": "fine, I think"}, "referral.unknown_code"),
        ({"items": ("điện thoại\nvà túi",)}, "handover.bad_items"),
        ({"items": ("x" * 121,)}, "handover.bad_items"),
        ({"items": ("a bag",) * 101}, "handover.bad_items"),
        ({"items": (" ",)}, "handover.bad_items"),
        ({"handed_over_at": CROSSING + MINUTE}, "step.not_yet"),
    ],
    ids=str,
)
def test_minutes_are_of_the_handover_that_was_appointed(changes, code):
    assert refused(replace(MINUTES, **changes), ground(BEFORE)).code == code


def test_what_goes_along_is_said_in_the_words_of_whoever_hands_it_over():
    for said_so in ("điện thoại", "mobile phone", "手机", "belongings", "x" * 120):
        allowed(replace(MINUTES, items=(said_so,) * 100), ground(BEFORE))


@pytest.mark.parametrize("match", ["match", "mismatch", "not_checked"])
def test_the_giver_may_say_that_it_does_not_match(match):
    allowed(replace(MINUTES, identity_match=match), ground(BEFORE))


def test_two_who_were_appointed_are_handed_over_as_two():
    pair = but(replace(MEETING, persons=2))
    allowed(replace(MINUTES, persons=2), ground(pair))
    assert refused(MINUTES, ground(pair)).where == "persons"


# --- the other side of the minutes


RECEIVED_AT = CROSSING + MINUTE
SIGNED = Countersignature(DIGEST, RECEIVED_AT, 1, "match")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"minutes_digest": b"x" * 32}, "minutes_digest"),
        ({"persons": 2}, "persons"),
        ({"identity_match": "mismatch"}, "identity_match"),
        ({"identity_match": "not_checked"}, "identity_match"),
        ({"received_at": RECEIVED_AT + MINUTE}, "received_at"),
        ({"witness": "atlantis", "witness_event": b"w" * 16}, "witness"),
        ({"witness": GUARD}, "witness_event"),
        ({"witness_event": b"w" * 16}, "witness_event"),
    ],
    ids=str,
)
def test_a_countersignature_agrees_with_the_minutes_or_is_refused(changes, where):
    on = ground(BEFORE, RECEIVED_AT, RECEIVER)
    assert refused(replace(SIGNED, **changes), on).where == where


def test_a_countersignature_may_name_who_saw_it():
    on = ground(BEFORE, RECEIVED_AT, RECEIVER)
    allowed(SIGNED, on)
    allowed(replace(SIGNED, witness=GUARD, witness_event=b"w" * 16), on)


@pytest.mark.parametrize("match", ["mismatch", "not_checked"])
def test_two_sides_cannot_countersign_anything_but_a_match(match):
    steps = but(replace(MINUTES, identity_match=match))
    both = replace(SIGNED, identity_match=match)
    on = ground(steps, RECEIVED_AT, RECEIVER)
    assert refused(both, on).where == "identity_match"
    assert refused(SIGNED, on).where == "identity_match"
    allowed(Dispute(DIGEST, ("identity_mismatch",)), on)


@pytest.mark.parametrize(
    "what",
    [
        "identity_mismatch",
        "count_mismatch",
        "one_sided",
        "condition",
        "papers",
        "other",
    ],
)
def test_a_dispute_says_what_differs_from_which_minutes(what):
    on = ground(BEFORE, RECEIVED_AT, RECEIVER)
    allowed(Dispute(DIGEST, (what,)), on)
    other = Dispute(b"x" * 32, (what,))
    assert refused(other, on).where == "minutes_digest"
    for bad, code in (
        (Dispute(DIGEST, ()), "return.nothing_disputed"),
        (Dispute(DIGEST, (what, what)), "referral.code_twice"),
        (Dispute(DIGEST, ("she is taller",)), "referral.unknown_code"),
    ):
        assert refused(bad, on).code == code


def test_after_a_dispute_only_the_new_minutes_can_be_signed():
    mended = said(MINUTES, RECEIVED_AT, b"n" * 32)
    on = ground([*BEFORE, mended], RECEIVED_AT, RECEIVER)
    assert refused(SIGNED, on).where == "minutes_digest"
    allowed(replace(SIGNED, minutes_digest=b"n" * 32), on)


# --- witness and arrival


def test_a_witness_tells_of_minutes_a_gate_and_people_seen():
    on = ground((), CROSSING, GUARD)
    seen = Witness(DIGEST, GATE, CROSSING, 1)
    allowed(seen, on)
    for changes, code in (
        ({"minutes_digest": b"d" * 31}, "referral.bad_digest"),
        ({"gate": "At the bridge"}, "referral.no_code"),
        ({"persons": 0}, "return.no_person"),
        ({"seen_at": CROSSING + MINUTE}, "step.not_yet"),
    ):
        assert refused(replace(seen, **changes), on).code == code


def test_an_arrival_is_told_when_it_has_happened():
    allowed(Arrival(CROSSING + HOUR), ground(BEFORE, CROSSING + HOUR, RECEIVER))
    early = Arrival(CROSSING + HOUR + MINUTE)
    on = ground(BEFORE, CROSSING + HOUR, RECEIVER)
    assert refused(early, on).code == "step.not_yet"


def test_who_is_missed_is_told_of_at_once_with_a_reason_and_words_or_none():
    missed = NonArrival(CROSSING, "nothing_known")
    on = ground(BEFORE, CROSSING, RECEIVER)
    allowed(missed, on)
    allowed(replace(missed, text="Xe đã về, không có ai.", language="vi"), on)
    for changes, code in (
        ({"noticed_at": CROSSING + MINUTE}, "step.not_yet"),
        ({"reason": "gone"}, "arrival.bad_words"),
        ({"text": "Where?"}, "arrival.bad_words"),
        ({"language": "vi"}, "arrival.bad_words"),
        ({"text": "x" * 2001, "language": "vi"}, "arrival.bad_words"),
    ):
        assert refused(replace(missed, **changes), on).code == code
