"""The content of a step, from what an officer typed.

Promises one reading for every step: fields by the names of the contract
(``proto/relais/envelope/v1/body.proto``), from ``name=value`` or from JSON, and
every problem named at once. Times without an offset are Viet Nam time and ``now``
is the node's case clock; identifiers and digests are hexadecimal; lists are parted
by commas.

Leaves to others: whether the step is lawful (the node decides).
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.node.domain.arrivals import VIETNAM_ZONE
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import BODY_OF, Body, Step
from services.node.domain.tables import VIETNAM

NOT_BY_HAND = frozenset({Step.OFFER, Step.RELEASE, Step.VOID})
"""A referral begins by an offer; the other two are the node's own."""

BY_HAND: tuple[Step, ...] = tuple(step for step in Step if step not in NOT_BY_HAND)
"""What an officer may take from the command line, if the referral lets it."""


def read_step(name: str) -> Step:
    """The step of that code; raises InvalidInputError ``cli.unknown_step``."""
    if name not in BY_HAND:
        raise InvalidInputError(
            "cli.unknown_step",
            "No step of that name is taken by hand.",
            where="STEP",
            remedy="Look at what may be done now: relais case referral",
        )
    return Step(name)


def read_body(
    step: Step,
    fields: Sequence[str],
    text: str,
    now: datetime,
    digests: Mapping[str, bytes],
) -> Body:
    """The body of ``step``.

    What was not given keeps its default; a digest is then the one of ``digests``
    by the field's name, and the zone of an expected arrival Viet Nam's.
    Raises InvalidInputError ``cli.bad_fields``, which names every problem.
    """
    problems: list[str] = []
    shown = {name: digest.hex() for name, digest in digests.items()}
    names = {each.name for each in dataclasses.fields(BODY_OF[step])}
    filled = {name: shown[name] for name in names & shown.keys()}
    typed = _given(fields, text, problems)
    if typed.get("expected_at") and "expected_zone" in names:
        filled["expected_zone"] = VIETNAM_ZONE
    given = {**filled, **typed}
    body = _record(BODY_OF[step], given, now, "", problems)
    if problems:
        known = ", ".join(each.name for each in dataclasses.fields(BODY_OF[step]))
        raise InvalidInputError(
            "cli.bad_fields",
            f"{len(problems)} problem(s): {'; '.join(problems)}.",
            where="--field",
            remedy=f"Fields of {step}: {known or 'none'}.",
        )
    return typing.cast("Body", body)


def _given(fields: Sequence[str], text: str, problems: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    if text:
        try:
            found = json.loads(text)
        except json.JSONDecodeError as error:
            problems.append(f"--json is no JSON at character {error.pos}")
        if not isinstance(found, dict):
            problems.append("--json is an object with the step's fields")
            found = {}
    for each in fields:
        name, equals, value = each.partition("=")
        if not equals:
            problems.append("a --field is name=value")
        elif name in found:
            problems.append(f"{name} is given twice")
        else:
            found[name] = value
    return found


def _record(
    kind: type,
    given: Mapping[str, object],
    now: datetime,
    path: str,
    problems: list[str],
) -> object:
    hints = typing.get_type_hints(kind)
    names = {each.name: each for each in dataclasses.fields(kind)}
    problems.extend(f"{path}{name} is no field" for name in given if name not in names)
    values: dict[str, Any] = {}
    for name, each in names.items():
        place = f"{path}{name}"
        if name in given:
            values[name] = _value(hints[name], given[name], now, place, problems)
        elif each.default is dataclasses.MISSING:
            values[name] = None
            problems.append(f"{place} is missing")
    return None if problems else kind(**values)


def _value(
    kind: object, given: object, now: datetime, place: str, problems: list[str]
) -> object:
    if dataclasses.is_dataclass(kind):
        if isinstance(given, Mapping):
            return _record(typing.cast("type", kind), given, now, f"{place}.", problems)
        problems.append(f"{place} is an object: give it with --json")
        return None
    if isinstance(kind, types.GenericAlias):
        item = typing.get_args(kind)[0]
        many = given.split(",") if isinstance(given, str) else given
        if not isinstance(many, list):
            problems.append(f"{place} is a list")
            return ()
        return tuple(
            _value(item, each, now, f"{place}[{number}]", problems)
            for number, each in enumerate(many)
            if each != ""
        )
    if isinstance(kind, types.UnionType):
        # What may be left out is typed as what it is.
        (kind,) = (each for each in typing.get_args(kind) if each is not type(None))
    try:
        return _SCALARS[kind](given, now)
    except (ValueError, TypeError) as error:
        problems.append(f"{place} {error}")
        return None


def _text(given: object, _now: datetime) -> str:
    if not isinstance(given, str):
        raise TypeError("is a word or text")
    return given


def _number(given: object, _now: datetime) -> int:
    digits = str(given)
    if isinstance(given, bool) or not (digits.isascii() and digits.isdigit()):
        raise ValueError("is a whole number")
    return int(digits)


def _flag(given: object, _now: datetime) -> bool:
    if given not in ("yes", "no", True, False):
        raise ValueError("is yes or no")
    return given in ("yes", True)


def _bytes(given: object, _now: datetime) -> bytes:
    try:
        return bytes.fromhex(str(given))
    except ValueError:
        raise ValueError("is hexadecimal") from None


def _instant(given: object, now: datetime) -> datetime:
    if given == "now":
        return now
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        raise ValueError("is a time such as 2018-03-28T10:00, or now") from None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


_SCALARS: dict[object, Callable[[object, datetime], object]] = {
    str: _text,
    int: _number,
    bool: _flag,
    bytes: _bytes,
    datetime: _instant,
}
