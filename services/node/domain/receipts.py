"""The receipt of a withdrawal: what the person is told, in plain words.

Promises short sentences built from codes alone: what she ended, who was told, who
answered what, and what the law keeps and why. The words stand in tables, so that
another language is another set of tables. No word says why she was helped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.bodies import KeptCategory
from services.node.domain.consent_codes import FAMILY
from services.node.domain.handshake_codes import KeepGround
from services.node.domain.tables import VIETNAM


class ToldState(StrEnum):
    """How far a recall has come at one member."""

    OWED = "owed"
    """Not said yet."""
    SENT = "sent"
    """Said; no receipt yet."""
    RECEIVED = "received"
    """It stands in the other's ledger."""
    REFUSED = "refused"
    """The other's node refused it; a person has to call."""
    ACKNOWLEDGED = "acknowledged"
    """The other said what it deleted and what it keeps."""
    UNNEEDED = "unneeded"
    """The offer ended before anything was opened."""


@dataclass(frozen=True, slots=True)
class Told:
    """One member that had to be told; instants are on the case clock.

    ``told_at`` is None while the recall is owed and not said.
    """

    member: str
    referral_id: bytes
    categories: tuple[str, ...]
    state: ToldState
    due_at: datetime
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    deleted: tuple[str, ...] = ()
    kept: tuple[KeptCategory, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one no of the person."""

    consent_id: bytes
    purpose: str
    recipient: str
    categories: tuple[str, ...]
    said_at: datetime
    told: tuple[Told, ...]


CATEGORY_WORDS: Mapping[str, str] = {
    "D0": "the number of your case",
    "D1": "your age group, sex and languages",
    "D2": "your name and papers",
    "D3": "how and where to reach you",
    "D4": "what happened to you",
    "D5": "your health",
    "D6": "how you feel and your counselling",
    "D7": "your safety",
    "D8": "your family",
    "D9": "your legal matters",
    "D10": "copies of your documents",
    "D11": "your plan and your services",
    "D12": "money and payments",
    "D13": "your guardian and school",
}

GROUND_WORDS: Mapping[str, str] = {
    KeepGround.CRIMINAL_FILE: "it is part of a criminal file",
    KeepGround.STATUTORY_RECORD: "it stands in a register that the law keeps",
    KeepGround.MEDICAL_RECORD: "it is part of a medical record",
    KeepGround.FINANCIAL_RECORD: "it proves a payment",
    KeepGround.CHILD_PROTECTION_FILE: "it is part of a file that protects a child",
}

_STATE_WORDS: Mapping[ToldState, str] = {
    ToldState.OWED: "{member} will be told now.",
    ToldState.SENT: "{member} was told. It has not confirmed yet that it got this.",
    ToldState.RECEIVED: "{member} was told and must answer by {due}.",
    ToldState.REFUSED: "{member} could not be told by message. We will call them.",
    ToldState.ACKNOWLEDGED: "{member} answered on {answered}.",
    ToldState.UNNEEDED: "{member} had not opened anything. It cannot any more.",
}


def sentences(receipt: Receipt) -> tuple[str, ...]:
    """The receipt as the person can read it, or have it read out."""
    return tuple(_sentences(receipt))


def _sentences(receipt: Receipt) -> Iterator[str]:
    whom = "your family" if receipt.recipient == FAMILY else receipt.recipient
    yield (
        f"On {_when(receipt.said_at)} you said no: {whom} may not get"
        f" {_listed(receipt.categories)} any more."
    )
    yield "Nobody may hold this against you. Your other help goes on."
    if not receipt.told:
        yield "Nobody had got anything, so nobody had to give anything back."
    for told in receipt.told:
        yield _STATE_WORDS[told.state].format(
            member=told.member,
            due=_when(told.due_at),
            answered=_when(told.acknowledged_at or told.due_at),
        )
        if told.deleted:
            yield f"{told.member} can no longer read {_listed(told.deleted)}."
        for kept in told.kept:
            if kept.ground == KeepGround.OTHER_CONSENT:
                yield (
                    f"{told.member} keeps {_listed((kept.category,))}: you agreed to"
                    " that for something else, and you can end that too."
                )
                continue
            why = GROUND_WORDS.get(kept.ground, "a law says so")
            yield (
                f"{told.member} must keep {_listed((kept.category,))}, because {why}."
                " Nobody works with it."
            )


def _listed(categories: Iterable[str]) -> str:
    words = [CATEGORY_WORDS.get(each, each) for each in categories]
    if len(words) < len("ab"):
        return "".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"


def _when(instant: datetime) -> str:
    return instant.astimezone(VIETNAM).strftime("%d/%m/%Y at %H:%M")
