"""Which passwords an officer may choose, and in which form they are compared.

Promises the rules of NIST SP 800-63B-4 §3.1.1: length decides, any character
counts, nothing is asked to be mixed, and what everybody would guess is refused.
Leaves hashing to ``keys.passwords``. No refusal repeats what was typed.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from services.node.domain.errors import InvalidInputError

SHORTEST = 12
LONGEST = 128
"""Characters (code points after normalisation)."""

_FEWEST_DIFFERENT = 5

_LITTLE_MORE = 4
"""Characters beside a name that do not make it a password."""

_COMMON = frozenset(
    {
        "000000000000",
        "111111111111",
        "112233445566",
        "121212121212",
        "123123123123",
        "123456123456",
        "123456654321",
        "12345678901",
        "123456789012",
        "1234567890123",
        "12345678910",
        "123456789123",
        "123456789abc",
        "1234567890-=",
        "1234qwerasdf",
        "1q2w3e4r5t6y",
        "1q2w3e4r5t6y7u",
        "1qaz2wsx3edc",
        "1qazxsw23edc",
        "987654321098",
        "a1b2c3d4e5f6",
        "abc123abc123",
        "abcd12345678",
        "abcdefghijkl",
        "abcdef123456",
        "adminadmin123",
        "administrator",
        "administrator1",
        "anhyeuem1234",
        "anhyeuem123456",
        "asdfghjkl123",
        "asdfghjkl1234",
        "chinhphuvietnam",
        "changeme1234",
        "correcthorsebatterystaple",
        "dragondragon",
        "hanoivietnam",
        "iloveyou1234",
        "iloveyouforever",
        "letmeinletmein",
        "letmein123456",
        "matkhau12345",
        "matkhau123456",
        "matkhau1234567",
        "mynameispassword",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "p@ssword1234",
        "p@ssw0rd1234",
        "passw0rd1234",
        "qazwsxedcrfv",
        "qwerty123456",
        "qwerty1234567",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiop1234",
        "qwertyuiop[]",
        "qwertyuiopas",
        "relaisrelais",
        "saigonvietnam",
        "secretsecret",
        "thisismypassword",
        "trustno1trustno1",
        "vietnam12345",
        "vietnam123456",
        "vietnamvodich",
        "vietnamvietnam",
        "welcome12345",
        "welcome123456",
        "xinchaovietnam",
        "zaq12wsxcde3",
        "zxcvbnm12345",
        "zxcvbnmasdfg",
    }
)
"""Of the most used passwords those that are long enough, and their like here."""


def normalised(password: str) -> str:
    """The one form in which a password is hashed: Unicode NFC.

    The same Vietnamese letter is typed as one character or as several.
    """
    return unicodedata.normalize("NFC", password)


def check_password(password: str, pseudonym: str, member: str) -> str:
    """The password normalised; raises ``InvalidInputError`` if it may not be chosen.

    Codes: ``sign_in.password_length`` and ``sign_in.password_guessed``.
    """
    chosen = normalised(password)
    if not SHORTEST <= len(chosen) <= LONGEST:
        raise InvalidInputError(
            "sign_in.password_length",
            f"A password has {SHORTEST} to {LONGEST} characters.",
            where="password",
            remedy="Put several words together; every character counts, spaces too.",
        )
    if _is_guessed(chosen, pseudonym, member):
        raise InvalidInputError(
            "sign_in.password_guessed",
            "This password is among the first that somebody would try.",
            where="password",
            remedy="Put several words together that do not belong together.",
        )
    return chosen


def _is_guessed(chosen: str, pseudonym: str, member: str) -> bool:
    folded = chosen.casefold()
    if folded in _COMMON or len(set(folded)) < _FEWEST_DIFFERENT:
        return True
    steps = {ord(b) - ord(a) for a, b in pairwise(folded)}
    if len(steps) == 1:
        return True
    plain = _letters(folded)
    names = [_letters(name.casefold()) for name in (pseudonym, member)]
    return any(
        name and name in plain and len(plain.replace(name, "")) <= _LITTLE_MORE
        for name in names
    )


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum())
