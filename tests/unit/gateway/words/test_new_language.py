"""A new language is a folder of catalogues, and nothing else has to know of it."""

from datetime import UTC, datetime

import pytest
from babel.messages.pofile import write_po

from gateway.words.catalogues import CODES, CONSOLE, LOCALE, read_catalogue
from gateway.words.words import load

NOON = datetime(2019, 3, 6, 5, 0, tzinfo=UTC)


def pseudo(text):
    """Longer than the source, with stacked marks, and every place kept."""
    if not text or text.startswith("{"):
        return f"{text}ngọ̈"
    return f"[ậ̀ {text} ệ̉]"


def of(catalogue, code, name):
    found = catalogue.get(code, name)
    assert found is not None
    return found


@pytest.fixture
def lao(tmp_path):
    """The four languages, and Lao made of marks: a folder and two files."""
    for folder in LOCALE.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    target = tmp_path / "lo" / "LC_MESSAGES"
    target.mkdir(parents=True)
    for domain in (CODES, CONSOLE):
        catalogue = read_catalogue("fr", domain)
        english = read_catalogue("en", domain)
        for message in catalogue:
            if not message.id or message.context == "format":
                continue
            source = message.id
            if domain == CODES:
                source = of(english, message.id, message.context).string
            message.string = (
                tuple(map(pseudo, source))
                if isinstance(source, tuple)
                else pseudo(source)
            )
        if domain == CODES:
            of(catalogue, "own_name", "language").string = "ລາວ"
            of(catalogue, "cldr", "format").string = "lo"
        with (target / f"{domain}.po").open("wb") as file:
            write_po(file, catalogue)
    return load(tmp_path)


def test_a_folder_makes_a_language_that_is_offered_and_understood(lao):
    assert list(lao.all) == ["vi", "en", "fr", "zh-Hans", "lo"]
    assert lao.choose(accept_language="lo-LA, en;q=0.5").lang == "lo"
    assert lao.choose(setting="lo").language.own_name == "ລາວ"


def test_every_word_of_it_is_its_own(lao):
    words = lao.all["lo"]
    assert words.step("accept") == "[ậ̀ Acceptance ệ̉]"
    assert words.step_done("accept", "Lào Cai") == "Lào Cai acceptedngọ̈"
    assert words.country("VN") == "ຫວຽດນາມ"
    assert words.day(NOON) == "06/03/2019"


def test_what_it_lacks_is_said_in_english(tmp_path):
    (tmp_path / "en").symlink_to(LOCALE / "en")
    target = tmp_path / "km" / "LC_MESSAGES"
    target.mkdir(parents=True)
    (target / "codes.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "language"\nmsgid "own_name"\nmsgstr "ខ្មែរ"\n\n'
        '#, fuzzy\nmsgctxt "step"\nmsgid "accept"\nmsgstr "a guess"\n',
        "utf-8",
    )
    words = load(tmp_path).all["km"]
    assert words.language.own_name == "ខ្មែរ"
    assert words.step("accept") == "Acceptance"
    assert words.gettext("Sign in") == "Sign in"
