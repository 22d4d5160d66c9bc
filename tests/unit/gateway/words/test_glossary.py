"""One thing has one name, and no name says to a person what hurts."""

import re
from pathlib import Path

import pytest

from gateway.words.catalogues import CODES, CONSOLE, REFUSALS, read_catalogue

ROOT = Path(__file__).parents[4]
FOLDERS = ("vi", "fr", "zh_Hans")

TO_THE_PERSON = {
    "capacity",
    "category",
    "category_holds",
    "condition",
    "consent_status",
    "consent_subject",
    "family_message",
    "informed_point",
    "kept_because",
    "method",
    "purpose",
    "receipt_said",
    "regime",
    "safe_contact_rule",
    "service",
    "told_state_said",
    "urgent_need",
    "wish",
    "yours",
}
"""Lists that consent forms and slips show to the person."""

STATUS_OF_THE_LAW = {
    "act",
    "act_done",
    "case_state",
    "claimant",
    "closure_reason",
    "field",
    "function",
    "label",
    "person_status",
    "referral_type",
    "result",
    "track",
    "vic_TraffickingStatus",
}
"""Lists that name the status, its papers, or an office by its official name."""

VICTIM = re.compile(r"\bvictim|nạn nhân|受害|被害", re.IGNORECASE)

AVOIDED = {
    "en": r"\bdeliver|\bcustod|\bdetain|\bdeport|\bsold\b|\bsurrender",
    "vi": r"giam giữ|tạm giữ|áp giải|trục xuất|giao nộp|bị bán|hộ tống",
    "fr": r"\blivr|\bdétenu|\bdétention|\bexpuls|\bvendu|\bgarde à vue",
    "zh_Hans": r"拘|押|羁|驱逐|引渡|遣送|被卖",
}
"""Words of police and of goods; nobody who is helped is either."""


COMMAND = re.compile(r"relais \w+|--\w+")
"""What is typed, the same in every language."""


def catalogue(folder, domain):
    return {
        (message.context or "", *forms(message.id)): forms(message.string)
        for message in read_catalogue(folder, domain)
        if message.id
    }


def forms(said):
    return (said,) if isinstance(said, str) else tuple(said)


def in_english(domain, key):
    return ENGLISH[key] if domain == CODES else key[1:]


ENGLISH = catalogue("en", CODES)
GLOSSARY = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "words.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]


@pytest.mark.parametrize("domain", [CODES, CONSOLE, REFUSALS])
@pytest.mark.parametrize("column", range(1, 4), ids=FOLDERS)
def test_a_term_is_said_as_the_glossary_says(column, domain):
    off = []
    for key, translated in catalogue(FOLDERS[column - 1], domain).items():
        english = COMMAND.sub("", " ".join(in_english(domain, key)).lower())
        text = " ".join(translated).lower()
        for row in GLOSSARY:
            listed = [form.strip() for form in row[column].split("/")]
            if row[0] in english and not any(form in text for form in listed):
                off.append((key, row[0], text))
    assert off == []


def test_every_term_of_the_glossary_is_said_somewhere():
    english = " ".join(
        [
            *(form for said in ENGLISH.values() for form in said),
            *(form for key in catalogue("vi", CONSOLE) for form in key[1:]),
        ]
    ).lower()
    assert [row[0] for row in GLOSSARY if row[0] not in english] == []


@pytest.mark.parametrize("folder", ["en", *FOLDERS])
def test_nobody_is_called_a_victim_to_their_face(folder):
    said = catalogue(folder, CODES)
    assert [
        key for key in said if key[0] in TO_THE_PERSON and VICTIM.search(said[key][0])
    ] == []


@pytest.mark.parametrize("folder", ["en", *FOLDERS])
def test_the_word_stands_only_where_the_status_of_the_law_is_meant(folder):
    said = catalogue(folder, CODES)
    assert {key[0] for key in said if VICTIM.search(said[key][0])} <= STATUS_OF_THE_LAW
    sentences = catalogue(folder, CONSOLE)
    assert [key for key in sentences if VICTIM.search(" ".join(sentences[key]))] == []


@pytest.mark.parametrize("folder", ["en", *FOLDERS])
def test_no_word_makes_a_prisoner_or_a_parcel_of_anybody(folder):
    rule = re.compile(AVOIDED[folder], re.IGNORECASE)
    said = {
        (domain, *key): words
        for domain in (CODES, CONSOLE, REFUSALS)
        for key, words in catalogue(folder, domain).items()
    }
    assert [key for key, words in said.items() if rule.search(" ".join(words))] == []


def test_chinese_speaks_to_the_reader_politely():
    """您 for who reads; 你 is what one says to a friend or a child."""
    familiar = [
        (domain, *key)
        for domain in (CODES, CONSOLE, REFUSALS)
        for key, words in catalogue("zh_Hans", domain).items()
        if "你" in " ".join(words)
    ]
    assert familiar == []
