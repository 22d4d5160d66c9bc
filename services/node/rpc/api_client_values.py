"""What a node answers about programs, as frozen values.

Promises what ``sign_in_values`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ClientAsked:
    """A program to let in; ``officer`` is whom it acts as.

    ``spki_sha256`` is the SHA-256 of its certificate's public key; empty for a key.
    """

    name: str
    officer: str
    scopes: tuple[str, ...]
    expires_at: datetime
    spki_sha256: bytes = b""


@dataclass(frozen=True, slots=True)
class ClientInvited:
    """A program's key, a secret that is told once; empty if it has a certificate."""

    client_id: bytes
    key: str = field(repr=False)
    expires_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class ClientRead:
    """A program and the officer it acts as; ``used_on`` is YYYY-MM-DD or empty."""

    client_id: bytes
    name: str
    officer: str
    role: str
    unit: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime
    revoked_by: str
    used_on: str
    spki_sha256: bytes

    @property
    def used_day(self) -> date:
        """The day of the last use, where there was one."""
        return date.fromisoformat(self.used_on)


@dataclass(frozen=True, slots=True)
class ClientSeen:
    """The program that calls, the member, and what its officer's role allows."""

    client: ClientRead
    member: str
    acts: tuple[str, ...]
