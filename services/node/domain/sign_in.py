"""How often somebody may try to sign in, and what an invitation looks like.

Promises pure rules on instants that are passed in (the wire clock): delays that
grow, a lockout that ends by itself, codes that can be read out. Leaves to flows
that every try is counted *before* it is looked at, so that tries made at once do
not pass together.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.node.domain.errors import InvalidInputError, NotPermittedError
from services.node.domain.identifiers import ALPHABET

INVITATION_LASTS = timedelta(hours=72)
CHALLENGE_LASTS = timedelta(minutes=5)
LOCKOUT = timedelta(minutes=15)
MOST_FAILURES = {"officer": 10, "source": 30}
"""Failures after which tries are locked out; a source is a whole office."""

_FREE_FAILURES = 3
_LONGEST_DELAY = 60
_FORGOTTEN = timedelta(hours=1)
_CODE_DIGITS = 20
_GROUP = 5
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class SignInEvent(StrEnum):
    """What is kept about sign-in."""

    INVITED = "invited"
    RESET = "reset"
    ENROLLED = "enrolled"
    SIGNED_IN = "signed_in"
    FAILED = "failed"
    LOCKED_OUT = "locked_out"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REAUTHENTICATED = "reauthenticated"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - an event, no password
    SIGNED_OUT = "signed_out"
    ENDED = "ended"
    """The session ended for too many wrong proofs."""
    REVOKED = "revoked"
    """The officer left, and with it every session."""
    PROGRAM_LET_IN = "program_let_in"
    """A program got a key with which it acts as the officer."""
    PROGRAM_TAKEN_BACK = "program_taken_back"
    ADMISSION_ASKED = "admission_asked"
    """One asked that somebody be let in; it waits for a second person."""
    ADMITTED = "admitted"
    """A second person confirmed it."""
    NOT_ADMITTED = "not_admitted"
    """A second person said no."""
    ADMISSION_WITHDRAWN = "admission_withdrawn"
    """Who asked took it back."""
    WEBHOOK_CHANGED = "webhook_changed"
    """Where a program of the officer is told was changed."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries of one officer, source or code that were not followed by a success."""

    failures: int
    last_at: datetime
    locked_until: datetime | None = None


def check_tries(tries: Tries | None, kind: str, now: datetime) -> None:
    """Raise ``NotPermittedError("sign_in.wait")`` if it is too early to try again.

    Only an officer is delayed before the lockout: colleagues share a source.
    """
    if tries is None:
        return
    delay = _delay(tries.failures) if kind == "officer" else timedelta(0)
    until = tries.locked_until or tries.last_at + delay
    if now < until:
        seconds = int((until - now).total_seconds()) + 1
        wait = f"{seconds} seconds" if seconds < 60 else f"{-(-seconds // 60)} minutes"  # noqa: PLR2004 - seconds of a minute
        raise NotPermittedError(
            "sign_in.wait",
            "There were too many tries; the next is taken later.",
            remedy=f"Wait {wait}. The administrator can see this, and help.",
        )


def after_try(tries: Tries | None, kind: str, now: datetime) -> Tries:
    """With one more try; ``locked_until`` is set by the one too many.

    An hour without a try, or a lockout that ran out, begins from nothing.
    """
    forgotten = tries is None or (
        now >= tries.locked_until
        if tries.locked_until
        else now - tries.last_at >= _FORGOTTEN
    )
    failures = 1 if forgotten or tries is None else tries.failures + 1
    locked = failures >= MOST_FAILURES[kind]
    return Tries(failures, now, now + LOCKOUT if locked else None)


def _delay(failures: int) -> timedelta:
    if failures <= _FREE_FAILURES:
        return timedelta(0)
    return timedelta(seconds=min(2 ** (failures - _FREE_FAILURES - 1), _LONGEST_DELAY))


def refused() -> NotPermittedError:
    """The one answer to every proof that does not hold, whatever was wrong."""
    return NotPermittedError(
        "sign_in.refused",
        "This sign-in is not right.",
        remedy="Look at pseudonym, password and code; a code is taken once, wait for "
        "the next. Who has lost one of them asks the administrator.",
    )


def new_code() -> str:
    """A fresh invitation code of 100 random bits, ``XXXXX-XXXXX-XXXXX-XXXXX``."""
    digits = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_DIGITS))
    return "-".join(digits[at : at + _GROUP] for at in range(0, _CODE_DIGITS, _GROUP))


def parse_code(text: str) -> str:
    """The 20 characters of a code as typed.

    Tolerates lower case, spaces, missing hyphens and misread letters. Raises
    ``InvalidInputError("sign_in.bad_code")`` for what has not that shape.
    """
    plain = "".join(text.replace("-", "").split()).upper().translate(_READ_AS)
    if len(plain) != _CODE_DIGITS or any(each not in ALPHABET for each in plain):
        raise InvalidInputError(
            "sign_in.bad_code",
            "This is no invitation code.",
            where="code",
            remedy="A code has four groups of five letters and digits.",
        )
    return plain
