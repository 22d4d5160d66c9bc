"""Law is cited by its day, and only as far as it was read (domain.md §1.1, §1.6)."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.documents.languages import Language
from gateway.documents.law import citations
from gateway.documents.wording import words
from tests.unit.gateway.documents.sample_documents import EN, FR, MAKERS, VI, ZH

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
CIRCULAR = "Joint Circular 01/2014/TTLT-BCA-BQP-BLĐTBXH-BNG"


def cited(document: str, day: date, language: Language = EN) -> list[str]:
    return [each.in_words(words(language)) for each in citations(document, day)]


def test_the_law_of_2024_replaces_that_of_2011_on_its_day():
    assert cited("reception_minutes", LAST) == [
        "Law 66/2011/QH12, Art. 24-26",
        f"{CIRCULAR} (not yet compared with the official text)",
    ]
    assert cited("reception_minutes", FIRST) == [
        "Law 53/2024/QH15, Art. 27, 30",
        f"{CIRCULAR} (not yet compared with the official text)",
    ]


def test_an_article_that_was_not_at_hand_is_said_to_be_unread():
    assert cited("certificate_letter", FIRST) == [
        "Law 53/2024/QH15, Art. 33 (not yet compared with the official text)"
    ]


def test_the_law_on_personal_data_is_cited_from_2026():
    assert "Law 91/2025/QH15" not in cited("consent_form", date(2025, 12, 31))
    assert "Law 91/2025/QH15" in cited("consent_form", date(2026, 1, 1))


def test_a_citation_is_in_the_language_of_its_column():
    day = date(2026, 1, 1)
    assert cited("consent_form", day, VI)[0] == "Luật số 53/2024/QH15, khoản 10 Điều 3"
    assert cited("consent_form", day, EN)[0] == "Law 53/2024/QH15, Art. 3(10)"
    assert cited("declaration", day, VI)[1] == "Luật số 53/2024/QH15, Điều 27"
    assert cited("declaration", day, FR)[1] == "Loi 53/2024/QH15, art. 27"
    assert cited("declaration", day, ZH)[1] == "越南第 53/2024/QH15 号法律，第 27 条"


@pytest.mark.parametrize("kind", MAKERS)
def test_every_form_leans_on_something_today(kind):
    assert citations(kind, date(2026, 11, 26))
