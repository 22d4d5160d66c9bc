"""A receipt is said to the person in her language, sentence for sentence."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from gateway.words.receipts import said_to_the_person
from gateway.words.words import load
from services.node.domain import receipts
from services.node.domain.bodies import KeptCategory
from services.node.domain.receipts import Receipt, Told, ToldState
from services.node.rpc.desk_receipts import ReceiptRead, ToldRead

AT = datetime(2018, 3, 12, 2, 30, tzinfo=UTC)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
KEPT = tuple(
    KeptCategory("D5", ground)
    for ground in ("medical_record", "other_consent", "of_tomorrow")
)
TOLD = tuple(
    Told(
        f"member-{state}",
        b"r" * 16,
        ("D1", "D2"),
        state,
        AT,
        AT,
        AT if state is ToldState.ACKNOWLEDGED else None,
        ("D1", "D2") if state is ToldState.ACKNOWLEDGED else (),
        KEPT if state is ToldState.ACKNOWLEDGED else (),
    )
    for state in ToldState
)
LANGUAGES = load().all


def said(lang, recipient="member-x", told=TOLD):
    known = Receipt(b"i" * 16, "legal_aid", recipient, ("D1", "D2"), AT, told)
    values = {name: getattr(known, name) for name in asdict(known)}
    of_members = tuple(
        ToldRead(
            **{name: getattr(each, name) for name in asdict(each)}
            | {"acknowledged_at": each.acknowledged_at or NEVER}
        )
        for each in told
    )
    read = ReceiptRead(**values | {"told": of_members, "sentences": ()})
    return said_to_the_person(LANGUAGES[lang], read, {}), receipts.sentences(known)


@pytest.mark.parametrize("told", [TOLD, ()])
@pytest.mark.parametrize("recipient", ["member-x", "family"])
def test_the_english_is_that_of_the_receipt_which_is_printed(recipient, told):
    here, printed = said("en", recipient, told)
    assert list(map(alike, here)) == list(map(alike, printed))


def alike(sentence):
    """Without how a day and its hour are joined."""
    return sentence.replace("2018 at", "2018,")


@pytest.mark.parametrize("lang", [each for each in LANGUAGES if each != "en"])
def test_every_sentence_is_said_in_the_other_languages(lang):
    here, printed = said(lang)
    assert len(here) == len(printed)
    assert set(here).isdisjoint(printed)
    assert all("{" not in each and each[-1] in ".。" for each in here)
    for state in ToldState:
        assert sum(f"member-{state}" in each for each in here) == sum(
            f"member-{state}" in each for each in printed
        )
