"""Who signs an arrival beside whoever records it, and what a call confirms.

Promises that whoever receives a person names one of three: a second officer of the
same member, whose own account approves; the person's own thumbprint, as a scan in the
case; or a coded reason why neither was possible. A night with one on duty is never
blocked by it; it is shown to the auditor. A handover that was confirmed by telephone
holds, and stays marked at both ends until the code or the second signature follows.
Source: console.md section 7, S8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.arrivals import ContactFunction
from services.node.domain.bodies_return import Arrival, Countersignature
from services.node.domain.errors import InvalidInputError
from services.node.domain.return_codes import KnownBy

_HASH = 32


class SignedBy(StrEnum):
    """Who signed beside whoever recorded the arrival."""

    SECOND_OFFICER = "second_officer"
    """A second officer of the same member."""
    THUMBPRINT = "thumbprint"
    """The person, by a thumb on paper that was scanned."""
    NOBODY = "nobody"
    """Neither was possible."""


class UnsignedReason(StrEnum):
    """Why neither a second officer nor a thumbprint was possible."""

    ALONE_ON_DUTY = "alone_on_duty"
    """Nobody else was there."""
    NO_MEANS = "no_means"
    """No ink, paper or camera."""
    NO_TIME = "no_time"
    """Help came first."""
    PERSON_DECLINED = "person_declined"
    """The person did not want to, and need not."""


class PersonKnownBy(StrEnum):
    """How whoever called knew that the person was the one who was meant."""

    PAPER = "paper"
    """By a paper with a picture."""
    PHOTOGRAPH = "photograph"
    """By a picture that came with the referral."""
    CODE_WORD = "code_word"
    """By the word that was agreed with the person."""
    OWN_ANSWERS = "own_answers"
    """By what only the person can tell."""


@dataclass(frozen=True, slots=True)
class ArrivalAsked:
    """Exactly what a second officer signs: this person arrived then.

    ``handover_code`` are the digits that are entered with it; empty without any.
    """

    referral_id: bytes
    arrived_at: datetime
    handover_code: str = ""


@dataclass(frozen=True, slots=True)
class HandoverWord:
    """What a receiving step says in codes alone: how, and who else signed."""

    known_by: str = ""
    signed_by: str = ""
    unsigned_reason: str = ""
    by_code: bool = False


def word_of(body: object) -> HandoverWord | None:
    """The codes of a receiving step; None for any other, and for one of before."""
    if isinstance(body, Countersignature) and body.giver_known_by:
        return HandoverWord(known_by=body.giver_known_by)
    if isinstance(body, Arrival) and body.signed_by:
        return HandoverWord(
            signed_by=body.signed_by,
            unsigned_reason=body.unsigned_reason,
            by_code=bool(body.handover_code),
        )
    return None


def check_call(body: Countersignature, *, demanded: bool = False) -> None:
    """Raise InvalidInputError unless a call is told whole, where one was made.

    ``handover.bad_call``; with ``demanded``, of this member's own officers, also
    ``handover.call_untold``. A node of before tells nothing of it.
    """
    by_call = body.giver_known_by == KnownBy.TELEPHONE
    told = (body.call_function, body.called_at, body.person_known_by)
    if not any(told):
        if by_call and demanded:
            raise InvalidInputError(
                "handover.call_untold",
                "Whoever confirms by telephone says with whom, when, and how the"
                " person was known.",
                where="call_function",
                remedy="Name the function, not the person, the hour of the call, and"
                " how the person was known.",
            )
        return
    sound = (
        by_call
        and body.call_function in set(ContactFunction)
        and body.called_at is not None
        and body.person_known_by in set(PersonKnownBy)
    )
    if not sound:
        raise InvalidInputError(
            "handover.bad_call",
            "A call is told by a function, its hour and how the person was known, and"
            " only where the giver was known by telephone.",
            where="call_function",
            remedy="Tell all three of a call, or none without one.",
        )


def check_signed(body: Arrival) -> None:
    """Raise InvalidInputError ``arrival.bad_signature`` for half a word.

    An arrival of a node of before says nothing of it.
    """
    by = body.signed_by
    sound = (
        (not by or by in set(SignedBy))
        and bool(body.second_officer) == (by == SignedBy.SECOND_OFFICER)
        and len(body.evidence_hash) == (_HASH if by == SignedBy.THUMBPRINT else 0)
        and bool(body.unsigned_reason) == (by == SignedBy.NOBODY)
        and (not body.unsigned_reason or body.unsigned_reason in set(UnsignedReason))
        and (bool(by) or not body.handover_code)
    )
    if not sound:
        raise InvalidInputError(
            "arrival.bad_signature",
            "An arrival names who else signed: a second officer, the person by a"
            " thumbprint, or nobody with a reason of the list.",
            where="signed_by",
            remedy="Choose one of the three, with what belongs to it.",
        )


def check_names_one(body: Arrival) -> None:
    """Raise InvalidInputError unless an officer's arrival names one of three.

    ``arrival.not_signed``; ``arrival.signature_is_made`` for what the node writes.
    """
    if not body.signed_by:
        raise InvalidInputError(
            "arrival.not_signed",
            "Two sign that a person arrived: whoever records it, and a second officer"
            " or the person by a thumbprint.",
            where="signed_by",
            remedy="Ask a colleague to approve it, choose the scan of the thumbprint,"
            " or say why neither is possible now.",
        )
    if body.second_officer or body.evidence_hash:
        raise InvalidInputError(
            "arrival.signature_is_made",
            "Who signed as second, and the hash of a scan, are written by the node.",
            where="signed_by",
            remedy="Leave both empty, and name the approval or the scan.",
        )
