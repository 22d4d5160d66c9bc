"""The receipt of a withdrawal: what the person is told, word by word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.node.domain.bodies import KeptCategory
from services.node.domain.categories import Category
from services.node.domain.handshake_codes import KeepGround
from services.node.domain.receipts import (
    CATEGORY_WORDS,
    GROUND_WORDS,
    Receipt,
    Told,
    ToldState,
    sentences,
)

SAID_AT = datetime(2018, 3, 12, 2, 30, tzinfo=UTC)
DUE_AT = datetime(2018, 3, 13, 2, 30, tzinfo=UTC)


def receipt(*told: Told, recipient: str = "legal-aid-lao-cai") -> Receipt:
    return Receipt(b"i" * 16, "legal_aid", recipient, ("D1", "D2"), SAID_AT, told)


def told(state: ToldState, **changes) -> Told:
    categories = ("D1", "D2")
    return Told("legal-aid-lao-cai", b"r" * 16, categories, state, DUE_AT, **changes)


def test_every_category_and_ground_has_its_words() -> None:
    assert set(CATEGORY_WORDS) == set(Category)
    assert set(GROUND_WORDS) == set(KeepGround) - {KeepGround.OTHER_CONSENT}


def test_nobody_had_anything() -> None:
    assert sentences(receipt()) == (
        (
            "On 12/03/2018 at 09:30 you said no: legal-aid-lao-cai may not get your "
            "age group, sex and languages, and your name and papers any more."
        ),
        "Nobody may hold this against you. Your other help goes on.",
        "Nobody had got anything, so nobody had to give anything back.",
    )


def test_a_no_to_the_family_says_so() -> None:
    assert "your family may not get" in sentences(receipt(recipient="family"))[0]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (ToldState.OWED, "legal-aid-lao-cai will be told now."),
        (
            ToldState.SENT,
            "legal-aid-lao-cai was told. It has not confirmed yet that it got this.",
        ),
        (
            ToldState.RECEIVED,
            "legal-aid-lao-cai was told and must answer by 13/03/2018 at 09:30.",
        ),
        (
            ToldState.REFUSED,
            "legal-aid-lao-cai could not be told by message. We will call them.",
        ),
        (
            ToldState.UNNEEDED,
            "legal-aid-lao-cai had not opened anything. It cannot any more.",
        ),
    ],
)
def test_how_far_it_has_come(state, sentence) -> None:
    assert sentences(receipt(told(state)))[2:] == (sentence,)


def test_what_is_deleted_and_what_the_law_keeps_and_why() -> None:
    answered = told(
        ToldState.ACKNOWLEDGED,
        acknowledged_at=DUE_AT,
        deleted=("D1",),
        kept=(KeptCategory("D2", "criminal_file"),),
    )
    assert sentences(receipt(answered))[2:] == (
        "legal-aid-lao-cai answered on 13/03/2018 at 09:30.",
        "legal-aid-lao-cai can no longer read your age group, sex and languages.",
        (
            "legal-aid-lao-cai must keep your name and papers, because it is part of "
            "a criminal file. Nobody works with it."
        ),
    )


def test_what_stands_on_another_yes_is_told_as_such() -> None:
    kept = (KeptCategory("D1", "other_consent"),)
    answered = told(ToldState.ACKNOWLEDGED, acknowledged_at=DUE_AT, kept=kept)
    assert sentences(receipt(answered))[-1] == (
        "legal-aid-lao-cai keeps your age group, sex and languages: you agreed to "
        "that for something else, and you can end that too."
    )


def test_a_ground_that_this_version_does_not_know_is_still_told() -> None:
    kept = (KeptCategory("D2", "something_new"),)
    answered = told(ToldState.ACKNOWLEDGED, acknowledged_at=DUE_AT, kept=kept)
    assert "because a law says so" in sentences(receipt(answered))[-1]
