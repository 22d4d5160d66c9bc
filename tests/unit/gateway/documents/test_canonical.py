"""By which hash a document is known."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta, timezone

import pytest

from gateway.documents.canonical import (
    canonical_bytes,
    document_hash,
    is_known_by,
    verify_path,
)
from gateway.documents.values import Label
from gateway.documents.wording import edition
from services.node.domain.errors import InvalidInputError
from tests.unit.gateway.documents.sample_documents import (
    EN,
    FR,
    MAKERS,
    PAIRS,
    VI,
    all_documents,
    certificate_letter,
    handover_minutes,
)


def test_the_bytes_are_those_that_the_page_describes():
    letter = dataclasses.replace(
        certificate_letter((VI, EN)),
        citizenship=Label("Việt Nam", "Viet Nam"),
        addressed_to=Label("a", "b"),
        status=Label("c", "d"),
        decided_by=Label("e", "f"),
        support=(Label("g", "h"),),
        signatures=(),
    )
    issue = dataclasses.replace(letter.issue, issuer=Label("i", "j"))
    words = edition("certificate_letter", (VI, EN))
    expected = (
        "relais-document/1\n"
        '{"content":{"addressed_to":{"first":"a","second":"b"},"born":"12.03.2004",'
        '"citizenship":{"first":"Việt Nam","second":"Viet Nam"},'
        '"decided_by":{"first":"e","second":"f"},"decided_on":"2026-11-23",'
        '"issue":{"alias":"R-3NQK-8NGM","attested_by":null,"evidence":"own",'
        '"issued_at":"2026-11-26T02:30:00.000000+00:00",'
        '"issuer":{"first":"i","second":"j"},"languages":["vi","en"]},'
        '"person":"Giàng Thị Mây","signatures":[],'
        '"status":{"first":"c","second":"d"},'
        '"support":[{"first":"g","second":"h"}],'
        '"valid_until":"2027-05-25"},'
        f'"edition":"{words}","kind":"certificate_letter"}}'
    ).encode()
    document = dataclasses.replace(letter, issue=issue)
    assert canonical_bytes(document) == expected
    assert document_hash(document) == hashlib.sha256(expected).digest()


def test_no_two_documents_share_a_hash():
    hashes = [document_hash(each) for pair in PAIRS for each in all_documents(pair)]
    assert len(set(hashes)) == len(hashes) == len(PAIRS) * len(MAKERS)


def test_how_a_name_or_an_instant_is_written_down_changes_no_hash():
    plain = certificate_letter((VI, EN))
    hanoi = timezone(timedelta(hours=7))
    same = dataclasses.replace(
        plain,
        person="Gia\u0300ng Thi\u0323 Ma\u0302y",
        issue=dataclasses.replace(
            plain.issue, issued_at=plain.issue.issued_at.astimezone(hanoi)
        ),
    )
    assert document_hash(same) == document_hash(plain)


@pytest.mark.parametrize(
    "change",
    [{"person": "Giàng Thị May"}, {"born": ""}, {"support": ()}],
    ids=str,
)
def test_every_value_counts(change):
    plain = certificate_letter((VI, EN))
    assert document_hash(dataclasses.replace(plain, **change)) != document_hash(plain)


def test_the_form_of_words_that_was_shown_counts(monkeypatch):
    plain = document_hash(certificate_letter((VI, FR)))
    monkeypatch.setattr(
        "gateway.documents.canonical.edition", lambda *_: "00000000", raising=True
    )
    assert document_hash(certificate_letter((VI, FR))) != plain


def test_the_code_leads_to_alias_and_hash_and_to_nothing_of_a_person():
    minutes = handover_minutes((VI, EN))
    digest = document_hash(minutes).hex()
    assert verify_path(minutes) == f"/verify/R-3NQK-8NGM/{digest[:32]}"


def test_a_hash_is_known_by_its_half_and_as_it_stands_on_paper():
    digest = document_hash(handover_minutes((VI, EN)))
    assert is_known_by(digest.hex()[:32], digest)
    assert is_known_by(digest.hex(" ", 2).upper(), digest)
    assert not is_known_by("0" * 32, digest)


@pytest.mark.parametrize("typed", ["", "0" * 31, "0" * 65, "g" * 32, "٠" * 32])
def test_what_is_no_hash_is_refused(typed):
    with pytest.raises(InvalidInputError) as refused:
        is_known_by(typed, bytes(32))
    assert refused.value.code == "document.bad_hash"
