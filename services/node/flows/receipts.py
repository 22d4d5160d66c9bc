"""What became of every no of a person: who was told, and what each answered.

Reads only. The recalls that were owed stand in rows; what was said stands in the
referrals; whether it arrived stands in the timeline with its receipts.
"""

from __future__ import annotations

from datetime import datetime

from services.node.domain.bodies import RecallAcknowledgement
from services.node.domain.consent_codes import ConsentStatus
from services.node.domain.handoff import Handoff, Step
from services.node.domain.receipts import Receipt, Told, ToldState
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import Priority
from services.node.flows.consents import consents_of
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.own import OwnMember
from services.node.flows.recalled import ended_copy_id
from services.node.flows.record_answers import answer_event
from services.node.flows.said import said_in_each
from services.node.store import consents as consent_store
from services.node.store import events as event_store
from services.node.store import recalls as recall_store
from services.node.store import referrals as referral_store
from services.node.store.recalls import RecallDueRow
from services.node.store.rows import ReferralRow, TimelineRow

_RECALLING = (Step.RECALL, Step.RECALL_ACKNOWLEDGEMENT)


async def receipts_of(own: OwnMember, pseudonym: str) -> tuple[Receipt, ...]:
    """One receipt a no, oldest first; raises NotFoundError for an unknown case."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        consents = await consents_of(connection, case.case_id, key)
        theirs = {
            row.consent_id
            for row in await consent_store.consents_of(connection, case.case_id)
            if row.holder != own.name and row.recipient == own.name
        }
        recalls = await recall_store.recalls_due_of(connection, case.case_id)
        timeline = {
            row.event_id: row
            for row in await event_store.timeline(connection, case.case_id)
        }
        concerned = list({each.referral_id for each in recalls})
        rows = await referral_store.referrals_by_ids(connection, concerned)
        said = await said_in_each(own, connection, concerned, _RECALLING)
    referrals = {row.referral_id: row for row in rows}
    told = {
        each.recall_event: _told(
            own,
            each,
            referrals.get(each.referral_id),
            timeline.get(each.recall_event),
            [step.handoff for step in said[each.referral_id]],
        )
        for each in recalls
    }
    return tuple(
        Receipt(
            consent.consent_id,
            consent.purpose,
            consent.recipient,
            consent.categories,
            consent.given_at,
            tuple(
                told[each.recall_event] for each in recalls if _follows(each, consent)
            ),
        )
        for consent in consents
        # What this member gave back itself stands in the receipt of who told it.
        if consent.status != ConsentStatus.GIVEN and consent.consent_id not in theirs
    )


def _follows(due: RecallDueRow, consent: ConsentCopy) -> bool:
    """Whether a recall was owed for this no, said here or passed on to here."""
    passed_on = {ended_copy_id(due.cause, each) for each in due.consent_ids}
    return due.cause == answer_event(consent) or consent.consent_id in passed_on


def _told(
    own: OwnMember,
    due: RecallDueRow,
    referral: ReferralRow | None,
    entry: TimelineRow | None,
    said: list[Handoff],
) -> Told:
    start = due.due_at if entry is None else entry.happened_at
    answer = None if entry is None else _answer(due, said)
    body = None if answer is None else answer.body
    acknowledged = body if isinstance(body, RecallAcknowledgement) else None
    return Told(
        member="" if referral is None else referral.peer,
        referral_id=due.referral_id,
        categories=tuple(due.categories),
        state=_state(entry, acknowledged, "" if referral is None else referral.state),
        due_at=_due(own, start),
        told_at=None if entry is None else entry.happened_at,
        acknowledged_at=None if answer is None else answer.happened_at,
        deleted=() if acknowledged is None else acknowledged.deleted,
        kept=() if acknowledged is None else acknowledged.kept,
    )


def _answer(due: RecallDueRow, said: list[Handoff]) -> Handoff | None:
    """The acknowledgement of this recall: they come in the order of the recalls."""
    recalls = [each for each in said if each.step is Step.RECALL]
    answers = [each for each in said if each.step is Step.RECALL_ACKNOWLEDGEMENT]
    at = [each.event_id for each in recalls].index(due.recall_event)
    return answers[at] if at < len(answers) else None


def _due(own: OwnMember, start: datetime) -> datetime:
    deadlines = own.adopted.policy.deadlines
    return deadlines.due("recall_acknowledged", start, priority=Priority.NORMAL)


def _state(
    entry: TimelineRow | None,
    acknowledged: RecallAcknowledgement | None,
    referral_state: str,
) -> ToldState:
    if acknowledged is not None:
        return ToldState.ACKNOWLEDGED
    if entry is None:
        ended = referral_state in ENDED_UNOPENED
        return ToldState.UNNEEDED if ended else ToldState.OWED
    if entry.outbox_state == "refused":
        return ToldState.REFUSED
    return ToldState.RECEIVED if entry.receipt_index is not None else ToldState.SENT


#: Ends of an offer in which nothing was opened and no recall is lawful any more.
ENDED_UNOPENED = {"declined", "expired", "revoked", "misrouted", "rerouted", "void"}
