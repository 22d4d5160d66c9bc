"""Sheets of looks: an auditor takes one out after a second person knows of it.

The reasons that officers typed are words about people, and a sheet holds all of them
at once; so one auditor asks for a sheet and an administrator, who reads no look,
confirms it (console, §2.8: two persons for a bulk export). It is opened for exactly
what was asked for, and not for long. Leaves the answering to ``admissions``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from services.node.domain.admissions import (
    MADE_HERE,
    Admission,
    AdmissionAnswer,
    AdmissionKind,
)
from services.node.domain.errors import (
    InvalidInputError,
    NotLawfulError,
    NotPermittedError,
)
from services.node.domain.identifiers import parse_alias
from services.node.domain.people import MAY, Act, Officer, is_pseudonym

OPEN_FOR = timedelta(hours=1)
"""How long a sheet may be taken out after it was confirmed, again if a line broke."""


@dataclass(frozen=True, slots=True)
class LooksAsked:
    """Which looks; whatever is empty or 0 is no condition, instants in Unix ms."""

    officer: str = ""
    refused: bool = False
    case_pseudonym: str = ""
    since: int = 0
    until: int = 0

    def text(self) -> str:
        """The one way in which these conditions are kept and compared."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> LooksAsked:
        """What ``text`` gave; nothing asked for in an empty text."""
        return cls(**json.loads(text)) if text else cls()


@dataclass(frozen=True, slots=True)
class SheetStanding:
    """Where a sheet is: one of these, or None of all if it was not asked for."""

    waits_until: datetime | None = None
    open_until: datetime | None = None
    refused_at: datetime | None = None
    """When the second person refused it."""
    ended_at: datetime | None = None
    """When the time to confirm it, or to take it out, was over."""

    @property
    def stands(self) -> bool:
        """Whether it waits or is open, so that nobody need ask for it."""
        return self.waits_until is not None or self.open_until is not None


def check_asked(looks: LooksAsked) -> None:
    """Raise InvalidInputError for what names no officer or no case.

    It is kept as it is asked, and told to a second person: it holds codes only. Codes:
    ``admission.bad_officer``, and what ``parse_alias`` raises.
    """
    if looks.officer and not is_pseudonym(looks.officer):
        raise InvalidInputError(
            "admission.bad_officer",
            "That is not a staff pseudonym.",
            where="looks.officer",
            remedy="Give it as the list of looks shows it, or leave it empty.",
        )
    if looks.case_pseudonym:
        parse_alias(looks.case_pseudonym)


def standing_of(
    answer: str | None,
    ends_at: datetime,
    answered_at: datetime | None,
    now: datetime,
) -> SheetStanding:
    """Where the newest asking for a sheet stands at ``now``."""
    if answer is None:
        waits = now < ends_at
        return SheetStanding(waits_until=ends_at) if waits else _ended(ends_at)
    if answer == AdmissionAnswer.CONFIRMED and answered_at:
        until = answered_at + OPEN_FOR
        return SheetStanding(open_until=until) if now < until else _ended(until)
    if answer == AdmissionAnswer.REFUSED:
        return SheetStanding(refused_at=answered_at)
    return SheetStanding()


def _ended(at: datetime) -> SheetStanding:
    return SheetStanding(ended_at=at)


def check_open(standing: SheetStanding) -> None:
    """Raise ``admission.sheet_not_confirmed`` (not lawful) for one that is not open."""
    if standing.open_until is None:
        raise NotLawfulError(
            "admission.sheet_not_confirmed",
            "No second person has confirmed this sheet within the last hour.",
            remedy="Ask for the sheet where the looks are listed; an administrator"
            " confirms it, and it can be taken out for an hour.",
        )


def may_be_second(admission: Admission, looks: str, second: Officer) -> bool:
    """Whether ``second`` learns of what waits and may answer it.

    A sheet is confirmed by an administrator, and by nobody whose own looks it is
    about; keys by another administrator; whoever is let in, by all who may let in.
    """
    if admission.kind in MADE_HERE:
        return Act.ADMINISTRATION in MAY[second.role]
    if admission.kind is not AdmissionKind.EXPORT:
        return True
    asked = LooksAsked.read(looks)
    return Act.ADMINISTRATION in MAY[second.role] and asked.officer != second.pseudonym


def check_second(admission: Admission, looks: str, second: Officer) -> None:
    """Raise NotPermittedError ``admission.not_second`` unless ``may_be_second``.

    Who asked may always take it back (``answer_of`` lets them do nothing else).
    """
    if second.pseudonym != admission.asked_by and not may_be_second(
        admission, looks, second
    ):
        if admission.kind in MADE_HERE:
            raise NotPermittedError(
                "admission.key_not_second",
                "The node makes a key once another administrator confirmed it.",
                remedy="Leave it to another administrator.",
            )
        raise NotPermittedError(
            "admission.not_second",
            "A sheet of looks is confirmed by an administrator whose own looks are"
            " not what it is about.",
            remedy="Leave it to another administrator.",
        )
