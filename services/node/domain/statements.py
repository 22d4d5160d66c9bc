"""Daily statements: what a member wrote to another on one day, so that losses show.

Two days after a UTC day whoever wrote says how many envelopes of that day it holds an
answer to and, by one hash, which; whoever received compares (protocol.md §3). What may
still be under way is named and left out at both ends, so that an envelope that waits,
is held for an earlier one, lies in a mailbox or was answered on a lost line is no loss:
every one of them is answered in the end, if only because it expired, and a later
statement counts it (docs/adr/0016). Days are numbers since 1970-01-01, in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.node.domain.errors import InvalidInputError

AFTER_DAYS = 2
"""So many days after its beginning a day is stated (protocol.md §3)."""
BACK_DAYS = 90
"""Nothing is said about a day longer ago: its envelopes expired long before."""
MOST_LEFT_OUT = 1000
"""While more is left out, nothing is said: the other member is away."""
TOLD = timedelta(days=30)
"""For so long a difference is told: as long as an envelope lives (protocol.md §3)."""
_DIGEST_BYTES = 32
_EPOCH = date(1970, 1, 1)
_MOST = 2**31


@dataclass(frozen=True, slots=True)
class Statement:
    """What was written on ``day``; ``number`` counts statements about it from 1.

    ``hash`` is over the sorted digests of the ``count`` envelopes; ``left_out`` are
    the sorted digests of those that are not counted.
    """

    day: int
    number: int
    count: int
    hash: bytes
    left_out: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One envelope of a day: whether it was answered for good, and what it is."""

    digest: bytes
    answered: bool
    statement: bool


@dataclass(frozen=True, slots=True)
class DayWritten:
    """The digests of a day, sorted: what a statement counts and what it leaves out.

    ``waits`` says whether anything of it is without an answer.
    """

    counted: tuple[bytes, ...]
    left_out: tuple[bytes, ...]
    waits: bool


def utc_day(instant: datetime) -> int:
    """The day of an instant of the wire clock."""
    return (instant.astimezone(UTC).date() - _EPOCH).days


def date_of(day: int) -> date:
    """The date of a day's number; raises InvalidInputError ``statement.bad_day``."""
    try:
        return _EPOCH + timedelta(days=day)
    except OverflowError:
        raise _bad_day() from None


def day_named(text: str) -> int:
    """The number of a day as ISO 8601 writes it; raises ``statement.bad_day``."""
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        raise _bad_day() from None


def days_to_state(now: datetime) -> tuple[int, int]:
    """The first and the last day about which something is said at ``now``."""
    today = utc_day(now)
    return today - BACK_DAYS, today - AFTER_DAYS


def day_written(envelopes: Iterable[Written]) -> DayWritten:
    """What a statement about these envelopes counts: no statement, and no one waits."""
    counted: list[bytes] = []
    left_out: list[bytes] = []
    waits = False
    for each in envelopes:
        is_counted = each.answered and not each.statement
        (counted if is_counted else left_out).append(each.digest)
        waits |= not (each.answered or each.statement)
    return DayWritten(tuple(sorted(counted)), tuple(sorted(left_out)), waits)


def is_due(written: DayWritten, known: bytes | None, now_hashed: bytes) -> bool:
    """Whether a day is to be stated (again).

    ``known`` is the hash of the newest statement about it, None if there is none or it
    expired unread; ``now_hashed`` that of what is counted now. Once said, it is said
    again only when nothing of the day waits any more and something else is so.
    """
    if not written.counted or len(written.left_out) > MOST_LEFT_OUT:
        return False
    return known is None or (not written.waits and known != now_hashed)


def here_of(statement: Statement, received: Iterable[bytes]) -> tuple[bytes, ...]:
    """What of a day's received envelopes the statement should count, sorted."""
    return tuple(sorted(set(received).difference(statement.left_out)))


def check_statement(statement: Statement, made_on: int) -> None:
    """Refuse what no member that keeps to the protocol says; ``made_on`` is its day.

    Raises InvalidInputError ``statement.malformed``.
    """
    left_out = statement.left_out
    if not (
        statement.day + AFTER_DAYS <= made_on
        and 0 < statement.number < _MOST
        and 0 < statement.count < _MOST
        and len(left_out) <= MOST_LEFT_OUT
        and all(len(each) == _DIGEST_BYTES for each in (statement.hash, *left_out))
        and list(left_out) == sorted(set(left_out))
    ):
        raise InvalidInputError(
            "statement.malformed",
            "The statement about a day is none that the protocol knows.",
            remedy="Bring the sender's program up to date.",
        )


def _bad_day() -> InvalidInputError:
    return InvalidInputError(
        "statement.bad_day",
        "This is no day such as 2018-03-05.",
        where="day",
        remedy="Write year, month and day.",
    )
