"""The forms' own words, a table a language.

Promises that a table has every key the forms ask for (a test holds the tables
against one another) and an edition: a short digest of the words, printed on the
paper and part of its hash, so that whoever reads an old paper can tell which
words the person was shown.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from gateway.documents.languages import Language

_FOLDER = Path(__file__).with_name("strings")
_EDITION_BYTES = 4
_EVERY_FORM = ("common", "evidence", "law")


@cache
def words(language: Language) -> Mapping[str, str]:
    """Section and key, joined by a dot, to the words in ``language``."""
    file = _FOLDER / f"{language.value.replace('-', '_')}.toml"
    sections = tomllib.loads(file.read_text("utf-8"))
    return MappingProxyType(
        {
            f"{section}.{key}": text
            for section, table in sections.items()
            for key, text in table.items()
        }
    )


@cache
def edition(document: str, languages: tuple[Language, Language]) -> str:
    """Eight hexadecimal digits for the words of a kind of ``document``."""
    shown = [
        [
            language.value,
            {
                key: text
                for key, text in words(language).items()
                if key.split(".")[0] in (*_EVERY_FORM, document)
            },
        ]
        for language in languages
    ]
    raw = json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(raw).digest()[:_EDITION_BYTES].hex()
