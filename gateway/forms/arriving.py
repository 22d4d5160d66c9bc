"""What is promised with an acceptance, and what is said where nobody arrived.

An arrival is typed on the clock of the place that is named beside it. Whoever receives
somebody says when she is expected, and nothing else is demanded: whoever accepts in an
emergency, or misses somebody, does not fill in first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
    text_of,
)
from gateway.forms.languages import LANGUAGES
from services.node.domain.arrivals import RECEIVED, ContactFunction, NonArrivalReason
from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import NonArrival
from services.node.domain.tables import VIETNAM

ZONES = (
    *("Asia/Ho_Chi_Minh", "Asia/Shanghai", "Asia/Vientiane", "Asia/Phnom_Penh"),
    *("Asia/Bangkok", "Asia/Kuala_Lumpur", "Asia/Taipei", "Asia/Seoul"),
)
"""Of places where people are expected; the first one if none is named."""

PROMISE_FIELDS = (
    Field("expected_at", Widget.INSTANT, optional=True, clock="expected_zone"),
    Field("expected_zone", Widget.CHOICE, ZONES, "zone", optional=True),
    Field(
        "contact_function",
        Widget.CHOICE,
        tuple(ContactFunction),
        "contact_function",
        optional=True,
    ),
    Field("contact_phone", Widget.TEXT, optional=True),
    Field("contact_hours", Widget.TEXT, optional=True),
)
"""What the receiver promises when it accepts."""

_WHY = tuple(each for each in NonArrivalReason if each is not NonArrivalReason.FOUND)

NON_ARRIVAL_FIELDS = (
    Field("reason", Widget.CHOICE, _WHY, "non_arrival_reason"),
    Field("known", Widget.LONG_TEXT, optional=True),
    Field("known_language", Widget.CHOICE, LANGUAGES, "tongue", optional=True),
    Field("noticed_at", Widget.INSTANT, optional=True),
)
"""Somebody is missing; noticed now, unless another time is told."""


def promise_fields(referral_type: str) -> tuple[Field, ...]:
    """The fields of an acceptance; where nobody is received, all may stay empty."""
    when, *others = PROMISE_FIELDS
    return (replace(when, optional=referral_type not in set(RECEIVED)), *others)


def read_promise(form: Typed, fields: tuple[Field, ...]) -> Acceptance:
    """The acceptance that the form makes; raises FormError with every problem."""
    values: dict[str, Any] = read_fields(fields, form)
    expected, zone = values["expected_at"], values["expected_zone"] or ZONES[0]
    problems = [
        FieldProblem(name, "goes_with")
        for name, other in (
            ("contact_function", "contact_phone"),
            ("contact_phone", "contact_function"),
        )
        if not values[name] and values[other]
    ]
    if values["contact_hours"] and not values["contact_phone"] and not problems:
        problems.append(FieldProblem("contact_phone", "goes_with"))
    if problems:
        raise FormError(problems)
    return Acceptance(
        expected_at=None if expected is None else _there(expected, zone),
        expected_zone="" if expected is None else zone,
        contact_function=values["contact_function"],
        contact_phone=values["contact_phone"],
        contact_hours=values["contact_hours"],
    )


def read_non_arrival(form: Typed, now: datetime) -> NonArrival:
    """What is told of a person who is missed; raises FormError with every problem.

    That she is found again is one button, and asks for nothing.
    """
    if text_of(form, "reason") == NonArrivalReason.FOUND:
        return NonArrival(noticed_at=now, reason=NonArrivalReason.FOUND.value)
    values: dict[str, Any] = read_fields(NON_ARRIVAL_FIELDS, form)
    if values["known"] and not values["known_language"]:
        raise FormError([FieldProblem("known_language", "missing")])
    return NonArrival(
        noticed_at=values["noticed_at"] or now,
        reason=values["reason"],
        text=values["known"],
        language=values["known_language"] if values["known"] else "",
    )


def _there(instant: datetime, zone: str) -> datetime:
    """What was typed without an offset is meant on the clock of the place."""
    if instant.tzinfo is not VIETNAM:
        return instant
    return instant.replace(tzinfo=ZoneInfo(zone))
