"""What is promised about an arrival, and what is said where nobody arrived.

Promises the code lists, and what a promise must be: an instant ahead, at most a year,
in a named time zone; a function with its telephone, never a name. Which step may say
it is decided by ``steps``; how loudly a missing person is told of, by ``deadlines``
and ``escalations``. Source: console.md section 7, S6 and S8.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import AppointmentConfirmation, NonArrival
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.offices import is_phone, is_zone
from services.node.domain.referrals import TRANSFERS, ReferralType
from services.node.domain.steps import State

AWAITED = TRANSFERS | {
    ReferralType.VOLUNTARY_RETURN,
    ReferralType.BORDER_HANDOVER,
    ReferralType.MEDICAL_CARE,
}
"""The types in which a person sets out for the receiver, and is waited for there."""

RECEIVED = frozenset({ReferralType.RECEPTION, ReferralType.MEDICAL_CARE})
"""Of these, those in which the acceptance itself says when: no appointment follows."""

ENDS_THE_WAIT = frozenset(
    {
        *(Step.ARRIVAL, Step.GATE_ARRIVAL, Step.MINUTES, Step.COUNTERSIGNATURE),
        *(Step.WITNESS, Step.COMPLETION, Step.RETURN_TO_SENDER, Step.WITHDRAWAL),
        *(Step.SUSPENSION, Step.RECALL),
    }
)
"""After these steps nobody waits for the person: the row ``not_arrived``."""

NOBODY_AWAITED = frozenset(
    {
        *(State.WITNESSED, State.ARRIVED, State.DONE, State.RETURNED),
        *(State.ENDED_BY_RECALL, State.WITHDRAWN, State.SUSPENDED, State.NO_RETURN),
    }
)
"""States after such a step. A word that crossed it on the way alarms nobody here, as
no further step would end the alarm; its sender's ends with the step it crossed.
"""

STILL_AWAITED = frozenset(
    {
        *(State.ACCEPTED, State.IN_SERVICE, State.APPOINTED, State.IN_TRANSIT),
        *(State.AT_GATE, State.MINUTED, State.DISPUTED, State.RECEIVED),
    }
)
"""States in which somebody who is promised is still to come, or still on the way."""

LONGEST_AHEAD = timedelta(days=366)
"""How far ahead an arrival can be promised: a year, the longest one has 366 days."""

VIETNAM_ZONE = "Asia/Ho_Chi_Minh"
"""The clock of whoever names no zone."""

SAID_TO_THE_MINUTE = timedelta(minutes=1)
"""Forms know no seconds: an arrival *now* is as old as its minute."""

LONGEST_HOURS = 60
"""Longest line that says when a telephone is answered, in characters."""

LONGEST_TEXT = 2000
"""Longest text on what is known of somebody who did not arrive, in characters."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class ContactFunction(StrEnum):
    """Who can be reached where somebody is expected."""

    DUTY_OFFICER = "duty_officer"
    """Whoever is on duty."""
    SOCIAL_WORKER = "social_worker"
    """A social worker."""
    SHELTER_MANAGER = "shelter_manager"
    """Whoever runs the house."""
    NURSE = "nurse"
    """A nurse or doctor."""
    LIAISON_OFFICER = "liaison_officer"
    """A liaison officer."""
    GATE_OFFICER = "gate_officer"
    """An officer at the gate."""


class NonArrivalReason(StrEnum):
    """What is known of why somebody did not arrive."""

    NOTHING_KNOWN = "nothing_known"
    """Nobody has heard anything."""
    LATE_ON_THE_WAY = "late_on_the_way"
    """Still on the way: traffic, weather, the vehicle."""
    HELD_ON_THE_WAY = "held_on_the_way"
    """Stopped by somebody who may: a checkpoint, an authority."""
    ILL_ON_THE_WAY = "ill_on_the_way"
    """In need of a doctor on the way."""
    LEFT_ON_THE_WAY = "left_on_the_way"
    """Left those who accompany, of their own will as far as is known."""
    TAKEN_ON_THE_WAY = "taken_on_the_way"
    """Taken away by somebody who may not; a life may be at risk."""
    DID_NOT_SET_OUT = "did_not_set_out"
    """Never left the place before."""
    OTHER = "other"
    """None of these."""
    FOUND = "found"
    """Found again, or missed by mistake: this word ends the alarm."""


def is_found(body: object) -> bool:
    """Whether a body says that whoever was missed is missed no more."""
    return isinstance(body, NonArrival) and body.reason == NonArrivalReason.FOUND


def expected_in(body: object) -> datetime | None:
    """When a receiver says that it expects somebody; None where a step says nothing."""
    if isinstance(body, Acceptance):
        return body.expected_at
    return body.at if isinstance(body, AppointmentConfirmation) else None


def day_there(now: datetime, zone: str) -> tuple[str, datetime, datetime]:
    """The zone that counts, and when the day of ``now`` (aware) begins and ends in it.

    Viet Nam's where ``zone`` is empty, or is no zone that anybody knows.
    """
    try:
        known = ZoneInfo(zone or VIETNAM_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        known = ZoneInfo(VIETNAM_ZONE)
    begin = datetime.combine(now.astimezone(known).date(), time.min, tzinfo=known)
    return known.key, begin, begin + timedelta(days=1)


def check_promised(referral_type: ReferralType, body: Acceptance) -> None:
    """Raise unless an acceptance that receives somebody says when she is expected.

    ``InvalidInputError`` ``accept.expected_missing``. Asked of this member's own
    officers and programs; an acceptance of another member may be of before.
    """
    if referral_type in RECEIVED and body.expected_at is None:
        raise InvalidInputError(
            "accept.expected_missing",
            "Whoever receives a person says with the acceptance when she is expected.",
            where="expected_at",
            remedy="Name the day and the hour, if it is only by when at the latest.",
        )


def check_promise(body: Acceptance, at: datetime) -> None:
    """Raise unless what an acceptance of the instant ``at`` promises can be kept.

    ``InvalidInputError``: ``accept.bad_zone``, ``accept.bad_contact``;
    ``NotLawfulError``: ``accept.expected_in_the_past``, ``accept.expected_too_late``.
    """
    _check_expected(body, at)
    if not is_contact(body.contact_function, body.contact_phone, body.contact_hours):
        raise InvalidInputError(
            "accept.bad_contact",
            "The contact is a function of the list with its telephone, and in one"
            " short line when it is answered.",
            where="contact_phone",
            remedy="Name function and telephone, or neither; no name is needed.",
        )


def is_contact(function: str, phone: str, hours: str) -> bool:
    """Whether these name nobody, or a function of the list with its telephone.

    ``hours`` is one printable line of at most ``LONGEST_HOURS`` characters.
    """
    if not function:
        return not phone and not hours
    return (
        function in set(ContactFunction)
        and is_phone(phone)
        and len(hours) <= LONGEST_HOURS
        and (not hours or hours.isprintable())
    )


def _check_expected(body: Acceptance, at: datetime) -> None:
    if body.expected_at is None:
        if body.expected_zone:
            raise _bad_zone()
        return
    if not is_zone(body.expected_zone):
        raise _bad_zone()
    if body.expected_at < at - SAID_TO_THE_MINUTE:
        raise NotLawfulError(
            "accept.expected_in_the_past",
            "The arrival that is promised lies before the acceptance.",
            where="expected_at",
            remedy="Name an instant that is still to come, or leave it empty.",
        )
    if body.expected_at > at + LONGEST_AHEAD:
        raise NotLawfulError(
            "accept.expected_too_late",
            "The arrival that is promised lies more than a year ahead.",
            where="expected_at",
            remedy="Look at the year, or leave it empty.",
        )


def _bad_zone() -> InvalidInputError:
    return InvalidInputError(
        "accept.bad_zone",
        "An expected arrival names the time zone in which it is said, such as"
        " Asia/Ho_Chi_Minh; without an arrival there is none.",
        where="expected_zone",
    )


def check_known(reason: str, text: str, language: str) -> None:
    """Raise InvalidInputError ``arrival.bad_words`` for what says nothing useful."""
    sound = (
        reason in set(NonArrivalReason)
        and len(text) <= LONGEST_TEXT
        and bool(text.strip()) == bool(language)
        and (not language or _LANGUAGE.fullmatch(language))
    )
    if not sound:
        raise InvalidInputError(
            "arrival.bad_words",
            "Why somebody did not arrive is one code of the list; what is known"
            " besides is a text with its language.",
            where="reason",
            remedy="Choose a reason, and name the language if you write a text.",
        )
