"""Every refusal that a reader can meet is said in her language."""

import re

import pytest

from gateway.words.catalogues import REFUSALS, read_catalogue
from gateway.words.composed import COMPOSED, UNMET, UNMET_BUT
from gateway.words.raised import FOLDERS as RAISED_IN
from gateway.words.raised import ROOT, met, raised, templates, untold
from gateway.words.words import load
from services.node.domain.errors import RelaisError

FOLDERS = ("vi", "fr", "zh_Hans")
TAGS = ("vi", "fr", "zh-Hans")
PLACE = re.compile(r"\{(\w+)\}")
MAY_BE_LEFT_OUT = {"note"}
"""The note of a policy's row is English; its table and row say where it stands."""

WHAT_TO_DO = """
Run: python -m gateway.words.extraction
Then translate in gateway/locale/{folder}/LC_MESSAGES/refusals.po, for each code and
sentence listed here, its msgstr (places in braces stay; terms as in docs/words.md).
A code that nobody in the console or the API can meet goes into UNMET of
gateway/words/composed.py, with the reason; words that a function puts together go
into COMPOSED there."""

WANTED = {(name, text) for name, texts in templates().items() for text in texts}
LANGUAGES = load().all


def written(folder):
    return {
        (each.context, each.id): each
        for each in read_catalogue(folder, REFUSALS)
        if each.id
    }


def own(text):
    return re.search(r"[^\W\d_]", PLACE.sub("", text))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_refusal_that_can_be_met_is_translated(folder):
    found = written(folder)
    missing = [
        key
        for key in WANTED
        if key not in found or found[key].fuzzy or not found[key].string
    ]
    assert sorted(missing) == [], WHAT_TO_DO.format(folder=folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_translation_is_kept_for_a_sentence_that_is_gone(folder):
    assert sorted(written(folder).keys() - WANTED) == [], WHAT_TO_DO.format(
        folder=folder
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_translation_has_the_places_of_its_english(folder):
    off = []
    for (context, english), message in written(folder).items():
        here, there = (
            set(PLACE.findall(text)) for text in (english, str(message.string))
        )
        if there - here or here - there - MAY_BE_LEFT_OUT:
            off.append((context, english))
    assert off == [], WHAT_TO_DO.format(folder=folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_translation_is_its_english(folder):
    assert [
        key
        for key, message in written(folder).items()
        if message.string == key[1] and own(key[1])
    ] == [], WHAT_TO_DO.format(folder=folder)


def test_words_that_are_put_together_are_listed():
    """A sentence that no syntax shows is found by the tests beside this one."""
    assert untold() == [], WHAT_TO_DO.format(folder="*")


def test_no_code_hides_its_sentence_behind_a_constant():
    """A code that is named far from its words would be left out of every catalogue."""
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE)
    text = "".join(
        path.read_text("utf-8")
        for folder in RAISED_IN
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    )
    here = [code for code in listed if f'"{code}"' in text and met(code)]
    assert len(here) > 300
    assert sorted(set(here) - {name for name, _ in WANTED}) == []


def test_what_nobody_meets_is_there_and_has_a_reason():
    codes = {each.code for each in raised()}
    families = {code.partition(".")[0] for code in codes}
    assert sorted(code for code in UNMET_BUT if code not in codes) == []
    assert all(met(code) for code in UNMET_BUT)
    assert all(UNMET.values())
    elsewhere = {"audit", "cli", "cluster", "config", "demo", "network", "node.exists"}
    elsewhere |= {"peer.refused", "relay", "node.port_in_use"}
    assert UNMET.keys() - codes - families <= elsewhere


SAMPLES = {
    "act": "the reception of the person",
    "acts": "the reception of the person (receive); the assessment of needs (assess)",
    "able": "officer, manager",
    "allowed": "D1, D2",
    "answer": "approved",
    "answerable": "not answerable",
    "articles": "24-26",
    "beside": "set_risk_level, doubt_age",
    "categories": "identity (D2), family (D8)",
    "category": "identity (D2)",
    "codes": "one, two",
    "codes_2": "three, four",
    "day": "5 March 2018",
    "document_type": "laissez_passer_border",
    "end": "receiver",
    "events": "the acceptance in a referral for shelter or a follow-up",
    "expected": "the appointment",
    "field": "Risk level",
    "listed": "POLICE and COMMUNE_PC",
    "listed_2": "SOCIAL_ASSIST_EST",
    "members": "The police and a school, training or job service",
    "members_2": "the hotline",
    "phase": "the reception",
    "phases": "during the reception or during the return",
    "reasons": "identity (D2): no consent names it; family (D8): no basis is named",
    "rule": "steps row 34 (Law 66/2011/QH12 Arts 24-26; Decree 09/2013/ND-CP Art 19)",
    "rules": "steps row 3 (proposal: a note; none); the table x has no row for it",
    "law": "procedure 5893",
    "side": "the member that made the offer",
    "side_2": "the member that got the offer",
    "state": "the offer is declined",
    "states": "the offer is declined, the person is on the way or the case is closed",
    "step": "the acceptance",
    "steps": "the decline (decline); the word (misrouted)",
    "table": "steps",
    "unit": "working days",
    "when": "in an open case",
    "note": "a note in English",
    "open": "What can be recorded now: nothing.",
    "first": "Take that step in the referral.",
    "sentence": "The triage can be recorded only in an open case; here the case is"
    " closed.",
    "here": "that is not so here",
    "why_not": "The offer has no place in a referral for shelter on 5 March 2018.",
    "than": "now",
    "whom": "not this person",
    "referral_type": "voluntary return",
}


def filled(context, template):
    return template.format_map(
        {
            name: "accept"
            if context == "rule" and name == "step"
            else "offered"
            if context == "rule" and name == "state"
            else SAMPLES.get(name, "7")
            for name in PLACE.findall(template)
        }
    )


@pytest.mark.parametrize("tag", TAGS)
def test_every_template_is_told_wholly_in_the_language(tag):
    words = LANGUAGES[tag]
    off = []
    for context, template in sorted(WANTED):
        if "." not in context:
            continue
        text = filled(context, template)
        told = words.refused(RelaisError(context, text)).sentence
        if told.lang or told.text == text:
            off.append((context, text, told.text))
    assert off == []


def test_a_code_in_a_place_is_said_as_its_list_says():
    error = RelaisError(
        "people.role_may_not",
        "The role of officer nurse-1, agency officer, does not allow this: case.",
        remedy="It is allowed to: officer, manager.",
    )
    told = LANGUAGES["vi"].refused(error)
    assert told.sentence.text == (
        "Cán bộ nurse-1, vai trò “Cán bộ cơ quan phối hợp”, không được làm việc này:"
        " “Xử lý ca”."
    )
    assert told.remedy.text == (
        "Việc này dành cho: Cán bộ quản lý trường hợp và Quản lý cơ sở."
    )


def test_what_no_template_knows_stays_english_and_says_so():
    error = RelaisError("case.closed", "A sentence of another version.", remedy="Do.")
    told = LANGUAGES["vi"].refused(error)
    assert (told.sentence.text, told.sentence.lang) == (error.message, "en")
    assert (told.remedy.text, told.remedy.lang) == ("Do.", "en")
    unknown = RelaisError("of.tomorrow", "Something new.")
    assert LANGUAGES["vi"].refused(unknown).sentence.lang == "en"


def test_a_sentence_is_never_half_translated():
    """Words of no list in a place that has lists: the whole stays English."""
    text = "The step does not agree with a thing nobody listed."
    told = LANGUAGES["fr"].refused(RelaisError("step.content_mismatch", text))
    assert (told.sentence.text, told.sentence.lang) == (text, "en")


@pytest.mark.parametrize(
    "text", ["", "{", "}{0}", "{a.b}", "%s %(x)s", "\0", "(" * 900]
)
def test_no_text_breaks_the_telling(text):
    for words in LANGUAGES.values():
        told = words.refused(RelaisError("step.not_lawful", text, remedy=text))
        assert told.sentence.text == text
        day = RelaisError("return.before_it_began", f"It lies before ({text}).")
        assert words.refused(day).sentence.text


def test_english_is_told_as_it_was_raised():
    error = RelaisError("case.closed", "The case is closed.", remedy="Open it.")
    told = LANGUAGES["en"].refused(error)
    assert (told.sentence.text, told.sentence.lang) == ("The case is closed.", "")


def test_every_composed_place_is_asked_for():
    asked = {
        re.sub(r"_\d+$", "", name) for _, text in WANTED for name in PLACE.findall(text)
    }
    pieces = {"rule", "reason_of_part", "event", "law"}
    places = {name for name in COMPOSED if "." not in name}
    assert sorted(places - asked - pieces) == []
