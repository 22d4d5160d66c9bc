"""With which paper somebody may travel, and for how long it may be valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.node.domain.bodies_return import TravelDocument
from services.node.domain.tables import VIETNAM
from tests.unit.node.flows.grounds import (
    ASKED,
    CROSSING,
    DAY,
    HOUR,
    MEETING,
    PAPER,
    PAPERED,
    PLAN,
    PLANNED,
    allowed,
    but,
    ground,
    refused,
    until,
)

MINUTE = timedelta(minutes=1)
LATER = datetime(2031, 3, 9, 12, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "kind",
    [
        "ordinary_passport",
        "shortened_passport",
        "laissez_passer_border",
        "certificate_of_return",
        "foreign_exit_permit",
    ],
)
def test_a_paper_is_of_a_known_kind_and_valid_now(kind):
    paper = replace(PAPER, document_type=kind)
    on = ground(until(TravelDocument), PAPERED)
    allowed(paper, on)
    allowed(replace(paper, issuer=""), on)
    for ends in (PAPERED - HOUR, PAPERED):
        error = refused(replace(paper, expires_at=ends), on)
        assert error.code == "return.paper_expired"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_type": "library_card"}, "referral.unknown_code"),
        ({"issuer": "atlantis"}, "referral.unknown_member"),
        ({"issued_at": PAPERED + HOUR}, "step.not_yet"),
    ],
    ids=str,
)
def test_a_paper_that_nobody_could_have_issued_is_refused(changes, code):
    on = ground(until(TravelDocument), PAPERED)
    assert refused(replace(PAPER, **changes), on).code == code


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("shortened_passport", "2022-03-10"),  # twelve months
        ("laissez_passer_border", "2022-03-10"),
        ("shortened_passport_readmission", "2021-09-10"),  # six months
    ],
)
def test_a_paper_is_valid_no_longer_than_its_law_lets_it(kind, last):
    issued = datetime(2021, 3, 10, 9, tzinfo=VIETNAM)
    on = replace(ground(until(TravelDocument), PAPERED), happened_at=issued + DAY)
    ends = datetime.fromisoformat(last).replace(hour=23, minute=59, tzinfo=VIETNAM)
    paper = TravelDocument(kind, "", issued, ends)
    allowed(paper, on)
    error = refused(replace(paper, expires_at=ends + MINUTE), on)
    assert (error.code, error.where) == ("return.paper_too_long", "expires_at")
    assert "Law 49/2019/QH14" in str(error)
    # A passport of ten years is no shortened one.
    allowed(replace(paper, document_type="ordinary_passport", expires_at=LATER), on)


def test_before_the_passport_law_a_paper_was_not_limited():
    long = replace(PAPER, expires_at=PAPERED + 900 * DAY)
    allowed(long, ground(until(TravelDocument), PAPERED))


def test_where_no_paper_is_needed_its_dates_do_not_matter():
    none = TravelDocument("none_needed", "", PAPERED, PAPERED)
    allowed(none, ground(until(TravelDocument), PAPERED))
    allowed(PLAN, ground(but(none), PLANNED))


@pytest.mark.parametrize("body", [PLAN, MEETING])
def test_a_paper_outlasts_the_crossing(body):
    at = PLANNED if body is PLAN else ASKED
    short = replace(PAPER, expires_at=CROSSING)
    assert refused(body, ground(but(short), at)).code == "return.paper_expired"
    allowed(body, ground(but(replace(PAPER, expires_at=CROSSING + MINUTE)), at))
