"""No free text that crosses before the release says who the person is."""

from __future__ import annotations

import pytest

from services.node.domain.errors import NotLawfulError
from services.node.domain.records import Answer, CategoryRecord
from services.node.domain.telltale import check_no_telltale

CASE = (
    CategoryRecord("D1", (Answer("prs_Gender", ("1",)),)),
    CategoryRecord(
        "D2",
        (
            Answer("prs_FirstName", ("Mây",)),
            Answer("prs_SecondName", ("Suối Bạc",)),
            Answer("prs_Birthdate", ("1996-04-12",)),
            Answer("prs_IdentityNumber", ("000-123-456-789",)),
        ),
    ),
    CategoryRecord(
        "D3",
        (
            Answer("prs_MobilePhone", ("+84 000 555 123",)),
            Answer("prs_MailingCity", ("Lào Cai",)),
            Answer("prs_Email", ("may@example.org",)),
            Answer("local_last_heard_of", ("a market town in Yunnan",)),
        ),
    ),
    CategoryRecord("D8", (Answer("local_sister", ("Hoa Sen",)),)),
    CategoryRecord("D11", (Answer("next_action", ("Bed",)),)),
)


@pytest.mark.parametrize(
    "text",
    [
        "Mây needs a bed.",
        "A bed for SUỐI BẠC.",
        "A bed for Suối Bạc.",  # the same name, its accents written apart
        "Call 0000 555 123.",
        "Call +84 (000) 555-123",
        "Her papers: 000123456789",
        "born on 12/04/1996",
        "born on 12.4.1996",
        "born 1996-04-12",
        "write to May@Example.org",
        "Last heard of in A market town in Yunnan.",
        "Her sister is hoa sen.",
    ],
)
def test_what_the_case_knows_of_the_person_is_found(text):
    with pytest.raises(NotLawfulError) as refused:
        check_no_telltale([text], CASE, "need")
    assert refused.value.code == "offer.identity_in_need"
    assert not any(word in str(refused.value) for word in ("Mây", "Bạc", "555"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A quiet room, and somebody who speaks Hmong.",
        "From Lào Cai, by bus at 14:30 on 2018-03-12.",
        "The mây (rattan) craft she learns",
        "Bed",
        "She is 21 and has 1 child.",
    ],
)
def test_what_many_people_share_is_no_telltale(text):
    check_no_telltale([text], CASE, "need")
