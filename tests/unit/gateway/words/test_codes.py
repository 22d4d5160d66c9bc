"""No code reaches a screen without its words in four languages."""

import importlib
import re
import string
from collections import defaultdict
from pathlib import Path

import pytest

from gateway.words.catalogues import CODES, folders, read_catalogue
from tests.unit.gateway.words.sources import LIST_OF, UNSEEN, classes, every_code

ROOT = Path(__file__).parents[4]
FOLDERS = ("en", "fr", "vi", "zh_Hans")

OWN_LISTS = {
    "access",  # what the access log tells
    "act_group",  # headings over the acts of a case
    "away",  # steps of a receiver, as one question asks for them
    "control_method",
    "error",  # refusals by their code or its family
    "format",  # habits of writing
    "hint",  # fields of forms
    "label",
    "language",
    "notice",  # what needs attention and has no clock
    "letter",  # states of an envelope in the outbox
    "ledger_part",  # of what does not hold
    "peer_alarm",  # what is wrong with another member's node
    "peer_standing",  # whether another member takes part
    "problem",
    "receipt_said",  # what a person is told of her no
    "return_stage",  # the way home as one row of stages
    "safe_contact_rule",  # forms of domain.md §5 whose fields are free text
    "sign_in_event",
    "sign_in_method",
    "urgent_need",
    "wish",
    "work_group",
}
"""Lists whose codes come from elsewhere than domain, case sheet and policy."""

SAME_AS_ENGLISH = {
    ("fr", "step", "question"),
    ("fr", "escort", "police"),
    ("fr", "decision_maker", "Police"),
    ("fr", "vic_TraffickingStatusDecisionMakingOrg", "Police"),
    ("fr", "vic_TypeOfSexExploitation", "Prostitution"),
    ("fr", "field", "prs_MailingState"),
}
NAMES_OF_PRODUCTS = {
    "recruitment_platform",
    "exploitation_platform",
    "vic_RecruitmentWebsitesAndApps",
    "vic_ExploitationWebsitesAndApps",
}

WORDS = {
    folder: {
        (message.context, message.id): message
        for message in read_catalogue(folder, CODES)
        if message.id
    }
    for folder in FOLDERS
}


def said(folder, key):
    return str(WORDS[folder][key].string)


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_is_a_catalogue_for_each_of_the_four_languages():
    assert folders() == FOLDERS


def test_every_class_of_codes_is_said_in_a_list_or_never_seen():
    assert {name for name, _ in classes()} == LIST_OF.keys() | UNSEEN.keys()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_code_has_its_words(folder):
    assert sorted(every_code() - WORDS[folder].keys()) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_words_are_kept_for_a_code_that_is_gone(folder):
    known = every_code()
    assert [
        key for key in WORDS[folder] if key not in known and key[0] not in OWN_LISTS
    ] == []


def test_the_four_say_the_same_codes():
    assert len({frozenset(words) for words in WORDS.values()}) == 1


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_words_are_empty_or_a_guess(folder):
    assert [
        key
        for key, message in WORDS[folder].items()
        if message.fuzzy or not said(folder, key).strip()
    ] == []


@pytest.mark.parametrize("folder", [each for each in FOLDERS if each != "en"])
def test_no_words_are_those_of_the_english_but_a_listed_few(folder):
    assert [
        key
        for key, message in WORDS[folder].items()
        if message.string == said("en", key)
        and (folder, *key) not in SAME_AS_ENGLISH
        and key[0] not in {*NAMES_OF_PRODUCTS, "format"}
    ] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_place_of_a_sentence_is_in_every_language(folder):
    assert [
        key
        for key, message in WORDS[folder].items()
        if places(message.string) != places(said("en", key))
    ] == []


def test_every_line_of_the_timeline_begins_with_who_acted():
    lines = [key for key in WORDS["en"] if key[0] in {"step_done", "act_done"}]
    assert len(lines) == 38 + 79 + 19
    for folder in FOLDERS:
        assert [k for k in lines if not said(folder, k).startswith("{actor}")] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_two_codes_of_a_list_are_never_called_the_same(folder):
    """Whoever chooses from a list must see which is which."""
    found = defaultdict(list)
    for (name, code), message in WORDS[folder].items():
        found[name, message.string].append(code)
    assert {key: codes for key, codes in found.items() if len(codes) > 1} == {}


def test_every_family_of_refusals_has_a_title():
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    families = set(re.findall(r"^\| `(\w+)\.\w+` \| \S+ ", page, re.MULTILINE))
    codes = set(re.findall(r"^\| `([\w.]+)`", page, re.MULTILINE))
    titled = {str(code) for name, code in WORDS["en"] if name == "error"}
    assert sorted(families - titled) == []
    gone = {code for code in titled - codes if code.partition(".")[0] in families}
    assert sorted(code for code in gone if "." in code) == []


@pytest.mark.parametrize(
    "service",
    [
        "access",
        "approval",
        "attachment",
        "case",
        "clock",
        "consent",
        "document",
        "draft",
        "form",
        "ledger",
        "node",
        "policy",
        "referral",
        "work",
    ],
)
def test_the_access_log_has_words_for_every_call(service):
    module = importlib.import_module(f"relais.desk.v1.{service}_pb2")
    calls = {
        f"{name}/{method}"
        for name, found in module.DESCRIPTOR.services_by_name.items()
        for method in found.methods_by_name
    }
    words = {code for name, code in WORDS["en"] if name == "access"}
    assert sorted(calls - words) == []
