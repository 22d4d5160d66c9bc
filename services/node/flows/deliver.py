"""What the relay sends to one member, and what it makes of the answers.

Envelopes go as often as needed, each time with the same id and bytes, in order
per referral. A receipt is verified before it is stored; a time-out is not a
failure; only the recipient's own refusal ends a delivery (protocol.md §4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.node.domain.errors import RelaisError, VerificationError, stable_code
from services.node.flows.evidence import evidence_for
from services.node.flows.exchange import (
    MOST_CONSIGNMENTS,
    Answer,
    Consignment,
    Delivery,
    DeliveryAnswer,
    Envelope,
    KnownHead,
)
from services.node.flows.growth import (
    GROWTH_MISSING,
    accept_growth,
    known_head,
    own_growth,
)
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.timers import UNREACHABLE
from services.node.ledger.checkpoint import Checkpoint
from services.node.ledger.evidence import Evidence, verify_evidence
from services.node.store import exchange as exchange_store
from services.node.store import ledger as ledger_store
from services.node.store import timers as timer_store
from services.node.store.exchange import Answered, PutOff, Receipt
from services.node.store.rows import HeadRow, LeasedRow, SentEnvelopeRow
from services.node.wire.leaves import Outcome, Pers, decode_pers, encode_evidence

LEASE = timedelta(seconds=60)
#: Bytes of envelopes in one batch beyond the largest one.
_ROOM = 1_000_000
_FIRST_PAUSE = timedelta(seconds=0.25)
_LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Load:
    """A batch to one member; ``leased`` in the order of the consignments.

    ``referrals`` are those that it is about; ``unpublished`` says that something is
    due which may not leave yet.
    """

    recipient: str
    leased: tuple[LeasedRow, ...]
    delivery: Delivery
    referrals: frozenset[bytes] = frozenset()
    unpublished: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an answer came to: how many were received, refused, put off."""

    received: int
    refused: int
    put_off: int
    seen: KnownHead


async def load_for(
    own: OwnMember,
    head: HeadRow,
    recipient: str,
    seen: KnownHead,
    now: datetime,
    held: list[LeasedRow] | None = None,
) -> Load:
    """Lease what is due to ``recipient`` and wrap it with its evidence.

    ``seen`` is the newest head of ours that the recipient has told us it knows;
    ``head`` the published head. ``now`` is on the wire clock. ``held`` gets every
    lease before its commit: after an UnavailableError it may stand all the same,
    and ``let_go`` ends it.
    """
    async with own.database.transaction() as connection:
        leased = await exchange_store.lease_due(
            connection, recipient, now, now + LEASE, min(own.batch, MOST_CONSIGNMENTS)
        )
        if held is not None:
            held.extend(leased)
        indexes = await ledger_store.indexes_of(
            connection, [row.digest for row in leased]
        )
        digests = [row.digest for row in leased]
        envelopes = await exchange_store.envelopes_sent(connection, digests)
        out = _fitting(own, leased, envelopes, indexes, head)
        later = [PutOff(row, now, "relay.full") for row in leased if row not in out]
        if later:
            await exchange_store.retry_later(connection, later)
        digests = [row.digest for row in out]
        evidence = await evidence_for(own, connection, digests, head)
        consignments = tuple(
            Consignment(
                Envelope(
                    envelopes[each].header,
                    envelopes[each].stanza,
                    envelopes[each].ciphertext,
                ),
                evidence[each],
            )
            for each in digests
        )
        delivery = Delivery(
            your_head=await known_head(connection, recipient),
            my_growth=await own_growth(own, connection, head, seen),
            consignments=consignments,
        )
    about = (envelopes[row.digest].referral_id for row in out)
    return Load(
        recipient,
        out,
        delivery,
        frozenset(each for each in about if each),
        unpublished=any(indexes[row.digest] >= head.size for row in leased),
    )


def _fitting(
    own: OwnMember,
    leased: list[LeasedRow],
    envelopes: dict[bytes, SentEnvelopeRow],
    indexes: dict[bytes, int],
    head: HeadRow,
) -> tuple[LeasedRow, ...]:
    """What is published and fits one message, in order; always one at least."""
    out: list[LeasedRow] = []
    room = own.envelope_limit + _ROOM
    for row in leased:
        if indexes[row.digest] >= head.size:
            continue
        envelope = envelopes[row.digest]
        room -= len(envelope.header) + len(envelope.stanza) + len(envelope.ciphertext)
        if out and room < 0:
            break
        out.append(row)
    return tuple(out)


async def settle(
    own: OwnMember, load: Load, answer: DeliveryAnswer, moment: Moment
) -> Settlement:
    """Verify and store the answers; what is not answered for good waits on.

    An answer for good stops the clock by which the member had to be reached.

    Raises VerificationError if the recipient's checkpoint is not its own or not
    a growth of what it showed before: then nothing of the answer is believed.
    """
    # The two directions share heads: our answer to the recipient's own batch may
    # have shown it a newer head than this batch's proof began from. It names that
    # head now, so that trying again at once succeeds; it cannot do so for ever,
    # because no head is newer than our own.
    newer = answer.your_head.size > load.delivery.my_growth.from_size
    checkpoint = await accept_growth(own, load.recipient, answer.my_growth)
    receipts: list[Receipt] = []
    answered: list[Answered] = []
    put_off: list[PutOff] = []
    by_position = {each.position: each for each in answer.answers}
    for position, leased in enumerate(load.leased):
        given = by_position.get(position)
        sent = load.delivery.consignments[position].evidence
        state, code = _outcome(given, leased, sent, checkpoint)
        if state == "waiting" or given is None or given.receipt is None:
            at_once = newer and code == GROWTH_MISSING
            again = moment.wire + (timedelta(0) if at_once else pause(leased.attempts))
            put_off.append(PutOff(leased, again, code or "peer.no_answer"))
            continue
        evidence = replace(given.receipt, checkpoint=answer.my_growth.checkpoint)
        kept = Receipt(leased.digest, evidence.index, encode_evidence(evidence))
        receipts.append(kept)
        answered.append(Answered(leased, state, code))
    await _keep(own, receipts, answered, put_off, moment)
    refused = sum(each.state == "refused" for each in answered)
    return Settlement(len(answered) - refused, refused, len(put_off), answer.your_head)


async def _keep(
    own: OwnMember,
    receipts: list[Receipt],
    answered: list[Answered],
    put_off: list[PutOff],
    moment: Moment,
) -> None:
    """Write what the answers came to, in one transaction."""
    digests = [each.digest for each in receipts]
    refused = [each.leased.digest for each in answered if each.state == "refused"]
    # A duplicate was received before, in another envelope: that one's receipt says
    # whether the step was taken.
    taken = [
        each.leased.digest
        for each in answered
        if (each.state, each.code) == ("received", None)
    ]
    # What the outbox keeps is why a refusal was one, not that it came twice.
    settled = [
        each if each.state == "refused" else replace(each, code=None)
        for each in answered
    ]
    async with own.database.transaction() as connection:
        if put_off:
            await exchange_store.retry_later(connection, put_off)
        if not answered:
            return
        await exchange_store.keep_receipts(connection, receipts, moment.wire)
        await timer_store.reached(connection, digests, moment.case, UNREACHABLE)
        await exchange_store.settle(connection, settled)
        if taken:
            await exchange_store.confirm_handed(connection, taken)
        for digest in refused:
            await exchange_store.keep_answerability(connection, digest)


async def put_back(own: OwnMember, load: Load, code: str, now: datetime) -> None:
    """The recipient was not reached: every envelope is due again at once."""
    await let_go(own, list(load.leased), code, now)


async def let_go(
    own: OwnMember, held: list[LeasedRow], code: str, now: datetime
) -> None:
    """End leases, also those whose commit is in doubt, and empty ``held``.

    Waits for a transaction that still holds the rows: afterwards it is known
    whether it committed. What another relay has leased since stays its own, by the
    fence. Raises RelaisError if the database is away: ``held`` stays as it is.
    """
    if not held:
        return
    async with own.database.transaction() as connection:
        await exchange_store.wait_for_leases(connection, held)
        later = [PutOff(leased, now, code) for leased in held]
        await exchange_store.retry_later(connection, later)
    held.clear()


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling from 0.25 s up to 5 min."""
    return min(_FIRST_PAUSE * (1 << min(attempts, 20)), _LONGEST_PAUSE)


def _outcome(
    answer: Answer | None, leased: LeasedRow, sent: Evidence, checkpoint: Checkpoint
) -> tuple[str, str | None]:
    """The outbox state that an answer leads to, with a code.

    The code is of a refusal, or ``duplicate``, or why the envelope waits on.
    """
    if answer is None:
        return "waiting", None
    if answer.receipt is None:
        # A refusal that nobody logged settles nothing.
        if answer.refusal is None:
            return "waiting", "peer.no_answer"
        return "waiting", stable_code(answer.refusal.code, "peer.refused")
    try:
        pers = _verified(answer.receipt, leased.digest, sent, checkpoint)
    except RelaisError as error:
        return "waiting", error.code
    if pers.outcome is Outcome.REFUSED:
        return "refused", stable_code(pers.code, "peer.refused")
    return "received", "duplicate" if pers.outcome is Outcome.DUPLICATE else None


def _verified(
    receipt: Evidence, digest: bytes, sent: Evidence, checkpoint: Checkpoint
) -> Pers:
    """What the receipt commits to: the same envelope, content and event as sent."""
    verify_evidence(receipt, checkpoint)
    pers = decode_pers(receipt.pers.value)
    if pers.digest != digest:
        raise VerificationError(
            "receipt.other_digest", "The receipt is for another envelope."
        )
    if pers.outcome not in {Outcome.RECEIVED, Outcome.DUPLICATE, Outcome.REFUSED}:
        raise VerificationError(
            "receipt.other_outcome", "The receipt says neither received nor refused."
        )
    if pers.outcome is Outcome.RECEIVED and (
        receipt.link.value != sent.link.value
        or pers.payload_hash != decode_pers(sent.pers.value).payload_hash
    ):
        raise VerificationError(
            "receipt.other_event", "The receipt is for another event or content."
        )
    return pers
