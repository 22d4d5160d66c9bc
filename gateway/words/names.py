"""Names: what countries and languages are called in one language, and back.

Promises the names of CLDR (Babel) for the codes that a case file may hold, ISO
3166-1 and ISO 639-2, and the code of each name, in whatever case it is typed. A
name that two languages share stands for the first of them by code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from babel import Locale

from services.node.domain.isocodes import bcp47, country_codes, language_codes


@dataclass(frozen=True, slots=True)
class Names:
    """The names in the language of ``locale``."""

    locale: Locale

    def country(self, code: str) -> str:
        """A country by its ISO 3166-1 code (``VN``)."""
        return str(self.locale.territories.get(code, code))

    def tongue(self, code: str) -> str:
        """A language by its ISO 639 code (``vie``) or BCP 47 tag (``zh-Hans``)."""
        known = self.locale.languages
        return str(known.get(bcp47(code).replace("-", "_"), known.get(code, code)))

    def country_called(self, name: str) -> str:
        """The code of a country by its name; ``name`` if none is called so."""
        return _countries(self).get(_folded(name), name)

    def tongue_called(self, name: str) -> str:
        """The code of a language by its name; ``name`` if none is called so."""
        return _tongues(self).get(_folded(name), name)

    def countries(self) -> list[str]:
        """The names of all countries, in order."""
        return sorted(map(self.country, country_codes()), key=_folded)

    def tongues(self) -> list[str]:
        """The names of all languages that have one, in order."""
        return sorted({self.tongue(code) for code in _tongues(self).values()})


@cache
def _countries(names: Names) -> Mapping[str, str]:
    return MappingProxyType(
        {_folded(names.country(code)): code for code in country_codes()}
    )


@cache
def _tongues(names: Names) -> Mapping[str, str]:
    named = ((names.tongue(code), code) for code in sorted(language_codes()))
    found: dict[str, str] = {}
    for name, code in named:
        if name != code:
            found.setdefault(_folded(name), code)
    return MappingProxyType(found)


def _folded(name: str) -> str:
    """A name as it is compared; accents count, case and outer spaces do not."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
