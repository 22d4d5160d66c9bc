"""Free text that says who the person is: found before it leaves.

Promises that a text which crosses before the release (the need of an offer, a
question, its answer) holds no name, number, address or date of birth that the
case itself knows. It finds what was written down, not what can be guessed: the
officer still decides what a text gives away. Leaves reading the case to others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from services.node.domain.errors import NotLawfulError
from services.node.domain.htcds import Kind, fields
from services.node.domain.records import CategoryRecord

TELLING = frozenset({"D2", "D3", "D8"})
"""Categories that say who somebody is, where, and with whom."""

_FREE = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.DATE})
#: Towns and forms of address are many people's.
_COMMON = frozenset(
    {"prs_Salutation", "prs_Title", "prs_MailingCity", "prs_MailingState"}
)
_DIGITS = re.compile(r"\D")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_COUNTRY_CODE = re.compile(r"^(00)?84|^0")
#: A number with fewer digits is an age, a price, a house.
_FEWEST_DIGITS = 6
#: A shorter word is written like a name, with a capital, or it is not one: *an*
#: means peace, *An* is somebody.
_SHORT = 3


def check_no_telltale(
    texts: Iterable[str], records: Iterable[CategoryRecord], where: str
) -> None:
    """Raise NotLawfulError ``offer.identity_in_need`` if a text names the person.

    ``where`` names the field. The error never repeats what was found.
    """
    text = " ".join(map(_plain, texts))
    telling = [each for each in records if each.category in TELLING]
    if any(_says(text, value) for value in _values(telling)):
        raise NotLawfulError(
            "offer.identity_in_need",
            "The text holds a name, number, address or date of birth from the case.",
            where=where,
            remedy="Say it without: identity opens with the release, sealed.",
        )


def _values(records: Iterable[CategoryRecord]) -> Iterator[str]:
    for record in records:
        for answer in record.answers:
            field = fields().get(answer.field)
            free = field is None or field.kind in _FREE
            if free and answer.field not in _COMMON:
                yield from map(_plain, answer.values)


def _says(text: str, value: str) -> bool:
    digits = _DIGITS.sub("", text)
    if any(number in digits for number in _numbers(value)):
        return True
    if not any(letter.isalpha() for letter in value):
        return False
    if len(value) > _SHORT:
        text, value = text.casefold(), value.casefold()
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _numbers(value: str) -> Iterator[str]:
    """The ways to write a number or a date, digits only."""
    date = _DATE.fullmatch(value)
    if date is not None:
        year, month, day = date.groups()
        yield year + month + day
        yield day + month + year
        yield f"{int(day)}{int(month)}{year}"
        return
    if sum(letter.isalpha() for letter in value) > len(value) // 2:
        return
    number = _COUNTRY_CODE.sub("", _DIGITS.sub("", value))
    if len(number) >= _FEWEST_DIGITS:
        yield number


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
