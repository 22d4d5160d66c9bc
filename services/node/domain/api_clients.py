"""Programs of the member's own: what their keys look like and may open.

Promises pure rules on the wire clock. A key says who it is by itself, opens what
its scopes say and its officer's role allows, never more, and ends by itself.
Leaves to ``people`` what a role allows and to the call gate which call needs what.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.node.domain.errors import InvalidInputError, NotPermittedError

KEY_PREFIX = "rk_"
"""How every key begins, so that one that leaked is found by a search."""

_KEY_BYTES = 32
_SPKI_BYTES = 32
_LONGEST_NAME = 64
LONGEST_LIFE = timedelta(days=366)


class Scope(StrEnum):
    """What a program may be let into."""

    READ_CASES = "read_cases"
    """Look at cases, referrals and the work of the day."""
    WRITE_CASES = "write_cases"
    """Open cases and add to them: records, answers, acts, clocks, plans."""
    REFERRALS = "referrals"
    """Offer, and take the steps of referrals; look at them."""
    DIRECTORY = "directory"
    """The members and what may be asked of them; codes."""
    ADMINISTRATION = "administration"
    """The node and its people; never sign-in, never other programs."""
    AUDIT = "audit"
    """Who looked at what; the ledger."""


@dataclass(frozen=True, slots=True)
class ClientTerms:
    """What an administrator asks for a program."""

    name: str
    officer: str
    scopes: tuple[str, ...]
    expires_at: datetime
    spki: bytes = b""
    """SHA-256 of the public key of its certificate; empty to make a key."""


def new_key() -> str:
    """A fresh key: 32 random bytes after the prefix."""
    return KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)


def is_key(token: str) -> bool:
    """Whether a token is a program's, rather than that of a session."""
    return token.startswith(KEY_PREFIX)


def check_terms(terms: ClientTerms, now: datetime) -> None:
    """Raise InvalidInputError unless these terms can hold.

    Codes ``client.bad_name``, ``client.bad_scopes``, ``client.bad_certificate``
    and ``client.bad_expiry``.
    """
    name = terms.name
    if (
        not 0 < len(name.strip()) == len(name) <= _LONGEST_NAME
        or not name.isprintable()
    ):
        raise InvalidInputError(
            "client.bad_name",
            f"A program's name is a line of 1 to {_LONGEST_NAME} characters.",
            where="name",
            remedy="Name the program, not a person.",
        )
    known = set(Scope)
    if not terms.scopes or set(terms.scopes) - known:
        raise InvalidInputError(
            "client.bad_scopes",
            f"A program has one or more of the scopes {', '.join(Scope)}.",
            where="scopes",
        )
    if len(terms.spki) not in {0, _SPKI_BYTES}:
        raise InvalidInputError(
            "client.bad_certificate",
            f"The mark of a certificate is the SHA-256 of its public key in DER:"
            f" {_SPKI_BYTES} bytes.",
            where="spki_sha256",
            remedy="Leave it empty to be given a key instead.",
        )
    if not now < terms.expires_at <= now + LONGEST_LIFE:
        raise InvalidInputError(
            "client.bad_expiry",
            f"A key ends later than now and within {LONGEST_LIFE.days} days.",
            where="expires_at",
        )


def _fits(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_NAME


def check_scopes(held: Iterable[str], opening: frozenset[Scope]) -> None:
    """Raise NotPermittedError unless a held scope opens the call.

    ``client.not_for_programs`` if none ever does, else ``client.scope_missing``.
    """
    if not opening:
        raise NotPermittedError(
            "client.not_for_programs",
            "This is done by a person who is signed in, never by a program.",
            remedy="Sign in and do it yourself.",
        )
    if not opening & set(held):
        raise NotPermittedError(
            "client.scope_missing",
            f"The key of this program opens none of: {', '.join(sorted(opening))}.",
            remedy="Ask the administrator for a key with that scope.",
        )


def ended() -> NotPermittedError:
    """The answer to a key that opens nothing, any more or ever."""
    return NotPermittedError(
        "client.ended",
        "This key is not known here, was taken back, or is too old.",
        remedy="Ask the administrator of the node for another one.",
    )
