"""Catalogues: the files of words, read once at start and kept in memory.

Promises, per language, one catalogue of coded answers (``codes.po``), one of
sentences (``console.po``) and one of refusals (``refusals.po``), read straight from
the text that translators edit: nothing is compiled, so no stale copy exists. What a
language lacks, or has only as a guess (*fuzzy*), is said in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import NullTranslations, c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"
"""Where the catalogues lie: ``<language>/LC_MESSAGES/<domain>.po``."""

CODES = "codes"
"""Coded answers: the context is the list, the message is the code."""

CONSOLE = "console"
"""Sentences: the message is the English one."""

REFUSALS = "refusals"
"""Refusals: the context is the code, the message the English template."""

Key = tuple[str, str]
"""A context, empty for none, and a message (of two forms, the first)."""


def folders(root: Path = LOCALE) -> tuple[str, ...]:
    """The languages under ``root`` by their folders: those that have codes."""
    return tuple(
        sorted(path.parts[-3] for path in root.glob(f"*/LC_MESSAGES/{CODES}.po"))
    )


def read_catalogue(folder: str, domain: str, root: Path = LOCALE) -> Catalog:
    """One catalogue as it is written; an empty one if there is no such file.

    Raises ``babel.messages.pofile.PoFileError`` for a file that is none.
    """
    path = root / folder / "LC_MESSAGES" / f"{domain}.po"
    if not path.is_file():
        return Catalog(domain=domain)
    with path.open("rb") as file:
        return read_po(file, domain=domain, abort_invalid=True)


class Lookup(NullTranslations):
    """A catalogue as gettext asks for messages; ``fallback`` says what it lacks."""

    def __init__(self, catalogue: Catalog, fallback: NullTranslations | None) -> None:
        super().__init__()
        self._said: Mapping[Key, tuple[str, ...]] = dict(_said(catalogue))
        self._form: Callable[[int], int] = c2py(catalogue.plural_expr)
        if fallback is not None:
            self.add_fallback(fallback)

    def gettext(self, message: str) -> str:
        """The message in this language."""
        found = self._said.get(("", message))
        return found[0] if found else super().gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """The message as said in this context."""
        found = self._said.get((context, message))
        return found[0] if found else super().pgettext(context, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the message that fits ``count``."""
        found = self._said.get(("", one))
        return found[self._form(count)] if found else super().ngettext(one, many, count)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """The form that fits ``count``, as said in this context."""
        found = self._said.get((context, one))
        if found:
            return found[self._form(count)]
        return super().npgettext(context, one, many, count)


def _said(catalogue: Catalog) -> list[tuple[Key, tuple[str, ...]]]:
    found = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else ()
        strings = forms or (str(message.string or ""),)
        if message.id and not message.fuzzy and all(strings):
            first = message.id if isinstance(message.id, str) else message.id[0]
            found.append(((message.context or "", first), tuple(map(str, strings))))
    return found
