"""The receipt of a no, in short sentences that the person can read or have read out.

Promises what ``domain.receipts`` says in English, in the reader's language and in the
same order: what she ended, who was told, who answered what, and what the law keeps
and why. No word says why she was helped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.words.words import Words
from services.node.domain.bodies import KeptCategory
from services.node.domain.consent_codes import FAMILY
from services.node.domain.handshake_codes import KeepGround
from services.node.domain.receipts import ToldState
from services.node.rpc.desk_receipts import ReceiptRead, ToldRead

_SAID, _STATE, _WHY, _YOURS = (
    "receipt_said",
    "told_state_said",
    "kept_because",
    "yours",
)


def said_to_the_person(
    words: Words, receipt: ReceiptRead, names: Mapping[str, str]
) -> tuple[str, ...]:
    """The sentences; ``names`` are those of organisations by name of the directory."""
    return tuple(_sentences(words, receipt, names))


def _sentences(
    words: Words, receipt: ReceiptRead, names: Mapping[str, str]
) -> Iterator[str]:
    whom = (
        words.code(_SAID, "family")
        if receipt.recipient == FAMILY
        else names.get(receipt.recipient, receipt.recipient)
    )
    yield words.said(
        _SAID,
        "said_no",
        said=words.instant(receipt.said_at),
        whom=whom,
        categories=_yours(words, receipt.categories),
    )
    yield words.code(_SAID, "no_harm")
    if not receipt.told:
        yield words.code(_SAID, "nobody")
    for told in receipt.told:
        yield from _of_one(words, told, names.get(told.member, told.member))


def _of_one(words: Words, told: ToldRead, member: str) -> Iterator[str]:
    answered = told.acknowledged_at if told.state == ToldState.ACKNOWLEDGED else None
    yield words.said(
        _STATE,
        told.state,
        member=member,
        due=words.instant(told.due_at),
        answered=words.instant(answered or told.due_at),
    )
    if told.deleted:
        gone = _yours(words, told.deleted)
        yield words.said(_SAID, "deleted", member=member, categories=gone)
    for kept in told.kept:
        yield _kept(words, kept, member)


def _kept(words: Words, kept: KeptCategory, member: str) -> str:
    what = _yours(words, (kept.category,))
    if kept.ground == KeepGround.OTHER_CONSENT:
        return words.said(_SAID, "kept_other_consent", member=member, categories=what)
    known = words.has(_WHY, kept.ground)
    why = words.code(_WHY, kept.ground) if known else words.code(_SAID, "by_law")
    return words.said(_SAID, "kept", member=member, categories=what, why=why)


def _yours(words: Words, categories: Iterable[str]) -> str:
    """In a row; each may hold an *and* itself, so that a comma parts them."""
    said = [words.code(_YOURS, each) for each in categories]
    while len(said) > 1:
        one, other, *rest = said
        said = [words.said(_SAID, "both", one=one, other=other), *rest]
    return "".join(said)
