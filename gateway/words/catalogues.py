"""Catalogues: the files of words, read once at start and kept in memory.

Promises, per language, one catalogue of coded answers (``codes.po``) and one of
sentences (``console.po``), read straight from the text that translators edit, so
that nothing is compiled and no stale copy exists. What a language lacks is said
in English. Reading all four takes well under a second.
"""

from __future__ import annotations

import io
from gettext import NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALE = Path(__file__).resolve().parent.parent / "locale"
"""Where the catalogues lie: ``<language>/LC_MESSAGES/<domain>.po``."""

CODES = "codes"
"""Coded answers: the context is the list, the message is the code."""

CONSOLE = "console"
"""Sentences: the message is the English one."""


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
        # the locale of a test language need not exist in CLDR: keep the header's
        return read_po(file, domain=domain, abort_invalid=True)


def translations(catalogue: Catalog) -> NullTranslations:
    """A catalogue as gettext looks messages up in it; fuzzy ones do not count."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
