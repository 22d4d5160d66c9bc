"""Password hashes: argon2id with the low-memory profile of RFC 9106 §4.

Promises that a password leaves this floor only as a hash in PHC format, and that
looking at a password nobody has costs the same as looking at somebody's. Each
call takes some 64 MiB and a tenth of a second: run it beside the event loop.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


#: Memory of one hash in KiB, as RFC 9106 §4 recommends where memory is short.
MEMORY_KIB = 65_536


def hash_password(password: str, memory_kib: int = MEMORY_KIB) -> str:
    """The hash of a password, with a fresh salt."""
    return _hasher(memory_kib).hash(password)


def password_holds(
    phc: str | None, password: str, memory_kib: int = MEMORY_KIB
) -> bool:
    """Whether ``password`` is the one of the hash; never, for None."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - most nodes never sign anybody in while they start

    try:
        _hasher(memory_kib).verify(phc or _nobodys(memory_kib), password)
    except (InvalidHashError, VerificationError):
        return False
    return phc is not None


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - as above
    from argon2.profiles import RFC_9106_LOW_MEMORY  # noqa: PLC0415 - as above

    profile = replace(RFC_9106_LOW_MEMORY, memory_cost=memory_kib)
    return PasswordHasher.from_parameters(profile)


@cache
def _nobodys(memory_kib: int) -> str:
    return hash_password(secrets.token_urlsafe(32), memory_kib)
