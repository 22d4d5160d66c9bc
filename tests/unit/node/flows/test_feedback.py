"""Relatives and a host country hear only what the person allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.bodies import Feedback
from services.node.domain.errors import NotLawfulError
from services.node.flows.feedback import check_family_may_hear, check_host_may_hear
from tests.unit.node.flows.grounds import ASKED, CROSSING, GIVER, HOUR, wish

YES = wish().consent
TO_HOST = replace(
    YES,
    purpose="feedback_to_host_country",
    recipient=GIVER,
    categories=("D0",),
)
FAMILY = replace(YES, purpose="contact_family", recipient="family", categories=("D0",))


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (YES,),
        (replace(TO_HOST, recipient="consulate-kunming"),),
        (replace(TO_HOST, categories=("D11",)),),
        (replace(TO_HOST, status="refused"),),
        (replace(TO_HOST, valid_until=CROSSING),),
        (TO_HOST, replace(TO_HOST, status="withdrawn", given_at=ASKED + HOUR)),
    ],
)
def test_the_host_country_hears_only_with_her_consent(answers):
    check_host_may_hear((TO_HOST,), GIVER, CROSSING)
    with pytest.raises(NotLawfulError) as caught:
        check_host_may_hear(answers, GIVER, CROSSING)
    assert caught.value.code == "feedback.host_not_allowed"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((), ("found_safe",)),
        ((FAMILY,), ("found_safe", "where_she_is")),
        ((replace(FAMILY, status="refused"),), ("found_safe",)),
    ],
)
def test_relatives_are_told_what_she_allowed_and_nothing_else(answers, told):
    check_family_may_hear((FAMILY,), Feedback("found_safe", ("found_safe",)), CROSSING)
    with pytest.raises(NotLawfulError) as caught:
        check_family_may_hear(answers, Feedback("found_safe", told), CROSSING)
    assert caught.value.code == "feedback.family_not_allowed"
