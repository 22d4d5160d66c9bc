"""Countries (ISO 3166-1) and languages (ISO 639-2) by code or English name.

Promises one canonical code for every accepted spelling: two letters for a
country (``VN``), three terminological letters for a language (``vie``). Case,
spaces and punctuation do not count. A spelling that stands for two different
things stands for nothing. The tables and their sources are in ``data/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from services.node.domain.htcds import Index, index, split, table


@cache
def countries() -> Index:
    """Alpha-2, alpha-3 or English name -> alpha-2 code."""
    return index(
        (
            row["alpha2"],
            (row["alpha2"], row["alpha3"], row["name"], *split(row["also"])),
        )
        for row in table("iso_3166.csv")
    )


def is_country(code: str) -> bool:
    """Whether this is an ISO 3166-1 alpha-2 code, spelled as such."""
    return code in country_codes()


@cache
def country_codes() -> frozenset[str]:
    """Every ISO 3166-1 alpha-2 code."""
    return frozenset(row["alpha2"] for row in table("iso_3166.csv"))


@cache
def language_codes() -> frozenset[str]:
    """Every ISO 639-2/T code."""
    return frozenset(row["code"] for row in table("iso_639_2.csv"))


@cache
def languages() -> Index:
    """ISO 639-2 or 639-1 code or English name -> ISO 639-2/T code."""
    return index(
        (
            row["code"],
            (
                row["code"],
                row["bibliographic"],
                row["alpha2"],
                row["name"],
                *split(row["also"]),
            ),
        )
        for row in table("iso_639_2.csv")
    )


def bcp47(language: str) -> str:
    """The BCP 47 tag of an ISO 639-2/T code: its two letters where it has them."""
    return _two_letters().get(language, language)


@cache
def _two_letters() -> Mapping[str, str]:
    return MappingProxyType(
        {row["code"]: row["alpha2"] for row in table("iso_639_2.csv") if row["alpha2"]}
    )
