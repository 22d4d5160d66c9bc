"""What a no ends, and that nothing is disclosed on what it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.categories import Category
from services.node.domain.coming_of_age import Age
from services.node.domain.consent_codes import INFORMED_POINTS, Purpose
from services.node.domain.disclosure import BasisKind, Request, decide
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.override import Override, Verdict
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import ReferralType
from services.node.domain.withdrawals import ended_by_answer, ended_by_review

NOW = datetime(2018, 3, 12, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def yes(number: int = 1, *categories: str, **changes) -> ConsentCopy:
    record = ConsentCopy(
        consent_id=bytes([number]) * 16,
        purpose="legal_aid",
        recipient="legal-aid-lao-cai",
        categories=categories or ("D1", "D2"),
        status="given",
        subject="self",
        method="written",
        language="vi",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=NOW - DAY,
        valid_until=NOW + 90 * DAY,
    )
    return replace(record, **changes)


def no(number: int = 9, *categories: str, **changes) -> ConsentCopy:
    given = {"status": "withdrawn", "given_at": NOW, **changes}
    return yes(number, *categories, **given)


def test_a_yes_ends_nothing() -> None:
    assert ended_by_answer(yes(2), [yes()], NOW) is None


def test_a_no_ends_what_it_names_and_nothing_else() -> None:
    answers = [
        yes(1, "D1", "D2"),
        yes(2, "D9"),
        yes(3, recipient="police-lao-cai"),
        yes(4, purpose="medical_care"),
    ]
    ended = ended_by_answer(no(9, "D2"), answers, NOW)
    assert ended is not None
    assert (ended.purpose, ended.recipient) == ("legal_aid", "legal-aid-lao-cai")
    assert ended.categories == ("D2",)
    assert ended.basis_ids == (bytes([1]) * 16,)
    assert not ended.ends_wish


@pytest.mark.parametrize("status", ["withdrawn", "refused"])
def test_a_refusal_after_a_yes_ends_it_as_well(status) -> None:
    ended = ended_by_answer(no(status=status), [yes()], NOW)
    assert ended is not None
    assert ended.reason == "consent_withdrawn"


def test_a_no_that_a_later_yes_overtook_ends_nothing() -> None:
    late = no(given_at=NOW - 2 * DAY)
    assert ended_by_answer(late, [yes()], NOW) is None


def test_a_no_without_a_yes_ends_what_went_without_it() -> None:
    # Nobody was asked, an override opened it: her no ends that too.
    ended = ended_by_answer(no(9, "D2", status="refused"), [], NOW)
    assert ended is not None
    assert (ended.categories, ended.basis_ids) == (("D2",), ())
    assert not ended.ends_wish


def test_the_wish_ends_with_the_last_category() -> None:
    answers = [yes(1, "D1", "D2"), no(2, "D1", given_at=NOW - HOUR)]
    ended = ended_by_answer(no(3, "D2"), answers, NOW)
    assert ended is not None
    assert ended.ends_wish


def test_a_childs_no_alone_ends_what_both_agreed_to() -> None:
    both = yes(1, subject="both", capacity="child_assent_plus_guardian")
    ended = ended_by_answer(no(9), [both], NOW, Age(minor=True))
    assert ended is not None
    assert ended.categories == ("D1", "D2")


OVERRIDE = Override(
    override_id=bytes([7]) * 16,
    purpose=Purpose.LEGAL_AID,
    recipient="legal-aid-lao-cai",
    category=Category.D2,
    law="Law 66/2011/QH12 Art 30",
    reason="danger to life",
    first_officer="o-1",
    second_officer="o-2",
    recorded_at=NOW - HOUR,
    review_by=NOW + 23 * HOUR,
)


def test_an_override_that_is_taken_back_ends_its_category() -> None:
    reviewed = replace(OVERRIDE, verdict=Verdict.WITHDRAWN)
    ended = ended_by_review(reviewed, [], [OVERRIDE], NOW)
    assert ended is not None
    assert (ended.reason, ended.categories) == ("override_withdrawn", ("D2",))
    assert ended.basis_ids == (OVERRIDE.override_id,)


def test_an_override_that_is_taken_back_ends_nothing_that_stands_otherwise() -> None:
    reviewed = replace(OVERRIDE, verdict=Verdict.WITHDRAWN)
    other = replace(OVERRIDE, override_id=bytes([8]) * 16)
    assert ended_by_review(reviewed, [yes()], [], NOW) is None
    assert ended_by_review(reviewed, [], [reviewed, other], NOW) is None
    lapsed = yes(valid_until=NOW)
    assert ended_by_review(reviewed, [lapsed], [], NOW) is not None


@pytest.mark.parametrize("before", [timedelta(hours=2), -HOUR, timedelta(0)])
@pytest.mark.parametrize("status", ["withdrawn", "refused"])
def test_no_override_defeats_a_no_whenever_it_was_recorded(
    policy, before, status
) -> None:
    """Recorded before the no, after it, or at the same instant."""
    request = Request(
        OVERRIDE.recipient,
        {Function.LEGAL_AID},
        ReferralType.LEGAL_AID,
        (Category.D2,),
    )
    override = replace(
        OVERRIDE, recorded_at=NOW - before, review_by=NOW - before + 20 * HOUR
    )
    answers = [yes(), no(status=status)]
    at = max(NOW, override.recorded_at) + HOUR
    with pytest.raises(NotLawfulError) as caught:
        decide(policy, request, answers, [override], at)
    assert caught.value.code == "disclosure.no_basis"
    assert "no override defeats" in caught.value.message


@given(
    agreed=st.lists(
        st.tuples(
            st.sets(st.sampled_from(["D1", "D2", "D9", "D13"]), min_size=1),
            st.integers(-40, 40),
        ),
        max_size=4,
    ),
    ended=st.sets(st.sampled_from(["D1", "D2", "D9", "D13"]), min_size=1),
    at=st.integers(-40, 40),
    after=st.integers(0, 200),
    overridden=st.booleans(),
)
def test_after_a_no_nothing_rests_on_what_was_said_before(
    policy, agreed, ended, at, after, overridden
) -> None:
    """At any moment: only a yes after the no lets anything go again."""
    answers = [
        yes(number, *categories, given_at=NOW + hours * HOUR)
        for number, (categories, hours) in enumerate(agreed, start=1)
    ]
    withdrawal = no(99, *ended, given_at=NOW + at * HOUR)
    asked_at = withdrawal.given_at + after * HOUR
    overrides = [replace(OVERRIDE, recorded_at=asked_at, review_by=asked_at + HOUR)]
    for code in ended:
        request = Request(
            "legal-aid-lao-cai",
            {Function.LEGAL_AID},
            ReferralType.LEGAL_AID,
            (Category(code),),
        )
        try:
            (basis,) = decide(
                policy,
                request,
                [*answers, withdrawal],
                overrides if overridden else [],
                asked_at,
            )
        except NotLawfulError:
            continue
        assert basis.kind is BasisKind.CONSENT
        (rests_on,) = [each for each in answers if each.consent_id == basis.basis_id]
        assert rests_on.given_at > withdrawal.given_at
        again = ended_by_answer(withdrawal, answers, asked_at)
        assert again is None or code not in again.categories
