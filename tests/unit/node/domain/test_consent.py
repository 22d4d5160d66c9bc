"""What makes a consent record a good one, and which answer stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.consent import (
    Standing,
    all_standing,
    check_consent,
    family_may_be_told,
    is_expiring,
    standing_answer,
    valid_until,
)
from services.node.domain.consent_codes import INFORMED_POINTS, Purpose
from services.node.domain.errors import InvalidInputError

NOW = datetime(2018, 3, 12, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def refusal(record) -> str:
    with pytest.raises(InvalidInputError) as caught:
        check_consent(record)
    assert caught.value.code == "consent.invalid"
    return caught.value.message


def test_a_good_record_is_good(good_consent) -> None:
    check_consent(good_consent)
    check_consent(replace(good_consent, interpreter="", witness="w-1"))
    check_consent(replace(good_consent, interpreter="", method="written"))
    check_consent(replace(good_consent, countries=("VN", "CN")))
    check_consent(replace(good_consent, evidence_hash=bytes(32)))
    check_consent(replace(good_consent, recipient="family", purpose="contact_family"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consent_id", b"short"),
        ("purpose", "anything"),
        ("recipient", "our partners"),
        ("recipient", ""),
        ("categories", ()),
        ("categories", ("D14",)),
        ("categories", ("D1", "D1")),
        ("status", "expired"),
        ("subject", "brother"),
        ("method", "nodded"),
        ("language", ""),
        ("language", "Hmong language"),
        ("interpreter", "First Last"),
        ("witness", "First Last"),
        ("witness", "int-4"),
        ("capacity", "strong"),
        ("capacity", ""),
        ("capacity", "lacking"),
        ("capacity", "child_assent_plus_guardian"),
        ("countries", ("Viet Nam",)),
        ("countries", ("vn",)),
        ("countries", ("VN", "VN")),
        ("evidence_hash", b"short"),
        ("informed_points", ("purpose",)),
        ("informed_points", (*INFORMED_POINTS, "weather")),
        ("given_at", datetime(2018, 3, 10)),  # noqa: DTZ001 - what is refused
        ("valid_until", datetime(2018, 3, 10, 2, tzinfo=UTC)),
    ],
)
def test_a_record_with_a_fault_is_refused_by_field(good_consent, field, value) -> None:
    message = refusal(replace(good_consent, **{field: value}))
    assert field in message
    assert "First Last" not in message


@pytest.mark.parametrize("point", INFORMED_POINTS)
def test_nobody_says_yes_uninformed(good_consent, point) -> None:
    told = tuple(each for each in INFORMED_POINTS if each != point)
    message = refusal(replace(good_consent, informed_points=told))
    assert message.endswith(f"lacks {point})")


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_a_no_needs_no_explanation(good_consent, status) -> None:
    check_consent(replace(good_consent, status=status, informed_points=()))


def test_a_spoken_answer_needs_somebody_who_heard_it(good_consent) -> None:
    alone = replace(good_consent, interpreter="", witness="")
    assert "witness" in refusal(alone)
    # A no that nobody heard but the officer is refused too: it has to be provable.
    assert "witness" in refusal(replace(alone, status="refused"))


@pytest.mark.parametrize(
    ("subject", "capacity", "good"),
    [
        ("self", "adult", True),
        ("self", "supported", True),
        ("self", "lacking", False),
        ("self", "child_assent_plus_guardian", False),
        ("guardian", "adult", False),
        ("guardian", "lacking", True),
        ("guardian", "child_assent_plus_guardian", False),
        ("both", "adult", False),
        ("both", "supported", True),
        ("both", "child_assent_plus_guardian", True),
    ],
)
def test_a_yes_comes_from_who_may_say_it(good_consent, subject, capacity, good) -> None:
    record = replace(good_consent, subject=subject, capacity=capacity)
    if good:
        check_consent(record)
    else:
        assert "capacity" in refusal(record)
    # Whoever says no is heard.
    check_consent(replace(record, status="refused"))


def test_there_are_nine_informed_points() -> None:
    # Seven of HTCDS 2.0, what a refusal means, and that services do not depend.
    assert len(INFORMED_POINTS) == 9


def test_all_faults_are_named_at_once(good_consent) -> None:
    message = refusal(replace(good_consent, purpose="x", method="y", categories=()))
    assert message.count(";") == 2


@pytest.mark.parametrize(
    ("purpose", "days"),
    [
        (Purpose.RECEPTION_SHELTER, 120),
        (Purpose.VOLUNTARY_RETURN, 90),
        (Purpose.REINTEGRATION_SERVICES, 365),
        (Purpose.CONTACT_FAMILY, 90),
    ],
)
def test_consent_ends_by_itself(policy, purpose, days) -> None:
    given_at = datetime(2018, 3, 10, 2, tzinfo=UTC)
    assert valid_until(purpose, given_at, policy.deadlines) == given_at + days * DAY


def standing(records, category="D2", recipient="lao-cai") -> Standing:
    found = standing_answer(records, "voluntary_return", recipient, category, NOW)
    return found.standing


def test_silence_is_no_consent(good_consent) -> None:
    assert standing([]) is Standing.UNASKED
    assert standing([good_consent], category="D3") is Standing.UNASKED
    assert standing([good_consent], recipient="yen-bai") is Standing.UNASKED
    other = replace(good_consent, purpose="border_handover")
    assert standing([other]) is Standing.UNASKED


def test_a_yes_stands_until_it_ends(good_consent) -> None:
    assert standing([good_consent]) is Standing.YES
    assert standing([replace(good_consent, valid_until=NOW)]) is Standing.LAPSED
    later = replace(good_consent, given_at=NOW + DAY)
    assert standing([later]) is Standing.UNASKED


def test_the_latest_answer_stands(good_consent) -> None:
    no = replace(good_consent, consent_id=bytes([1]) * 16, status="refused")
    before = replace(no, given_at=good_consent.given_at - DAY)
    after = replace(no, given_at=good_consent.given_at + DAY)
    assert standing([good_consent, before]) is Standing.YES
    assert standing([after, good_consent]) is Standing.NO
    assert standing([good_consent, no]) is Standing.NO


def test_a_no_is_a_no_even_after_it_would_have_ended(good_consent) -> None:
    no = replace(good_consent, status="refused", valid_until=good_consent.given_at)
    assert standing([no]) is Standing.NO


def test_a_withdrawal_ends_the_record_that_it_names(good_consent) -> None:
    # It keeps the instant of the yes: the id alone tells that it is over.
    again = replace(good_consent, given_at=NOW - DAY)
    ended = replace(good_consent, status="withdrawn")
    assert standing([good_consent, again, ended]) is Standing.NO
    new = replace(again, consent_id=bytes([2]) * 16)
    assert standing([good_consent, ended, new]) is Standing.YES


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, ()),
        ({"D0": "given"}, ("found_safe",)),
        ({"D0": "given", "D3": "refused"}, ("found_safe",)),
        ({"D0": "given", "D3": "given"}, ("found_safe", "where_she_is")),
        ({"D0": "refused", "D3": "refused"}, ()),
        ({"D0": "withdrawn"}, ()),
    ],
)
def test_relatives_learn_only_what_she_allowed(good_consent, answers, told) -> None:
    records = [
        replace(
            good_consent,
            consent_id=bytes([number]) * 16,
            purpose="contact_family",
            recipient="family",
            categories=(category,),
            status=status,
        )
        for number, (category, status) in enumerate(answers.items())
    ]
    assert family_may_be_told(records, NOW) == told


def test_consent_to_a_member_tells_relatives_nothing(good_consent) -> None:
    record = replace(good_consent, purpose="contact_family", categories=("D0", "D3"))
    assert family_may_be_told([record], NOW) == ()
    family = replace(good_consent, recipient="family", categories=("D0", "D3"))
    assert family_may_be_told([family], NOW) == ()


@pytest.mark.parametrize(
    ("left", "expiring"),
    [(15 * DAY, False), (14 * DAY, True), (DAY, True), (0 * DAY, False), (-DAY, False)],
)
def test_a_yes_that_ends_within_14_days_is_expiring(
    policy, good_consent, left, expiring
) -> None:
    record = replace(good_consent, valid_until=NOW + left)
    assert is_expiring(record, NOW, policy.deadlines) is expiring


def test_every_question_stands_once(good_consent) -> None:
    no = replace(
        good_consent, consent_id=b"2" * 16, categories=("D2", "D3"), status="refused",
        given_at=NOW,
    )  # fmt: skip
    found = all_standing([good_consent, no], NOW)
    assert [(each.category, each.answer.standing) for each in found] == [
        ("D1", Standing.YES),
        ("D2", Standing.NO),
        ("D3", Standing.NO),
    ]
