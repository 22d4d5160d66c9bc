"""A document never claims more than it can show."""

from __future__ import annotations

import dataclasses

import pytest

from gateway.documents.values import Evidence, Issue, Label, Signature
from services.node.domain.errors import InvalidInputError
from tests.unit.gateway.documents.sample_documents import (
    ALIAS,
    DAY,
    EN,
    VI,
    a_copy,
    handover_minutes,
    issue,
)

NAME = Label("a", "b")


def refusal(make) -> str:
    with pytest.raises(InvalidInputError) as refused:
        make()
    return refused.value.code


@pytest.mark.parametrize("side", ["giver", "receiver"])
def test_minutes_of_one_side_are_no_receipt(side):
    minutes = handover_minutes((VI, EN))
    alone = {side: dataclasses.replace(getattr(minutes, side), digest=b"")}
    assert (
        refusal(lambda: dataclasses.replace(minutes, **alone))
        == "document.one_side_missing"
    )
    one_sided = issue((VI, EN), Evidence.ONE_SIDED)
    printed = dataclasses.replace(minutes, issue=one_sided, **alone)
    assert printed.issue.evidence is Evidence.ONE_SIDED


def test_an_attested_answer_names_who_vouches_for_it():
    assert (
        refusal(lambda: issue((VI, EN), Evidence.ATTESTED))
        == "document.sponsor_unclear"
    )


@pytest.mark.parametrize(
    "evidence", [each for each in Evidence if each is not Evidence.ATTESTED]
)
def test_nobody_vouches_for_anything_else(evidence):
    assert (
        refusal(lambda: issue((VI, EN), evidence, NAME)) == "document.sponsor_unclear"
    )


def test_a_document_stands_in_two_languages():
    assert refusal(lambda: issue((VI, VI), Evidence.OWN)) == "document.same_language"


def test_a_code_is_an_alias_and_never_a_name():
    assert (
        refusal(lambda: Issue((VI, EN), "Mây", NAME, DAY, Evidence.OWN))
        == "identifier.malformed"
    )
    written = ALIAS.lower().replace("-", " ")
    assert Issue((VI, EN), written, NAME, DAY, Evidence.OWN).alias == ALIAS


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_copy_has_one_of_the_numbers(number):
    assert refusal(lambda: a_copy((VI, EN), number)) == "document.bad_copy"


@pytest.mark.parametrize("half", [{"recorded_at": DAY}, {"digest": b"1" * 32}])
def test_a_recorded_signature_has_its_time_and_its_digest(half):
    assert (
        refusal(lambda: Signature(NAME, **half)) == "document.signature_half_recorded"
    )
