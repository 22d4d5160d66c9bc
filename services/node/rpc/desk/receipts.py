"""How answers stand, and receipts of withdrawals, as contract messages."""

from __future__ import annotations

from datetime import datetime

from relais.desk.v1 import consent_pb2
from services.node.domain.consent import AskedQuestion, Standing, is_expiring
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.receipts import Receipt, Told, sentences
from services.node.rpc.desk.render import millis


def receipt_to(receipt: Receipt) -> consent_pb2.Receipt:
    """What became of one no, with the sentences for the person."""
    return consent_pb2.Receipt(
        consent_id=receipt.consent_id,
        purpose=receipt.purpose,
        recipient=receipt.recipient,
        categories=receipt.categories,
        said_at=millis(receipt.said_at),
        told=[_told(each) for each in receipt.told],
        sentences=sentences(receipt),
    )


def _told(told: Told) -> consent_pb2.Told:
    return consent_pb2.Told(
        member=told.member,
        referral_id=told.referral_id,
        categories=told.categories,
        state=told.state.value,
        due_at=millis(told.due_at),
        told_at=millis(told.told_at),
        acknowledged_at=millis(told.acknowledged_at),
        deleted=told.deleted,
        kept=[
            consent_pb2.Kept(category=each.category, ground=each.ground)
            for each in told.kept
        ],
    )


def standing_to(
    asked: AskedQuestion, now: datetime, deadlines: DeadlineTable
) -> consent_pb2.StandingSummary:
    """How one question stands at ``now`` (case clock), and until when."""
    answer = asked.answer
    record = answer.record
    return consent_pb2.StandingSummary(
        purpose=asked.purpose,
        recipient=asked.recipient,
        category=asked.category,
        standing=answer.standing.value,
        expiring=record is not None
        and answer.standing is Standing.YES
        and is_expiring(record, now, deadlines),
        consent_id=b"" if record is None else record.consent_id,
        valid_until=millis(None if record is None else record.valid_until),
    )
