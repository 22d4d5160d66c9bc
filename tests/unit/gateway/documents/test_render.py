"""Every form on paper, in every pair of languages."""

from __future__ import annotations

import dataclasses
import itertools
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any

import pytest
import typst

from gateway.documents.canonical import PREFIX_DIGITS, document_hash, kind_of
from gateway.documents.languages import Language, day_in, instant_in
from gateway.documents.page import FONTS
from gateway.documents.render import pictures, render
from gateway.documents.values import Evidence, Issue, Label, Signature, Words
from gateway.documents.wording import words
from services.node.domain.errors import InvalidInputError, UnavailableError
from services.node.domain.identifiers import alias_of
from tests.unit.gateway.documents.paper import (
    A4,
    joined,
    pages_of,
    signs_of,
    text_of,
    title_of,
)
from tests.unit.gateway.documents.sample_documents import (
    ALIAS,
    DAY,
    EN,
    FR,
    MAKERS,
    PAIRS,
    VI,
    ZH,
    Pair,
    a_copy,
    all_documents,
    declaration,
    handover_minutes,
    label,
    referral_slip,
)

CASES = [(kind, pair) for kind in MAKERS for pair in PAIRS]
NAMES = [f"{kind}-{a}-{b}" for kind, (a, b) in CASES]
RECEIPTS = {
    VI: ("biên nhận", "biên lai"),
    EN: ("receipt",),
    FR: ("récépissé", "accusé de réception", "quittance"),
    ZH: ("回执", "收据"),
}
FACING_HER = ("consent_form", "declaration", "reception_minutes", "handover_minutes")
NEVER_SAID = ("nạn nhân", "victim", "受害", "mua bán", "traffick", "traite", "拐卖")
# A sign for each column, which no language here uses; those of text that goes
# across both are exchanged.
LONGEST = [
    ("þ" * 300, "ð" * 300),
    ("þþþ " * 80, "ððð " * 80),
    ("þ1/" * 90, "ð-1" * 90),
    ("þ" + "长" * 200, "ð" + "語" * 200),
    ("þ", "ð"),
]
ACROSS = str.maketrans("þð", "xx")
HOSTILE = [
    ']#panic("no")[',
    '#include "/etc/hostname"',
    '#read("house.typ")',
    "$ sum_(i=1) $ *bold* _x_ = heading <label> @ref",
    '"); #eval("1+1") //',
    "{{7*7}} {pseudonym} \\u{0041} ~ -- --- ...",
    "</svg><script>1</script>",
]


# The first that fits: a flag is an int too, and an instant a day.
OTHERS: dict[type, Callable[[Any, int], Any]] = {
    Enum: lambda value, _: value,
    NoneType: lambda value, _: value,
    Label: lambda value, n: Label(f"{value.first} {n}a;", f"{value.second} {n}b;"),
    bool: lambda value, _: value,
    str: lambda value, n: f"{value} {n}c;",
    int: lambda _, n: 1000 + n,
    bytes: lambda _, n: n.to_bytes(32, "big"),
    datetime: lambda _, n: DAY + timedelta(minutes=n),
    date: lambda _, n: DAY.date() + timedelta(days=n),
}


def said_in(value: Any, pair: Pair, place: str = "") -> Iterator[str]:
    """Every text that the values hold, as it must stand on the paper."""
    match value:
        case Label():
            yield from (value.first, value.second)
        case datetime():
            yield from (instant_in(value, language) for language in pair)
        case date():
            yield from (day_in(value, language) for language in pair)
        case bytes():
            yield value.hex()
        case Enum() | None | bool():
            pass
        case str() | int():
            yield str(value)
        case tuple():
            for each in value:
                yield from said_in(each, pair, place)
        case _:
            for field in dataclasses.fields(value):
                yield from said_in(getattr(value, field.name), pair, field.name)


def told_apart(value: Any, numbers: Iterator[int]) -> Any:
    """The same value with no two leaves alike, so that none stands for another."""
    for kind, other in OTHERS.items():
        if isinstance(value, kind):
            return other(value, next(numbers))
    if isinstance(value, tuple):
        return tuple(told_apart(each, numbers) for each in value)
    changes = {
        field.name: told_apart(getattr(value, field.name), numbers)
        for field in dataclasses.fields(value)
        if field.name not in {"alias", "copy", "copies", "recorded_at", "digest"}
    }
    if getattr(value, "digest", b""):
        changes["digest"] = told_apart(value.digest, numbers)
    return dataclasses.replace(value, **changes)


def longest(value: Any, texts: Iterator[tuple[str, str]]) -> Any:
    """The same value with every label as long as a form may meet it."""
    match value:
        case Label():
            return Label(*next(texts))
        case Words():
            both = " ".join(next(texts)).translate(ACROSS)
            return Words(f"{both} " * 8, Label(*next(texts)))
        case tuple():
            return tuple(longest(each, texts) for each in value)
    if not dataclasses.is_dataclass(value):
        return value
    changes = {
        field.name: longest(getattr(value, field.name), texts)
        for field in dataclasses.fields(value)
    }
    across = Label(*(text.translate(ACROSS) for text in next(texts)))
    if isinstance(value, Issue):
        changes["issuer"] = across
    if isinstance(value, Signature):
        changes["place"] = across
    return dataclasses.replace(value, **changes)  # type: ignore[type-var] # no class


@pytest.mark.parametrize(("kind", "pair"), CASES, ids=NAMES)
def test_every_form_is_tagged_and_says_every_value_in_both_languages(kind, pair):
    numbers = itertools.count(1)
    document = told_apart(MAKERS[kind](pair), numbers)
    copy = told_apart(a_copy(pair), numbers)
    pdf = render(document, copy)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo" in pdf
    assert re.search(rb"/Lang ?\(" + pair[0].value.split("-")[0].encode(), pdf)
    assert b"pdfuaid" in pdf
    assert title_of(pdf) == " · ".join(words(each)[f"{kind}.title"] for each in pair)
    text = joined(text_of(pdf))
    values = [*said_in(document, pair), *said_in(copy, pair)]
    assert [each for each in values if joined(each) not in text] == []
    for language in pair:
        assert joined(words(language)[f"{kind}.subtitle"]) in text
    assert document_hash(document).hex() in text


@pytest.mark.parametrize("kind", MAKERS)
def test_the_qr_code_has_a_text_alternative_without_a_name(kind):
    document = MAKERS[kind]((VI, EN))
    pdf = render(document, a_copy((VI, EN)))
    prefix = document_hash(document).hex()[:PREFIX_DIGITS]
    path = f"/verify/{ALIAS}/{prefix}"
    expected = f"Mã QR để kiểm tra văn bản này: {path}".encode("utf-16-be")
    assert b"/Alt" in pdf
    assert expected in pdf or expected.hex().upper().encode() in pdf.upper()


@pytest.mark.parametrize("kind", MAKERS)
def test_every_page_says_which_copy_and_which_page_it_is(kind):
    pdf = render(MAKERS[kind]((VI, EN)), a_copy((VI, EN), 3))
    text, pages = text_of(pdf), pages_of(pdf)
    for page in range(1, pages + 1):
        assert joined(f"Page {page} of {pages}") in joined(text)
    assert joined(text).count(joined("Copy 3 of 3")) == pages + 1


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_an_attested_answer_is_never_called_a_receipt(pair):
    sponsor = label("province", pair)
    for document in all_documents(pair):
        issue = dataclasses.replace(
            document.issue, evidence=Evidence.ATTESTED, attested_by=sponsor
        )
        attested = dataclasses.replace(document, issue=issue)
        text = joined(text_of(render(attested, a_copy(pair)))).lower()
        for language in pair:
            assert [word for word in RECEIPTS[language] if joined(word) in text] == []
        assert joined(sponsor.first).lower() in text


def test_a_receipt_is_called_one():
    text = joined(text_of(render(handover_minutes((VI, EN)), a_copy((VI, EN)))))
    assert "Receipt." in text
    assert joined("Biên nhận.") in text


@pytest.mark.parametrize("kind", FACING_HER)
@pytest.mark.parametrize("language", Language)
def test_nothing_names_what_was_done_to_her_in_a_form_that_she_sees(kind, language):
    second = EN if language is not EN else VI
    pdf = render(MAKERS[kind]((language, second)), a_copy((language, second)))
    text = joined(text_of(pdf)).lower()
    assert [word for word in NEVER_SAID if joined(word) in text] == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_value_is_printed_as_it_was_typed(hostile):
    pair = (VI, EN)
    plain = declaration(pair)
    document = dataclasses.replace(
        plain,
        person=hostile,
        wish=Label(hostile, hostile),
        own_words=Words(hostile, label("vietnamese", pair)),
    )
    pdf = render(document, a_copy(pair))
    assert joined(text_of(pdf)).count(joined(hostile)) == 5
    assert pages_of(pdf) == pages_of(render(plain, a_copy(pair)))


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a\x00b", "a\x1bb", "\ue000", "\u2066x", "a\u2028b"]
)
def test_a_sign_that_cannot_stand_on_paper_is_refused_without_repeating_it(text):
    document = dataclasses.replace(declaration((VI, EN)), person=f"Mây {text}")
    with pytest.raises(InvalidInputError) as refused:
        render(document, a_copy((VI, EN)))
    assert refused.value.code == "document.unprintable"
    assert refused.value.where == "declaration.person"
    assert "Mây" not in str(refused.value)


def test_a_sign_that_no_font_has_is_refused_rather_than_printed_as_a_box(tmp_path):
    found = typst.Fonts(include_embedded_fonts=False).fonts()
    for path in {each.path for each in found if each.family in FONTS and each.path}:
        (tmp_path / Path(path).name).symlink_to(path)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[tmp_path]
    )
    document = dataclasses.replace(declaration((VI, EN)), person="Mây \U0001f33e")
    with pytest.raises(InvalidInputError) as refused:
        render(document, a_copy((VI, EN)), fonts)
    assert refused.value.code == "document.unprintable"
    assert "Mây" not in str(refused.value)


@pytest.mark.parametrize("name", ["ນາງ ແກ້ວ", "សុខា", "สมหญิง", "Nguyễn Thị Ộ"])
def test_names_of_the_neighbours_can_be_printed(name):
    document = dataclasses.replace(declaration((VI, EN)), person=name)
    assert render(document, a_copy((VI, EN)))


def test_a_machine_without_the_fonts_says_which_are_missing():
    nothing = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    with pytest.raises(UnavailableError) as refused:
        render(referral_slip((VI, EN)), a_copy((VI, EN)), nothing)
    assert refused.value.code == "document.no_font"
    assert refused.value.where == "Noto Sans, Noto Sans CJK SC"
    assert "fonts-noto-cjk" in refused.value.remedy


@pytest.mark.parametrize("kind", MAKERS)
def test_the_longest_texts_stay_in_their_column_and_on_the_page(kind):
    pair = (VI, ZH)
    texts = itertools.cycle(LONGEST)
    document = longest(MAKERS[kind](pair), texts)
    pdf = render(document, longest(a_copy(pair), texts))
    millimetre = 72 / 25.4
    outer, middle = 18 * millimetre, A4[0] / 2
    for sign in signs_of(pdf):
        if not sign.text.strip("\r\n \u200b"):
            continue
        assert sign.left >= outer - 1, sign
        assert sign.right <= A4[0] - outer + 1, sign
        assert 5 * millimetre < sign.bottom < sign.top < A4[1] - 10 * millimetre, sign
        if sign.text == "þ":
            assert sign.right < middle, sign
        if sign.text == "ð":
            assert sign.left > middle, sign


def test_the_same_copy_is_the_same_file_and_another_copy_another():
    document = handover_minutes((VI, EN))
    assert render(document, a_copy((VI, EN))) == render(document, a_copy((VI, EN)))
    assert render(document, a_copy((VI, EN), 1)) != render(document, a_copy((VI, EN)))


def test_a_form_can_be_looked_at_before_it_is_printed():
    document = declaration((VI, FR))
    pages = pictures(document, a_copy((VI, FR)))
    assert len(pages) == pages_of(render(document, a_copy((VI, FR))))
    assert all(page.startswith(b"\x89PNG") for page in pages)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_form_is_ready_in_less_than_300_ms(kind, capsys):
    """Of computing, and warm: the fonts are found once a process."""
    pair = (VI, ZH)
    took = []
    for number in range(4):
        document = MAKERS[kind](pair)
        issue = dataclasses.replace(document.issue, alias=alias_of(number))
        start = time.process_time()
        render(dataclasses.replace(document, issue=issue), a_copy(pair))
        took.append(time.process_time() - start)
    with capsys.disabled():
        sys.stdout.write(f"\n{kind}: {min(took) * 1000:.0f} ms ")
    assert min(took) < 0.3


def test_every_sample_is_of_its_kind():
    assert [kind_of(each) for each in all_documents((VI, EN))] == list(MAKERS)
