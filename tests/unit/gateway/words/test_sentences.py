"""Every sentence of sources and templates is said in every language, and no other."""

import re

import pytest
from babel.messages.pofile import read_po

from gateway.words.catalogues import CONSOLE, LOCALE, read_catalogue
from gateway.words.extraction import of_python, of_template, sentences, update

FOLDERS = ("vi", "fr", "zh_Hans")

SAME_AS_ENGLISH = {
    "Relais",  # the name of the system
    "%(number)s KiB",  # a unit (IEC 80000-13); French alone writes octets
}

PLACE = re.compile(r"%\((\w+)\)s")


def keys(catalogue):
    return {
        (
            message.context or "",
            message.id if isinstance(message.id, str) else message.id[0],
        )
        for message in catalogue
        if message.id
    }


def said(message):
    return (
        (message.string,)
        if isinstance(message.string, str)
        else tuple(message.string or ())
    )


def written(folder):
    return [each for each in read_catalogue(folder, CONSOLE) if each.id]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_sentence_is_missing_and_none_is_left_over(folder):
    """``make words`` brings the files up; then somebody has to translate."""
    assert keys(read_catalogue(folder, CONSOLE)) == keys(sentences())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_sentence_is_translated_by_somebody(folder):
    assert [
        each.id
        for each in written(folder)
        if each.fuzzy or not all(said(each) or ("",))
    ] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_sentence_is_its_english_but_a_listed_few(folder):
    assert [
        each.id
        for each in written(folder)
        if isinstance(each.id, str)
        and each.string == each.id
        and each.id not in SAME_AS_ENGLISH
    ] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_sentence_has_the_places_of_its_english(folder):
    off = []
    for each in written(folder):
        english = each.id if isinstance(each.id, str) else each.id[0]
        wanted = sorted(PLACE.findall(english))
        off += [text for text in said(each) if sorted(PLACE.findall(text)) != wanted]
    assert off == []


@pytest.mark.parametrize(("folder", "forms"), [("vi", 1), ("fr", 2), ("zh_Hans", 1)])
def test_a_count_has_as_many_forms_as_the_language(folder, forms):
    counted = [each for each in written(folder) if not isinstance(each.id, str)]
    assert counted
    assert {len(said(each)) for each in counted} == {forms}


def test_sentences_of_a_template_are_found_wherever_they_are_called():
    text = (
        '{{ _("One") }}{% set x = words.gettext("Two") %}{{ _(dynamic) }}'
        '{{ ngettext("%(n)s a", "%(n)s b", n) }}{{ pgettext("verb", "Open") }}'
        '{% macro m(words) %}{{ f({"t": words.ngettext("c", "d", 2)}) }}{% endmacro %}'
    )
    assert set(of_template(text)) == {
        ("", "One"),
        ("", "Two"),
        ("", ("%(n)s a", "%(n)s b")),
        ("verb", "Open"),
        ("", ("c", "d")),
    }


def test_sentences_of_a_module_are_found(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(
        'a = _("One")\nb = words.gettext("Two")\nc = ngettext("x", "y", 2)\nd = _(a)\n'
    )
    assert list(of_python(path)) == [("", "One"), ("", "Two"), ("", ("x", "y"))]


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(tmp_path):
    gateway = tmp_path / "gateway"
    (gateway / "templates").mkdir(parents=True)
    page = gateway / "templates" / "page.html"
    page.write_text('{{ _("Kept") }}{{ _("Gone") }}')
    locale = tmp_path / "locale"
    for folder in ("en", "vi"):
        target = locale / folder / "LC_MESSAGES"
        target.mkdir(parents=True)
        (target / "codes.po").symlink_to(LOCALE / folder / "LC_MESSAGES" / "codes.po")
    (path,) = update(locale, gateway)
    file = locale / "vi" / "LC_MESSAGES" / "console.po"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"Kept"\nmsgstr ""', '"Kept"\nmsgstr "Giữ lại"'))
    page.write_text('{{ _("Kept") }}{{ _("New") }}')
    assert update(locale, gateway) == [path]
    with file.open("rb") as opened:
        now = {each.id: each.string for each in read_po(opened) if each.id}
    assert now == {"Kept": "Giữ lại", "New": ""}
    before = file.read_bytes()
    update(locale, gateway)
    assert file.read_bytes() == before
