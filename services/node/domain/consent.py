"""Consent: what makes a record a good one, and which answer stands.

Promises that a *given* was informed, is limited in time and was given by whoever
may decide; that a refusal can always be recorded; and one reading of many
records: for each purpose, recipient and category the latest answer stands, a *no*
goes before a *yes* of the same instant, and silence is no consent. A withdrawal is
a record of its own with the instant at which it was said, or carries the
``consent_id`` that it ends.

Leaves to others: what consent lets a member send (``disclosure``), and who is a
child (``coming_of_age``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.categories import Category
from services.node.domain.coming_of_age import (
    UNKNOWN_AGE,
    Age,
    is_complete,
    waits_for_adult,
)
from services.node.domain.consent_codes import (
    FAMILY,
    INFORMED_POINTS,
    Capacity,
    ConsentStatus,
    InformedPoint,
    Method,
    Purpose,
    Subject,
)
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.isocodes import is_country
from services.node.domain.people import is_pseudonym
from services.node.domain.plain_words import plain, resting_on
from services.node.domain.records import ConsentCopy
from services.node.domain.tables import day_of

_MEMBER_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

_HASH_BYTES = 32
_CAPACITIES: dict[str, tuple[str, ...]] = {
    Subject.SELF: (Capacity.ADULT, Capacity.SUPPORTED),
    Subject.GUARDIAN: (Capacity.LACKING,),
    Subject.BOTH: (Capacity.CHILD_ASSENT_PLUS_GUARDIAN, Capacity.SUPPORTED),
}
"""Who may say yes in which capacity."""

FAMILY_MESSAGES: dict[Category, str] = {
    Category.D0: "found_safe",
    Category.D3: "where_she_is",
}
"""What relatives may be told, by the category that the person agreed to."""


class Standing(StrEnum):
    """How the person's latest answer stands now."""

    YES = "yes"
    """Given and valid now."""
    NO = "no"
    """Refused or withdrawn."""
    LAPSED = "lapsed"
    """Given once and no longer valid."""
    SUSPENDED = "suspended"
    """Given by a guardian before the person came of age; waits for her own word."""
    INCOMPLETE = "incomplete"
    """Given for a child without the guardian, or without the child's assent."""
    UNASKED = "unasked"
    """Never answered."""


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """The answer that stands; ``record`` is None if there is none."""

    standing: Standing
    record: ConsentCopy | None


def check_consent(record: ConsentCopy) -> None:
    """Raise ``InvalidInputError("consent.invalid")`` unless this is a good record.

    Every problem is listed, by field and without the value. The informed points
    must be complete for a *given* only: a *no* needs no explanation.
    """
    problems = [*_problems(record)]
    if problems:
        raise InvalidInputError(
            "consent.invalid",
            resting_on("The person's answer cannot be recorded like this.", *problems),
            where="consent record",
            remedy="Correct the record; nothing was stored.",
        )


def valid_until(
    purpose: Purpose, given_at: datetime, deadlines: DeadlineTable
) -> datetime:
    """How long a *given* for this purpose holds unless the person says otherwise.

    From the deadline ``consent_<purpose>``, or ``consent_other`` without one.
    """
    name = f"consent_{purpose}"
    try:
        deadlines.row(name, day_of(given_at))
    except NotFoundError:
        name = "consent_other"
    return deadlines.due(name, given_at)


def check_recorded_at(
    record: ConsentCopy, now: datetime, deadlines: DeadlineTable
) -> None:
    """Raise InvalidInputError for an answer of tomorrow, or one without an end.

    ``consent.in_the_future``: nobody can end today what is only given later.
    ``consent.too_long``: a yes holds at most as long as the policy lets it
    (``valid_until``); after that the person is asked again. ``now`` is on the case
    clock.
    """
    if record.given_at > now:
        raise InvalidInputError(
            "consent.in_the_future",
            "The answer is dated later than this node's case clock shows.",
            where="given_at",
            remedy="Record it when the person has said it.",
        )
    if record.status != ConsentStatus.GIVEN:
        return
    longest = valid_until(Purpose(record.purpose), record.given_at, deadlines)
    if record.valid_until > longest:
        raise InvalidInputError(
            "consent.too_long",
            f"A yes to {plain(record.purpose)} holds until {longest:%Y-%m-%d} at the"
            " latest.",
            where="valid_until",
            remedy="Choose an earlier day; ask the person again when it comes.",
        )


def standing_answer(
    consents: Iterable[ConsentCopy],
    purpose: str,
    recipient: str,
    category: str,
    now: datetime,
    age: Age = UNKNOWN_AGE,
) -> StandingAnswer:
    """What the person's latest word is on this purpose, recipient and category.

    ``age`` decides whose word counts: a yes that is complete goes before a later
    one that is not.
    """
    answers = [
        record
        for record in consents
        if record.purpose == purpose
        and record.recipient == recipient
        and category in record.categories
    ]
    ended = {
        record.consent_id
        for record in answers
        if record.status == ConsentStatus.WITHDRAWN
    }
    noes = [each for each in answers if each.status != ConsentStatus.GIVEN]
    yeses = [
        each
        for each in answers
        if each.status == ConsentStatus.GIVEN
        and each.given_at <= now
        and each.consent_id not in ended
    ]
    last_no = max(noes, key=lambda each: each.given_at, default=None)
    last_yes = max(
        yeses,
        key=lambda each: (
            is_complete(each, age, now) and not waits_for_adult(each, age, now),
            each.given_at,
            each.valid_until,
        ),
        default=None,
    )
    if last_no and (last_yes is None or last_no.given_at >= last_yes.given_at):
        return StandingAnswer(Standing.NO, last_no)
    if last_yes is None:
        return StandingAnswer(Standing.UNASKED, None)
    return StandingAnswer(_standing_of(last_yes, age, now), last_yes)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One purpose, recipient and category that the person was asked about."""

    purpose: str
    recipient: str
    category: str
    answer: StandingAnswer


def all_standing(
    consents: Iterable[ConsentCopy], now: datetime, age: Age = UNKNOWN_AGE
) -> tuple[AskedQuestion, ...]:
    """How every question that was ever answered stands now, in a stable order."""
    records = tuple(consents)
    asked = sorted(
        {
            (record.purpose, record.recipient, category)
            for record in records
            for category in record.categories
        }
    )
    return tuple(
        AskedQuestion(*each, standing_answer(records, *each, now, age))
        for each in asked
    )


def agreed_until(
    consents: Iterable[ConsentCopy], now: datetime, age: Age = UNKNOWN_AGE
) -> datetime | None:
    """When the first *yes* ends that stands now; None if none stands."""
    ends = [
        asked.answer.record.valid_until
        for asked in all_standing(consents, now, age)
        if asked.answer.standing is Standing.YES and asked.answer.record
    ]
    return min(ends, default=None)


def is_expiring(record: ConsentCopy, now: datetime, deadlines: DeadlineTable) -> bool:
    """Whether a valid yes ends within the deadline ``consent_expiring``."""
    ends = record.valid_until
    return now < ends <= deadlines.due("consent_expiring", now)


def family_may_be_told(
    consents: Iterable[ConsentCopy], now: datetime, age: Age = UNKNOWN_AGE
) -> tuple[str, ...]:
    """The message codes that relatives may be told; empty if she allowed nothing."""
    records = tuple(consents)
    return tuple(
        message
        for category, message in FAMILY_MESSAGES.items()
        if standing_answer(
            records, Purpose.CONTACT_FAMILY, FAMILY, category, now, age
        ).standing
        is Standing.YES
    )


def _standing_of(yes: ConsentCopy, age: Age, now: datetime) -> Standing:
    if now >= yes.valid_until:
        return Standing.LAPSED
    if waits_for_adult(yes, age, now):
        late = age.confirm_by is not None and now >= age.confirm_by
        return Standing.LAPSED if late else Standing.SUSPENDED
    return Standing.YES if is_complete(yes, age, now) else Standing.INCOMPLETE


def _problems(record: ConsentCopy) -> Iterable[str]:
    yield from _code_problems(record)
    yield from _name_problems(record)
    yield from _proof_problems(record)
    yield from _list_problems("categories", record.categories, set(Category))
    if not record.categories:
        yield "categories must name at least one"
    points = record.informed_points
    yield from _list_problems("informed_points", points, set(InformedPoint))
    yield from _time_problems(record)
    if record.status == ConsentStatus.GIVEN:
        if record.capacity not in _CAPACITIES.get(record.subject, ()):
            yield "capacity does not fit who answered"
        missing = [point for point in INFORMED_POINTS if point not in points]
        if missing:
            yield f"informed_points lacks {', '.join(missing)}"


def _code_problems(record: ConsentCopy) -> Iterable[str]:
    if len(record.consent_id) != ID_BYTES:
        yield f"consent_id must be {ID_BYTES} bytes"
    for field, value, codes in (
        ("purpose", record.purpose, Purpose),
        ("status", record.status, ConsentStatus),
        ("subject", record.subject, Subject),
        ("capacity", record.capacity, Capacity),
        ("method", record.method, Method),
    ):
        if value not in set(codes):
            yield f"{field} must be one of {', '.join(codes)}"


def _name_problems(record: ConsentCopy) -> Iterable[str]:
    if not _MEMBER_NAME.fullmatch(record.recipient):
        yield "recipient must be one member's name, or family"
    if not _LANGUAGE.fullmatch(record.language):
        yield "language must be a BCP 47 code"
    for field, name in (
        ("interpreter", record.interpreter),
        ("witness", record.witness),
    ):
        if name and not is_pseudonym(name):
            yield f"{field} must be a pseudonym of one word, or empty"


def _list_problems(
    field: str, values: tuple[str, ...], known: set[Category] | set[InformedPoint]
) -> Iterable[str]:
    if not set(values) <= {str(each) for each in known}:
        yield f"{field} holds an unknown code"
    if len(set(values)) != len(values):
        yield f"{field} holds a code twice"


def _time_problems(record: ConsentCopy) -> Iterable[str]:
    if record.given_at.tzinfo is None or record.valid_until.tzinfo is None:
        yield "given_at and valid_until must know their time zone"
    elif record.status == ConsentStatus.GIVEN and (
        record.valid_until <= record.given_at
    ):
        yield "valid_until must lie after given_at"


def _proof_problems(record: ConsentCopy) -> Iterable[str]:
    """How it can be shown later that, and where for, the answer was given."""
    heard = record.witness or record.interpreter
    if record.method == Method.ORAL_WITNESSED and not heard:
        yield "witness must name who heard the answer, unless an interpreter did"
    if record.witness and record.witness == record.interpreter:
        yield "witness must be another person than the interpreter"
    if len(record.evidence_hash) not in {0, _HASH_BYTES}:
        yield f"evidence_hash must be {_HASH_BYTES} bytes, or empty"
    if not all(is_country(code) for code in record.countries):
        yield "countries must be ISO 3166-1 alpha-2 codes"
    if len(set(record.countries)) != len(record.countries):
        yield "countries holds a code twice"
