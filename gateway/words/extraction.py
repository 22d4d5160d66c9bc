"""Extraction: the sentences that sources and templates say, brought to translators.

Promises every constant sentence that is given to ``_``, ``gettext``, ``ngettext``,
``pgettext`` or ``npgettext``, also as a method (``words.gettext``), in Python and
in templates. Run as a program it adds new ones to every ``console.po``, drops
what nobody says any more, and keeps the translations of the rest. A sentence
that changed begins untranslated, because a guess is worse than its English.
The same for ``refusals.po``, whose templates ``raised`` finds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po
from jinja2 import Environment, nodes

from gateway.words import raised
from gateway.words.catalogues import (
    CONSOLE,
    LOCALE,
    REFUSALS,
    folders,
    read_catalogue,
)

GATEWAY = LOCALE.parent
SOURCE = "en"
"""The language of the messages themselves; it has no catalogue of sentences."""

_TEMPLATES = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 - parses only

_BEGAN = datetime(2018, 11, 1, tzinfo=UTC)
"""A day that the files tell instead of the last one, so that runs agree."""

Sentence = tuple[str, str | tuple[str, ...]]
"""A context, empty for none, and a message or its two forms."""

_SAYS = {
    "_": (None, 1),
    "gettext": (None, 1),
    "ngettext": (None, 2),
    "pgettext": (0, 1),
    "npgettext": (0, 2),
}
"""Where a function has its context, and how many forms follow."""


def sentences(root: Path = GATEWAY) -> Catalog:
    """Every sentence under ``root``, each with the files that say it."""
    template = Catalog(domain=CONSOLE, project="Relais", charset="utf-8", fuzzy=False)
    for path, said in _sources(root):
        name = path.relative_to(root.parent).as_posix()
        for context, message in said:
            template.add(message, locations=[(name, 1)], context=context or None)
    return template


def of_template(text: str) -> Iterator[Sentence]:
    """The sentences of one template."""
    for call in _TEMPLATES.parse(text).find_all(nodes.Call):
        where, forms = _SAYS.get(_called(call.node), (None, 0))
        given = [each.value for each in call.args if isinstance(each, nodes.Const)]
        first = 0 if where is None else 1
        found = tuple(map(str, given[first : first + forms]))
        if forms and len(found) == forms:
            yield str(given[0]) if first else "", found[0] if forms == 1 else found


def of_python(path: Path) -> Iterator[Sentence]:
    """The sentences of one module."""
    for _, message, _, context in extract_from_file("python", path):
        yield context or "", message


def refusals(root: Path = raised.ROOT) -> Catalog:
    """Every template of a refusal, by its code or its place."""
    template = Catalog(domain=REFUSALS, project="Relais", charset="utf-8", fuzzy=False)
    for context, texts in raised.templates(root).items():
        for text in texts:
            template.add(text, context=context)
    return template


def update(root: Path = LOCALE, gateway: Path = GATEWAY) -> list[str]:
    """Bring every ``console.po`` up to the sources; the files that were written."""
    return _update(root, CONSOLE, sentences(gateway), "Sentences of the console")


def update_refusals(root: Path = LOCALE, sources: Path = raised.ROOT) -> list[str]:
    """The same for every ``refusals.po``."""
    return _update(root, REFUSALS, refusals(sources), "Refusals by their code")


def _update(root: Path, domain: str, template: Catalog, header: str) -> list[str]:
    written = []
    for folder in folders(root):
        if folder == SOURCE:
            continue
        old = read_catalogue(folder, domain, root)
        new = Catalog(
            locale=folder,
            domain=domain,
            project="Relais",
            version="1",
            msgid_bugs_address="docs/words.md",
            last_translator="Relais",
            language_team=folder,
            charset="utf-8",
            fuzzy=False,
            creation_date=_BEGAN,
            revision_date=_BEGAN,
            header_comment=f"# {header}; docs/words.md says how.",
        )
        for message in sorted(filter(_has_words, template), key=_place):
            kept = old.get(message.id, message.context)
            new.add(
                message.id,
                kept.string if kept else None,
                locations=sorted(set(message.locations)),
                flags=message.flags,
                context=message.context,
            )
        path = root / folder / "LC_MESSAGES" / f"{domain}.po"
        with path.open("wb") as file:
            write_po(file, new, width=0, include_lineno=False)
        written.append(path.as_posix())
    return written


def _has_words(message: Message) -> bool:
    return bool(message.id)


def _place(message: Message) -> tuple[str, str]:
    first = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", first


def _called(node: nodes.Expr) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return node.attr if isinstance(node, nodes.Getattr) else ""


def _sources(root: Path) -> Iterator[tuple[Path, Iterator[Sentence]]]:
    for path in sorted(root.rglob("*.py")):
        if "node_modules" not in path.parts:
            yield path, of_python(path)
    for path in sorted((root / "templates").rglob("*.html")):
        yield path, of_template(path.read_text("utf-8"))


if __name__ == "__main__":
    for name in (*update(), *update_refusals()):
        sys.stdout.write(f"{name}\n")
