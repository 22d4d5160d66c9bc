"""What the node answers about sign-in, looks and forms, as frozen values.

Promises what ``desk_values`` does; instants are on the wire clock here, and the
epoch stands for one that never was. What opens something is never shown by repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SessionRead:
    """The standing of a signed-in officer."""

    officer: str
    role: str
    unit: str
    member: str
    locked: bool
    method: str
    signed_in_at: datetime
    locks_at: datetime
    ends_at: datetime
    reauthenticated_at: datetime
    language: str
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedInRead:
    """A new session and its secret token."""

    token: str = field(repr=False)
    session: SessionRead
    previous_sign_in_at: datetime
    failures_since: int


@dataclass(frozen=True, slots=True)
class InvitedRead:
    """The code of an invitation, a secret, and when it ends."""

    code: str = field(repr=False)
    expires_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class EnrolmentRead:
    """Whom a code invites."""

    officer: str
    role: str
    unit: str
    member: str


@dataclass(frozen=True, slots=True)
class TotpRead:
    """The secret of the one-time codes, shown once."""

    totp_secret: str = field(repr=False)
    otpauth_uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProofGiven:
    """One way in which an officer proves who they are; one is enough."""

    password: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)
    credential_json: str = field(default="", repr=False)
    origin: str = ""


@dataclass(frozen=True, slots=True)
class PasskeyRead:
    """A passkey of an officer."""

    credential_id: bytes
    label: str
    added_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class SignInEventRead:
    """Something that happened around sign-in."""

    number: int
    officer: str
    what: str
    method: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccessRead:
    """One look at something, or one that was refused."""

    number: int
    officer: str
    role: str
    unit: str
    listener: str
    what: str
    case_pseudonym: str
    subject_id: bytes
    reason: str
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant on, and until before another; None for no bound."""

    since: datetime | None = None
    until: datetime | None = None


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class SheetRead:
    """Where a sheet of looks is: one of these, and the epoch for the others."""

    waits_until: datetime
    open_until: datetime
    refused_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class LooksAskedRead:
    """Which looks a sheet is to hold; empty, or the epoch, is no condition."""

    officer: str
    refused: bool
    case_pseudonym: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PruningRead:
    """A run in which looks were deleted because they were too old."""

    number: int
    first_number: int
    last_number: int
    looks: int
    oldest_at: datetime
    newest_at: datetime
    pruned_at: datetime
    digest: bytes
    chain: bytes
    chained: bool


@dataclass(frozen=True, slots=True)
class UnusualDayRead:
    """An officer's looks on one day: much, at night, or in vain."""

    officer: str
    role: str
    unit: str
    day: datetime
    cases: int
    at_night: int
    refused: int


@dataclass(frozen=True, slots=True)
class UnusualDaysRead:
    """Those days, the newest first."""

    days: tuple[UnusualDayRead, ...]


@dataclass(frozen=True, slots=True)
class PruningsRead:
    """Those runs, the newest first, and for how many years a look is kept."""

    prunings: tuple[PruningRead, ...]
    keep_years: int


@dataclass(frozen=True, slots=True)
class FormLine:
    """What a list shows of a form."""

    form_id: bytes
    kind: str
    case_pseudonym: str
    begun_at: datetime
    kept_at: datetime
    version: int
    ends_at: datetime
    """When it is forgotten if it is not kept again."""


@dataclass(frozen=True, slots=True)
class FormRead:
    """A form and what was typed."""

    form: FormLine
    content: bytes = field(repr=False)
