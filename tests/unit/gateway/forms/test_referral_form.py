"""What was said for one member's answer is not said for another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.forms.fields import FormError
from gateway.forms.referral import Draft, Said, still_holding, with_callback
from services.node.domain.tables import VIETNAM

WEIGHED = Draft(
    "R-0000-0000",
    referral_type="reception",
    priority="urgent",
    recipient="house",
    categories=("D1",),
    answer=(("answer", ("given",)),),
    concern="child",
    deciders=("member",),
    considered=("views",),
    best_reasons="near her mother",
    best_language="en",
    decided_by="member",
)


@pytest.mark.parametrize(
    "anew",
    [
        WEIGHED.asked_anew(),
        still_holding(WEIGHED, replace(WEIGHED, recipient="guard")),
        still_holding(WEIGHED, replace(WEIGHED, referral_type="tracing")),
    ],
)
def test_what_is_best_is_weighed_anew_for_another_member_or_request(anew):
    said = (anew.considered, anew.best_reasons, anew.decided_by)
    assert said == ((), "", "")
    assert (anew.answer, anew.categories) == ((), ())
    chosen = replace(anew, recipient="guard", categories=("D1",), answer=WEIGHED.answer)
    assert chosen.complete_until() == "interests"


def test_other_words_about_the_same_ask_for_nothing_anew():
    other = replace(WEIGHED, need="a bed", priority="normal")
    assert still_holding(WEIGHED, other) == other
    more = still_holding(WEIGHED, replace(WEIGHED, categories=("D1", "D3")))
    assert more.best_reasons
    assert not more.answer


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("2026-03-02T08:00", "hour_passed"),
        ("2026-03-02T08:01", ""),
        ("2026-03-02T12:00", ""),
        ("2026-03-02T12:01", "hour_too_late"),
        ("", ""),
    ],
)
def test_an_hour_outside_the_limits_of_the_page_is_said_on_that_page(typed, problem):
    now = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)
    form = Said({"answer_by": (typed,)})
    latest = now + timedelta(hours=4)
    if problem:
        with pytest.raises(FormError) as refused:
            with_callback(WEIGHED, form, now, latest)
        assert [(p.field, p.code) for p in refused.value.problems] == [
            ("answer_by", problem)
        ]
    else:
        kept = with_callback(WEIGHED, form, now, latest)
        assert (kept.answer_by, kept.asked_anew().answer_by) == (typed, "")
