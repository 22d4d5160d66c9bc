"""Admissions: nobody alone lets anybody in, nor gives anybody another role.

An administrator opens no case (console, S15). Whoever could enter an officer, hand
herself the code and sign in as that officer would read them all the same; so at the
gateway one asks, and what was asked for holds once a second person confirmed it.
At the node's own host one is enough: who is there needs no officer to read the disk.

Promises who may be the second, and which changes need one. Leaves to others that
every answer is given once (the store) and what an admission does (``admitting``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.node.domain.errors import ConflictError, NotFoundError, NotLawfulError
from services.node.domain.people import Officer

WAITS = timedelta(days=7)
"""How long a second person may take to answer; an invitation ends earlier."""


class AdmissionKind(StrEnum):
    """Who or what is let in."""

    OFFICER = "officer"
    """Somebody is an officer, comes back, or has another role or unit."""
    INVITATION = "invitation"
    """An officer may choose a password, a first one or in place of the old one."""
    PROGRAM = "program"
    """A program acts as an officer."""
    EXPORT = "export"
    """An auditor takes out a sheet of looks (``sheets``)."""
    KEY = "key"
    """The node makes the successor of its certificate (``flows.successors``)."""
    SEALING = "sealing"
    """The node makes its sealing keys of a quarter (``flows.sealing_ceremony``)."""


MADE_HERE = frozenset({AdmissionKind.KEY, AdmissionKind.SEALING})
"""Keys: the node makes them, and a second administrator confirms it."""


class AdmissionAnswer(StrEnum):
    """What came of it."""

    CONFIRMED = "confirmed"
    """A second person knows of it; it holds."""
    REFUSED = "refused"
    """A second person said no."""
    WITHDRAWN = "withdrawn"
    """Who asked took it back, asked anew, or the officer left."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an officer is, or is to be, at this member."""

    role: str
    unit: str
    active: bool


@dataclass(frozen=True, slots=True)
class Admission:
    """Something that waits; ``officer`` is whom it is about, instants on the wire."""

    kind: AdmissionKind
    officer: str
    asked_by: str
    ends_at: datetime
    answer: AdmissionAnswer | None = None


def needs_second(before: Standing | None, after: Standing) -> bool:
    """Whether a change lets somebody into more than before; leaving never does."""
    if not after.active:
        return False
    return before is None or before != after


def answer_of(
    admission: Admission, second: Officer, now: datetime, *, confirmed: bool
) -> AdmissionAnswer:
    """What this answer is, if ``second`` may give it now.

    ``NotLawfulError`` ``admission.own`` for a yes of who asked and
    ``admission.oneself`` of whom it is about; ``ConflictError``
    ``admission.answered`` and ``admission.ended``.
    """
    if admission.answer is not None:
        raise ConflictError(
            "admission.answered",
            "This was answered already, or who asked for it asked anew.",
            remedy="Look at the list again.",
        )
    if now >= admission.ends_at:
        raise ConflictError(
            "admission.ended",
            "The time in which this could be confirmed is over.",
            remedy="Ask for it again.",
        )
    if second.pseudonym == admission.asked_by:
        if confirmed:
            raise NotLawfulError(
                "admission.own",
                "Whoever asks that somebody be let in cannot confirm it.",
                remedy="Another administrator, or a colleague who works on cases,"
                " confirms it; at the node's own host one person is enough.",
            )
        return AdmissionAnswer.WITHDRAWN
    if second.pseudonym == admission.officer:
        raise NotLawfulError(
            "admission.oneself",
            "Nobody answers for what they are to be let into themselves.",
            remedy="Let somebody else answer.",
        )
    return AdmissionAnswer.CONFIRMED if confirmed else AdmissionAnswer.REFUSED


def unknown() -> NotFoundError:
    """The error for an admission that nobody asked for."""
    return NotFoundError(
        "admission.unknown",
        "Nothing waits here under that number.",
        where="admission_id",
        remedy="Take it from the list of what waits for a second person.",
    )
