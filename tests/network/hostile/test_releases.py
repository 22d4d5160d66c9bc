"""Parts and releases that do not fit their offer open nothing."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from services.node.domain.bodies import PartBasis, PartKey, Release
from services.node.domain.identifiers import new_id
from tests.network.hostile.accepted import Accepted, a_wish, as_part, sealed_part
from tests.network.hostile.hostile_peer import CASE_NOW, Talk

LAO_CAI = "lao-cai"


@pytest.fixture
def accepted(attack):
    return Accepted(attack)


@pytest.mark.parametrize(
    "named",
    [
        [("p1", "D14")],
        [("p1", "case")],
        [("p1", "D" * 5000)],
        [("p1", "D1"), ("p1", "D2")],
        [("p1", "D1"), ("p2", "D1")],
    ],
    ids=["unknown", "a key's scope", "long", "one id twice", "one category twice"],
)
def test_an_offer_with_parts_that_are_no_categories_is_refused(attack, named):
    talk = Talk(attack.peer, LAO_CAI)
    parts = [as_part(sealed_part(new_id()), code, name) for name, code in named]
    attack.refused(talk.offer(parts=parts), "offer.bad_parts", logged=True)


def spoilt(good: Accepted, how: str) -> Release:
    """A release with one thing wrong."""
    key = good.part.part_key
    return {
        "another key": good.release(PartKey("p1", os.urandom(32))),
        "a short key": good.release(PartKey("p1", key[:31])),
        "another part": good.release(PartKey("p2", key)),
        "a part twice": good.release(PartKey("p1", key), PartKey("p1", key)),
        "another offer": good.release(offer_envelope_id=new_id()),
        "no offer": good.release(offer_envelope_id=b""),
        "a consent without id": good.release(consents=(a_wish(consent_id=b""),)),
        "a consent of noise": good.release(
            consents=(a_wish(status=os.urandom(4000).hex()),)
        ),
    }[how]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("another key", "envelope.bad_part_key"),
        ("a short key", "envelope.bad_part_key"),
        ("another part", "release.unknown_part"),
        ("a part twice", "release.unknown_part"),
        ("another offer", "release.other_offer"),
        ("no offer", "release.other_offer"),
        ("a consent without id", "consent.invalid"),
        ("a consent of noise", "consent.invalid"),
    ],
)
def test_a_release_that_does_not_fit_opens_nothing(attack, accepted, how, code):
    talk = accepted.talk
    attack.refused(talk.say(spoilt(accepted, how)), code, logged=True)
    assert attack.victim.referral(talk.referral_id).referral.state == "accepted"
    attack.received(talk.say(accepted.release()))
    assert attack.victim.referral(talk.referral_id).referral.state == "in_service"


def test_a_part_that_holds_another_category_opens_nothing(attack):
    accepted = Accepted(attack, said="D9")
    posted = accepted.talk.say(accepted.release())
    attack.refused(posted, "release.other_category", logged=True)


@pytest.mark.parametrize("skew", [timedelta(seconds=1), timedelta(minutes=14)])
def test_an_answer_within_the_skew_of_the_clocks_is_taken(attack, accepted, skew):
    """Asked and released at once, by a giver whose clock is ahead."""
    ahead = CASE_NOW + skew
    wish = a_wish(given_at=ahead)
    bases = (PartBasis("D1", "consent", wish.consent_id),)
    release = accepted.release(consents=(wish,), bases=bases)
    posted = accepted.talk.say(release, happened_at=ahead, recorded_at=ahead)
    attack.received(posted)


def test_an_answer_far_ahead_of_the_clock_waits_and_ends_nothing(attack, accepted):
    """The same envelope is taken as soon as the clocks agree."""
    wish = a_wish(given_at=CASE_NOW + timedelta(minutes=17))
    posted = accepted.talk.say(accepted.release(consents=(wish,)))
    attack.refused(posted, "consent.from_the_future", logged=False, again=True)
