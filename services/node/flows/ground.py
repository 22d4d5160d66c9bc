"""On what the content of a step is judged, and the checks that many rules share.

The same ground stands at both ends: what was said before in the referral, the
policy of the day of the event, and the members that the directory lists. Instants
are on the case clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.handoff import BODY_OF, Step
from services.node.domain.plain_words import not_listed, opening, plain
from services.node.domain.policy import Policy
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import day_of
from services.node.flows.said import SaidStep, last_of, required

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_DIGEST = 32
_STEP_OF: dict[type, Step] = {body: step for step, body in BODY_OF.items()}

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule may look at.

    ``author`` took the step and ``peer`` is the other end; ``arrived`` is true at
    the end to which the step came. ``steps`` are the newest of each kind that a
    later one must agree with.
    """

    policy: Policy
    members: Collection[str]
    referral_type: ReferralType
    author: str
    peer: str
    happened_at: datetime
    steps: Sequence[SaidStep]
    arrived: bool

    @property
    def day(self) -> date:
        """The day in Viet Nam by which rows are chosen."""
        return day_of(self.happened_at)

    def said(self, step: Step) -> SaidStep | None:
        """The newest such step, or None."""
        return last_of(self.steps, step)

    def newest(self, body: type[B]) -> B:
        """What the newest step of this kind says.

        Raises NotFoundError ``referral.step_missing`` if nobody said it yet.
        """
        found = required(self.steps, _STEP_OF[body]).handoff.body
        if not isinstance(found, body):
            message = "a stored step has the body of another"
            raise TypeError(message)
        return found

    def digest_of(self, step: Step) -> bytes:
        """The envelope digest of the newest such step; raises NotFoundError."""
        return required(self.steps, step).digest


def check_code(field: str, value: str, codes: Iterable[str]) -> None:
    """Raise InvalidInputError unless ``value`` is one of the codes of its list."""
    known = tuple(codes)
    if value not in known:
        raise InvalidInputError(
            "referral.unknown_code",
            not_listed(field, known),
            where=field,
            remedy="Choose one of them.",
        )


def check_codes(field: str, values: Sequence[str], codes: Iterable[str]) -> None:
    """Raise InvalidInputError for an unknown code, or one that stands twice."""
    known = tuple(codes)
    for value in values:
        check_code(field, value, known)
    if len(set(values)) != len(values):
        raise InvalidInputError(
            "referral.code_twice",
            f"{opening(plain(field))} names the same thing twice.",
            where=field,
            remedy="Name each code once.",
        )


def check_slug(field: str, value: str) -> None:
    """Raise InvalidInputError unless ``value`` is one short code, such as a gate's."""
    if not _SLUG.fullmatch(value):
        raise InvalidInputError(
            "referral.no_code",
            f"{opening(plain(field))} is one short code in small letters, not a text.",
            where=field,
            remedy="Write it like lao_cai_hekou.",
        )


def check_member(ground: Ground, field: str, name: str) -> None:
    """Raise NotLawfulError unless ``name`` is empty or a member of the directory."""
    if name and name not in ground.members:
        raise NotLawfulError(
            "referral.unknown_member",
            f"{opening(plain(field))} names nobody whom the directory lists.",
            where=field,
            remedy="Name a member of the network, or leave it empty.",
        )


def check_passed(ground: Ground, field: str, at: datetime) -> None:
    """Raise NotLawfulError for an instant later than the step that tells of it."""
    if at > ground.happened_at:
        raise NotLawfulError(
            "step.not_yet",
            f"{opening(plain(field))} lies after the step that tells of it.",
            where=field,
            remedy="Tell of it when it has happened.",
        )


def check_persons(persons: int) -> None:
    """Raise NotLawfulError unless somebody is there."""
    if persons < 1:
        raise NotLawfulError(
            "return.no_person",
            "The step is about nobody.",
            where="persons",
            remedy="Count the person and everybody who travels along.",
        )


def check_digest(field: str, value: bytes) -> None:
    """Raise InvalidInputError unless ``value`` has the length of a digest."""
    if len(value) != _DIGEST:
        raise InvalidInputError(
            "referral.bad_digest",
            f"{opening(plain(field))} is a digest of {_DIGEST} bytes.",
            where=field,
            remedy="Read it from the paper or the referral again.",
        )


def mismatch(field: str, expected: str) -> NotLawfulError:
    """The error of a step that contradicts what was said before."""
    return NotLawfulError(
        "step.content_mismatch",
        f"The step does not agree with {expected}.",
        where=field,
        remedy="Read the referral again and act on what it says now.",
    )
