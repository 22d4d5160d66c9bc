"""What an offer of each type carries and must carry (domain.md §5.a, §5.h, §5.i)."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.offer_parts import check_parts_of
from services.node.domain.policy import parse_policy
from services.node.domain.referrals import ReferralType
from tests.expect.offer_parts import CARRIES, LETTERS

DAY = date(2018, 3, 5)


@pytest.mark.parametrize(
    "day", [date(2014, 3, 25), DAY, date(2025, 6, 30), date(2025, 7, 1)], ids=str
)
@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_an_offer_carries_what_its_type_needs(policy, referral_type, day) -> None:
    rows = policy.offer_parts.of(referral_type, day)
    found = {code: LETTERS[row.need, row.basis] for code, row in rows.items()}
    letters = CARRIES[referral_type].split(" ")
    codes = [each for each in Category if each is not Category.D0]
    assert [found.get(code, "-") for code in codes] == letters


@pytest.mark.parametrize(("referral_type", "cells"), CARRIES.items())
def test_each_category_is_tried_alone(policy, referral_type, cells) -> None:
    """Beside what is required: refused without a row, else it rides along."""
    table, kind = policy.offer_parts, ReferralType(referral_type)
    codes = [each for each in Category if each is not Category.D0]
    letters = dict(zip(codes, cells.split(" "), strict=True))
    required = {code for code, letter in letters.items() if letter == "R"}
    for code, letter in letters.items():
        if letter != "-":
            assert code in check_parts_of(table, kind, {*required, code}, DAY)
            continue
        with pytest.raises(NotLawfulError) as caught:
            check_parts_of(table, kind, {*required, code}, DAY)
        assert (caught.value.code, caught.value.where) == (
            "disclosure.not_for_type",
            code,
        )
    for code in required:
        with pytest.raises(NotLawfulError) as caught:
            check_parts_of(table, kind, required - {code}, DAY)
        assert (caught.value.code, caught.value.where) == (
            "disclosure.required_missing",
            code,
        )
        assert f"{code}: offer_parts row" in caught.value.message


def test_routing_is_the_handoff_and_never_a_part(policy) -> None:
    for kind in ReferralType:
        with pytest.raises(NotLawfulError):
            check_parts_of(policy.offer_parts, kind, {Category.D0}, DAY)


def test_nothing_rides_before_the_first_day(policy) -> None:
    for kind in ReferralType:
        assert policy.offer_parts.of(kind, date(2014, 3, 24)) == {}


def test_every_row_but_the_duty_is_a_proposal_without_end(policy) -> None:
    for row in policy.offer_parts.rows:
        assert not row.rule.verified
        if row.basis == "asked":
            assert row.rule.law.startswith("proposal:")
            assert row.rule.valid_to is None


@pytest.mark.parametrize(
    ("on", "law"),
    [
        (date(2025, 6, 30), "proposal: a denunciation is passed on"),
        (date(2025, 7, 1), "Decree 162/2025/ND-CP Arts 4-6"),
    ],
)
def test_the_duty_of_a_tip_names_the_law_of_its_day(policy, on, law) -> None:
    row = policy.offer_parts.of(ReferralType.TIP, on)[Category.D4]
    assert row.rule.law.startswith(law)
    assert not row.rule.verified


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (b"tip,D7,refused,", "column need: leave the row out"),
        (b"tip,D0,optional,", "column category: D0 is the handoff"),
        (b"tip,D1,optional,", "decides the same as row"),
    ],
)
def test_rows_that_cannot_be_are_named(seed, new, problem) -> None:
    old = b"tip,D7,optional,"
    assert seed["offer_parts"].count(old) == 1
    tables = {**seed, "offer_parts": seed["offer_parts"].replace(old, new)}
    with pytest.raises(InvalidInputError) as caught:
        parse_policy("x", tables)
    assert problem in caught.value.message
