"""Password hashes: argon2id with the low-memory profile of RFC 9106 §4.

Promises that a password leaves this floor only as a hash in PHC format, and that
looking at a password nobody has costs the same as looking at somebody's. Each
call takes some 64 MiB and a tenth of a second: run it beside the event loop.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


def hash_password(password: str) -> str:
    """The hash of a password, with a fresh salt."""
    return _hasher().hash(password)


def password_holds(phc: str | None, password: str) -> bool:
    """Whether ``password`` is the one of the hash; never, for None."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - most nodes never sign anybody in while they start

    try:
        _hasher().verify(phc or _nobodys(), password)
    except (InvalidHashError, VerificationError):
        return False
    return phc is not None


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - as above
    from argon2.profiles import RFC_9106_LOW_MEMORY  # noqa: PLC0415 - as above

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobodys() -> str:
    return hash_password(secrets.token_urlsafe(32))
