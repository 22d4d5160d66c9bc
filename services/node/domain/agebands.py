"""Age bands: what an offer says about age instead of a birth date.

Promises the bands of the public CTDC dataset. A birth year leaves two possible
ages; the younger one counts, because a person whose age is in doubt is presumed
to be a minor.
"""

from __future__ import annotations

from datetime import date

from services.node.domain.errors import InvalidInputError

AGE_BANDS: tuple[tuple[int, str], ...] = (
    (8, "0_8"),
    (17, "9_17"),
    (20, "18_20"),
    (23, "21_23"),
    (26, "24_26"),
    (29, "27_29"),
    (38, "30_38"),
    (47, "39_47"),
)
"""The oldest age of each band in years, and its code; older is ``48_plus``."""

OLDEST_BAND = "48_plus"
"""The open band at the end."""

_OLDEST_MINOR = 17
MINOR_BANDS = frozenset(band for oldest, band in AGE_BANDS if oldest <= _OLDEST_MINOR)
"""The bands of persons under 18 years."""

_OLDEST_PLAUSIBLE = 130


def age_band(birth_year: int, on: date) -> str:
    """The band of somebody born in ``birth_year``, on the day ``on``.

    Raises ``InvalidInputError("person.bad_birth_year")`` for a year after ``on``
    or more than 130 years before it.
    """
    if not 0 <= on.year - birth_year <= _OLDEST_PLAUSIBLE:
        raise InvalidInputError(
            "person.bad_birth_year",
            "The birth year lies in the future or more than 130 years back.",
            where="birth year",
            remedy="Correct the year, or leave it out if it is not known.",
        )
    last_day = (on.month, on.day) == (12, 31)
    youngest = max(on.year - birth_year - (0 if last_day else 1), 0)
    return next((code for oldest, code in AGE_BANDS if youngest <= oldest), OLDEST_BAND)
