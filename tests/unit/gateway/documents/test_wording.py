"""The words of the forms: whole in every language, and never mixed up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gateway.documents
from gateway.documents.languages import Language
from gateway.documents.wording import edition, words
from tests.unit.gateway.documents.sample_documents import EN, FR, MAKERS, VI, ZH

# Words that two languages share, and that the tables therefore hold twice.
SHARED = {
    "common.date",
    "common.officer",
    "common.page",
    "common.signature",
    "common.signatures",
    "consent_form.question",
    "handover_minutes.organisation",
    "law.annexes",
}
TEMPLATES = Path(gateway.documents.__file__).with_name("templates")
PIECE = re.compile(r"\{(\w+)\}")
ASKED = re.compile(r'(own|w)\("([\w.]+)"\)|empty: "([\w.]+)"')


@pytest.mark.parametrize("language", Language)
def test_every_language_has_the_same_keys_and_pieces_and_nothing_empty(language):
    table, first = words(language), words(VI)
    assert set(table) == set(first)
    assert [key for key in table if not table[key].strip()] == []
    assert [
        key
        for key in table
        if set(PIECE.findall(table[key])) != set(PIECE.findall(first[key]))
    ] == []


@pytest.mark.parametrize("language", [VI, FR, ZH])
def test_nothing_is_left_in_english(language):
    english, table = words(EN), words(language)
    same = {key for key in table if table[key] == english[key]}
    assert same <= SHARED


@pytest.mark.parametrize("kind", MAKERS)
def test_a_template_asks_for_words_that_exist_and_leaves_none_unsaid(kind):
    table = set(words(VI))
    text = (TEMPLATES / f"{kind}.typ").read_text("utf-8")
    house = (TEMPLATES / "house.typ").read_text("utf-8")
    asked = {
        f"{kind}.{name}" if place == "own" else (name or empty)
        for place, name, empty in ASKED.findall(text + house)
    }
    assert asked - table == set()
    # These are asked for by what a scope says: open, given, refused, withdrawn.
    answers = {"consent_form.given", "consent_form.refused", "consent_form.withdrawn"}
    own = {key for key in table if key.startswith(f"{kind}.")}
    assert own - asked <= answers


def test_an_edition_is_of_a_kind_and_of_a_pair_in_its_order():
    editions = {
        edition(kind, pair)
        for kind in MAKERS
        for pair in [(VI, EN), (EN, VI), (VI, FR)]
    }
    assert len(editions) == 3 * len(MAKERS)
    assert all(re.fullmatch("[0-9a-f]{8}", each) for each in editions)
