"""Random identifiers and the alias under which a case is known.

Promises identifiers that say nothing: no place, no time, no order. An alias
reads ``R-XXXX-XXCC``: six random characters of Crockford's base 32 (30 bits,
alphabet without I, L, O and U) and two check characters, the value modulo 1021.
1021 is prime, below 32 squared and divides neither a difference of two digits
nor 31 nor 33 times one, so every single wrong character and every swap of two
neighbours is noticed. Uniqueness is the store's business: 30 bits want a check
for an alias already given.
"""

from __future__ import annotations

import secrets

from services.node.domain.errors import InvalidInputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, https://www.crockford.com/base32.html."""

ID_BYTES = 16
"""Length of every identifier that travels, in bytes."""

_CHECK_MODULUS = 1021
_VALUE_DIGITS = 6
_CHECK_DIGITS = 2
_BITS = 5 * _VALUE_DIGITS
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VALUE_OF = {digit: value for value, digit in enumerate(ALPHABET)}


def new_id() -> bytes:
    """16 random bytes from the operating system."""
    return secrets.token_bytes(ID_BYTES)


def new_alias() -> str:
    """A new random alias, such as ``R-7F3K-92Q8``."""
    return alias_of(secrets.randbits(_BITS))


def alias_of(value: int) -> str:
    """The alias of a number of 0 to 2**30 - 1."""
    digits = _digits(value, _VALUE_DIGITS) + _digits(
        value % _CHECK_MODULUS, _CHECK_DIGITS
    )
    return f"R-{digits[:4]}-{digits[4:]}"


def parse_alias(text: str) -> str:
    """The alias in its one written form.

    Tolerates lower case, missing hyphens, spaces around and between, and the
    letters that are misread (O for 0, I and L for 1). Raises
    ``InvalidInputError`` with ``identifier.malformed`` if this has not the shape
    of an alias and ``identifier.bad_check`` if it was mistyped.
    """
    plain = "".join(text.replace("-", "").split()).upper()
    digits = plain[1:].translate(_READ_AS)
    if (
        not plain.startswith("R")
        or len(digits) != _VALUE_DIGITS + _CHECK_DIGITS
        or not set(digits) <= _VALUE_OF.keys()
    ):
        raise InvalidInputError(
            "identifier.malformed",
            "A case number is the letter R and eight characters.",
            remedy="Write it as it is printed: R-XXXX-XXXX.",
        )
    value = _number(digits[:_VALUE_DIGITS])
    if value % _CHECK_MODULUS != _number(digits[_VALUE_DIGITS:]):
        raise InvalidInputError(
            "identifier.bad_check",
            "The check characters do not fit: the case number was mistyped.",
            remedy="Compare it with the printed number, character by character.",
        )
    return alias_of(value)


def _digits(value: int, length: int) -> str:
    shifts = range(5 * (length - 1), -1, -5)
    return "".join(ALPHABET[(value >> shift) & 31] for shift in shifts)


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 32 + _VALUE_OF[digit]
    return value
