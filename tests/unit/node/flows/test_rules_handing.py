"""What goes along at a handover, and what of it is received, each rule by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.node.domain.bodies import PartBasis, Release
from services.node.domain.bodies_return import Countersignature, Medicine
from services.node.domain.handing import things_of
from tests.unit.node.flows.grounds import (
    BEFORE,
    CROSSING,
    DIGEST,
    HOUR,
    MINUTES,
    RECEIVER,
    allowed,
    ground,
    refused,
    said,
)

SIGNED = Countersignature(DIGEST, CROSSING + timedelta(minutes=1), 1, "match")
HANDED = replace(
    MINUTES,
    vehicle="car",
    plate="00A-000.00",
    escort=("social_worker",),
    escort_count=1,
    documents=("medical_record",),
)
MEDICINE = Medicine("Paracetamol", "500 mg", CROSSING + HOUR)


def test_what_goes_along_is_told_by_codes_and_counted():
    allowed(HANDED, ground(BEFORE))
    for changes in (
        {"vehicle": "cart"},
        {"vehicle": "", "plate": "00A-000.00"},
        {"plate": "call me"},
        {"documents": ("diary",)},
        {"documents": ("court_paper", "court_paper")},
        {"escort_count": 0},
        {"escort_count": 21},
    ):
        code = refused(replace(HANDED, **changes), ground(BEFORE)).code
        assert code == "handover.bad_list", changes


def test_medicine_goes_along_only_where_health_was_released():
    carried = replace(HANDED, medicines=(MEDICINE,))
    for category, code in (("D2", "handover.health_not_released"), ("D5", "")):
        basis = PartBasis(category, "consent", b"c" * 16)
        on = ground((*BEFORE, said(Release(b"o" * 16, (), (), (basis,)), CROSSING)))
        if code:
            assert refused(carried, on).code == code
        else:
            allowed(carried, on)
            for half in (replace(MEDICINE, dose=" "), replace(MEDICINE, what="a\nb")):
                bad = replace(carried, medicines=(half,))
                assert refused(bad, on).code == "handover.bad_list"


def test_the_receiver_tells_of_each_thing_once_or_of_none():
    things = things_of(HANDED)
    assert things == ("items.travel_document", "documents.medical_record")
    carried = replace(HANDED, items=("bag", "bag"), medicines=(MEDICINE,))
    assert things_of(carried)[0] == "items.bag"
    assert things_of(carried)[2] == "medicines.1"
    steps = (*BEFORE, said(HANDED, CROSSING))
    on = ground(steps, CROSSING + HOUR, RECEIVER)
    allowed(SIGNED, on)
    allowed(replace(SIGNED, received=things[:1], missing=things[1:]), on)
    for changes in (
        {"received": things[:1]},
        {"received": things, "missing": things[:1]},
        {"received": (*things, "items.gold")},
    ):
        assert refused(replace(SIGNED, **changes), on).code == "handover.not_confirmed"
