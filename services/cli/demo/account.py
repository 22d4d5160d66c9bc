"""What the nodes say afterwards: who was answerable, and each handoff's two leaves.

Promises that the account is put together from what every node holds of its own,
and is refused if the ends do not agree: a gap or an overlap in the chain of
responsibility, a handoff without its receipt, a receipt that names another leaf
than the one the recipient has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.cli.demo.journey import Journey
from services.cli.demo.stage import Stage
from services.node.domain.errors import VerificationError
from services.node.domain.responsibility import (
    AnswerabilityPeriod,
    chain_of_responsibility,
)
from services.node.rpc.desk_values import AnswerabilityRead, CaseRead, TimelineRead


@dataclass(frozen=True, slots=True)
class Link:
    """One time in the chain: who answered, from when to when, by which step.

    ``until`` and ``until_step`` are None and empty for the last.
    """

    member: str
    since: datetime
    since_step: str
    until: datetime | None
    until_step: str


@dataclass(frozen=True, slots=True)
class LoggedHandoff:
    """One handoff and the leaf that each end has for it."""

    event_id: bytes
    referral_id: bytes
    step: str
    sender: str
    recipient: str
    at: datetime
    sender_index: int
    recipient_index: int


@dataclass(frozen=True, slots=True)
class Account:
    """The chain of responsibility for her, and every handoff of the journey."""

    chain: tuple[Link, ...]
    handoffs: tuple[LoggedHandoff, ...]
    aliases: tuple[tuple[frozenset[str], str], ...]
    """Pairs of members and the alias that the two share, one a pair and person."""


async def account_of(stage: Stage, journey: Journey) -> Account:
    """Ask every node concerned.

    Raises VerificationError ``demo.chain_broken``, ``demo.not_receipted`` or
    ``demo.ends_differ``.
    """
    hers = await _cases(stage, journey.cases)
    others = await _cases(stage, journey.sheet_cases)
    shared = {
        (frozenset({member, referral.peer}), referral.alias)
        for member, case in (*hers, *others)
        for referral in case.referrals
    }
    return Account(
        chain=_chain(hers),
        handoffs=_handoffs((*hers, *others), journey),
        aliases=tuple(sorted(shared, key=lambda each: each[1])),
    )


async def _cases(
    stage: Stage, pseudonyms: dict[str, str]
) -> tuple[tuple[str, CaseRead], ...]:
    read = await asyncio.gather(
        *(stage.at(member).case(case) for member, case in pseudonyms.items())
    )
    return tuple(zip(pseudonyms, read, strict=True))


def _chain(cases: Iterable[tuple[str, CaseRead]]) -> tuple[Link, ...]:
    reads = {
        (member, read.since_event): read
        for member, case in cases
        for read in case.periods
    }
    chain = chain_of_responsibility(
        _period(member, read) for (member, _), read in reads.items()
    )
    if chain.problems:
        found = "; ".join(
            f"{each.fault} at {each.at:%Y-%m-%d %H:%M} ({', '.join(each.members)})"
            for each in chain.problems
        )
        raise VerificationError(
            "demo.chain_broken", f"The chain of responsibility does not hold: {found}."
        )
    return tuple(
        Link(
            period.member,
            period.since,
            reads[period.member, period.since_event].since_step,
            period.until,
            reads[period.member, period.since_event].until_step,
        )
        for period in chain.periods
    )


def _period(member: str, read: AnswerabilityRead) -> AnswerabilityPeriod:
    ended = bool(read.until_step)
    return AnswerabilityPeriod(
        member=member,
        since=read.since_at,
        since_event=read.since_event,
        until=read.until_at if ended else None,
        until_event=read.until_event if ended else None,
    )


def _handoffs(
    cases: Iterable[tuple[str, CaseRead]], journey: Journey
) -> tuple[LoggedHandoff, ...]:
    """Every envelope once, in the order in which it happened."""
    entries: dict[bytes, dict[str, TimelineRead]] = {}
    for member, case in cases:
        for entry in case.timeline:
            if entry.digest:
                entries.setdefault(entry.event_id, {})[member] = entry
    found = [_handoff(ends, journey) for ends in entries.values()]
    givers = {each.referral_id: each.sender for each in found if each.step == "offer"}

    def place(each: LoggedHandoff) -> tuple[datetime, int]:
        """Within one referral the giver's own leaves are in order."""
        ours = each.sender == givers[each.referral_id]
        return each.at, each.sender_index if ours else each.recipient_index

    return tuple(sorted(found, key=place))


def _handoff(ends: dict[str, TimelineRead], journey: Journey) -> LoggedHandoff:
    known = next(iter(ends.values()))
    sender = known.author
    recipient = next((member for member in ends if member != sender), known.peer)
    sent, arrived = ends.get(sender), ends.get(recipient)
    if sent is not None and not sent.receipted:
        raise VerificationError(
            "demo.not_receipted", f"{sender} holds no receipt for its {sent.step}."
        )
    # A member that declined has no case; it said itself which leaf its answer is.
    sender_index = journey.declined[sender] if sent is None else sent.own_index
    recipient_index = _arrived_at(sent, arrived)
    return LoggedHandoff(
        event_id=known.event_id,
        referral_id=known.referral_id,
        step=known.step,
        sender=sender,
        recipient=recipient,
        at=known.happened_at,
        sender_index=sender_index,
        recipient_index=recipient_index,
    )


def _arrived_at(sent: TimelineRead | None, arrived: TimelineRead | None) -> int:
    by_receipt = None if sent is None else sent.receipt_index
    by_itself = None if arrived is None else arrived.own_index
    if None not in {by_receipt, by_itself} and by_receipt != by_itself:
        raise VerificationError(
            "demo.ends_differ",
            f"A receipt names leaf {by_receipt}, the recipient has it at {by_itself}.",
        )
    index = by_itself if by_receipt is None else by_receipt
    if index is None:
        raise VerificationError("demo.ends_differ", "A handoff stands at no end.")
    return index
