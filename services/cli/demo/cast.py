"""The invented people of the demo, made from a seed.

Promises: the same seed gives the same people; everybody is of age and plainly
invented. Names are things that grow and weather that passes; telephone numbers
begin with +84 000, which no line in Viet Nam does. The seed also decides what a
person would decide: whether she lets her family know that she is safe, and which
houses have no free bed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")

_FAMILIES = (
    "Thông Biếc",
    "Nắng Rừng",
    "Suối Khuya",
    "Mưa Thưa",
    "Trăng Núi",
    "Sương Lam",
)
_SISTERS = ("Lụa", "Mận", "Nếp", "Chanh", "Sim", "Đào")
_BROTHERS = ("Cội", "Rơm", "Tre", "Gạo", "Nương", "Chài")
_LANGUAGES = (
    ("hmn", "Hmong"),
    ("tyz", "Tày"),
    ("ium", "Dao"),
    ("hni", "Hà Nhì"),
)
_HOUSES = ("nha-hoa-ban", "nha-suoi-trong", "nha-doi-che")
_FIRST_BIRTHDAY = date(1988, 1, 1)
_BIRTHDAYS = 3650
"""Days over which birthdays spread: in March 2018 everybody is 20 to 30."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of one journey, and what they will decide."""

    seed: int
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    birthdate: date = field(repr=False)
    language: str
    """BCP 47 code of the language that she speaks best."""
    language_name: str
    interpreter: str
    """Staff pseudonym."""
    brother_name: str = field(repr=False)
    brother_phone: str = field(repr=False)
    lets_family_know: bool
    """Whether the family may be told that she is safe."""
    houses: tuple[str, ...]
    """Shelters in the order in which they are asked."""
    full_houses: int
    """How many of them, from the first on, have no free bed."""

    @property
    def personal_values(self) -> tuple[str, ...]:
        """What no log, no ledger and no database may hold in clear."""
        return (
            self.family_name,
            f"{self.given_name} {self.family_name}",
            f"{self.brother_name} {self.family_name}",
            self.birthdate.isoformat(),
            self.brother_phone,
            self.brother_phone.replace(" ", ""),
        )

    @property
    def house(self) -> str:
        """The shelter that has a free bed."""
        return self.houses[self.full_houses]


def cast_of(seed: int) -> Cast:
    """The people of the journey with this number."""
    language, language_name = _pick(seed, "language", _LANGUAGES)
    first = _number(seed, "house") % len(_HOUSES)
    # The nearer houses are asked first, in either order; the third is farther off.
    near = _HOUSES[:2] if first % 2 == 0 else _HOUSES[1::-1]
    return Cast(
        seed=seed,
        given_name=_pick(seed, "sister", _SISTERS),
        family_name=_pick(seed, "family", _FAMILIES),
        birthdate=_FIRST_BIRTHDAY
        + timedelta(days=_number(seed, "birthday") % _BIRTHDAYS),
        language=language,
        language_name=language_name,
        interpreter=f"interpreter-{_number(seed, 'interpreter') % 40 + 1:02}",
        brother_name=_pick(seed, "brother", _BROTHERS),
        brother_phone=f"+84 000 {_number(seed, 'phone') % 900_000 + 100_000}",
        lets_family_know=_number(seed, "contact family") % 2 == 0,
        houses=(*near, _HOUSES[2]),
        full_houses=1 + _number(seed, "beds") % 2,
    )


def _number(seed: int, question: str) -> int:
    """A number for one question, the same on every machine and Python."""
    said = hashlib.sha256(f"relais demo {seed}: {question}".encode()).digest()
    return int.from_bytes(said[:8], "big")


def _pick(seed: int, question: str, options: Sequence[T]) -> T:
    return options[_number(seed, question) % len(options)]
