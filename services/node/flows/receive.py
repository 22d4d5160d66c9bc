"""Receive one batch of envelopes: check, decide, log, answer.

Each envelope becomes an act of its own; what is ready is written together. The
answer is this node's evidence for the envelope's digest: the receipt. A repeat
gets the first answer again, whatever happened since.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from services.node.domain.errors import RelaisError
from services.node.domain.room import FULL
from services.node.flows.alarms import CLOCK, GAP, Hole, PeerAlarms
from services.node.flows.arrival import check_arrival, is_ahead
from services.node.flows.evidence import evidence_for
from services.node.flows.exchange import (
    Answer,
    Consignment,
    Delivery,
    DeliveryAnswer,
    Refusal,
)
from services.node.flows.growth import accept_growth, known_head, own_growth
from services.node.flows.moment import Moment
from services.node.flows.overtaking import GapError
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.published import Published
from services.node.flows.rooms import Rooms, count_room
from services.node.flows.take_in import TakeIn
from services.node.ledger.checkpoint import Checkpoint
from services.node.store.pool import Connection


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The answer to one envelope: by the ledger if ``digest`` stands in it.

    ``ahead`` says that its sender's clock is well ahead of this node's; ``gap`` what
    is missing before it.
    """

    digest: bytes | None
    refusal: Refusal | None
    ahead: bool = False
    gap: GapError | None = None


async def receive_batch(
    own: OwnMember,
    published: Published,
    sender: str,
    delivery: Delivery,
    submit: Submit,
    moment: Moment,
) -> DeliveryAnswer:
    """Answer one batch of ``sender``.

    Raises VerificationError ``ledger.behind_peer`` if the sender has seen a head
    of ours that we cannot extend, and for a checkpoint that is not the sender's.
    """
    async with own.database.connection() as connection:
        await own_growth(own, connection, published.head, delivery.your_head)
    try:
        checkpoint = await accept_growth(own, sender, delivery.my_growth)
    except RelaisError as error:
        if not error.transient:
            raise
        verdicts = [_Verdict(None, refusal_of(error))] * len(delivery.consignments)
        async with own.database.connection() as connection:
            return await _answer(own, published, connection, sender, delivery, verdicts)
    rooms = published.rooms
    if delivery.consignments:
        await count_room(own, rooms, sender, moment.wire)
    # The same envelope twice in a batch is one act with one answer.
    single = list(dict.fromkeys(delivery.consignments))
    outcomes = await asyncio.gather(
        *(
            _receive_one(own, rooms, sender, each, checkpoint, delivery, submit, moment)
            for each in single
        )
    )
    for outcome in outcomes:
        _alarm(published.alarms, sender, outcome, moment)
    verdict_of = dict(zip(single, outcomes, strict=True))
    verdicts = [verdict_of[each] for each in delivery.consignments]
    async with own.database.connection() as connection:
        return await _answer(own, published, connection, sender, delivery, verdicts)


async def _receive_one(
    own: OwnMember,
    rooms: Rooms,
    sender: str,
    consignment: Consignment,
    checkpoint: Checkpoint,
    delivery: Delivery,
    submit: Submit,
    moment: Moment,
) -> _Verdict:
    ahead = False
    try:
        arrived = check_arrival(
            own, sender, consignment, checkpoint, delivery.my_growth.checkpoint
        )
        ahead = is_ahead(arrived.header, moment.wire)
        logged = await submit(TakeIn(own, arrived, moment, rooms))
    except RelaisError as error:
        if error.transient:
            # A hole in a referral, a clock that is wrong: the sender comes again.
            structlog.get_logger().warning(
                "receive.put_off", peer=sender, code=error.code
            )
        missing = error if isinstance(error, GapError) else None
        return _Verdict(None, refusal_of(error), ahead, missing)
    except Exception:  # noqa: BLE001 - logged, and answered as transient
        # A fault of this program at one envelope must not hold up the others.
        structlog.get_logger().exception("receive.fault", peer=sender)
        message = "This node failed at this envelope; nothing was changed by it."
        return _Verdict(None, Refusal("node.fault", message, transient=True))
    return _Verdict(arrived.digest, logged.result, ahead)


def _alarm(alarms: PeerAlarms, sender: str, verdict: _Verdict, moment: Moment) -> None:
    if verdict.ahead:
        alarms.note(sender, CLOCK, moment.wire)
    if verdict.refusal is not None and verdict.refusal.code == FULL:
        alarms.note(sender, FULL, moment.wire)
    if (gap := verdict.gap) is not None:
        alarms.note(sender, GAP, moment.wire)
        alarms.note_hole(
            Hole(gap.referral_id, sender, gap.awaited, moment.case, moment.wire)
        )


async def _answer(
    own: OwnMember,
    published: Published,
    connection: Connection,
    sender: str,
    delivery: Delivery,
    verdicts: list[_Verdict],
) -> DeliveryAnswer:
    head = published.head
    subjects = [each.digest for each in verdicts if each.digest is not None]
    evidence = await evidence_for(own, connection, subjects, head)
    return DeliveryAnswer(
        your_head=await known_head(connection, sender),
        my_growth=await own_growth(own, connection, head, delivery.your_head),
        answers=tuple(
            Answer(
                position,
                None if verdict.digest is None else evidence[verdict.digest],
                verdict.refusal,
            )
            for position, verdict in enumerate(verdicts)
        ),
    )


def refusal_of(error: RelaisError) -> Refusal:
    """What a peer is told: code and sentence, nothing from inside this node."""
    return Refusal(error.code, error.message, error.transient)
