"""What was said in a referral: stored payloads, opened with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Handoff, Step
from services.node.domain.step_words import STEP_WORDS
from services.node.flows.own import OwnMember
from services.node.sealing.envelope import SALT_LENGTH
from services.node.store import events as event_store
from services.node.store.pool import Connection
from services.node.store.rows import EventRow
from services.node.wire.handoffs import decode_payload

_AGREED = [
    step.value
    for step in (
        Step.OFFER,
        Step.RELEASE,
        Step.RECALL,
        Step.RISK_ASSESSMENT,
        Step.RISK_COUNTERSIGNATURE,
        Step.TRAVEL_DOCUMENT,
        Step.RETURN_PLAN,
        Step.PLAN_CONFIRMATION,
        Step.RECONSENT,
        Step.APPOINTMENT,
        Step.GATE_ARRIVAL,
        Step.MINUTES,
    )
]
_RECALLS = 8


@dataclass(frozen=True, slots=True)
class SaidStep:
    """One step with its payload; ``digest`` is that of its envelope."""

    handoff: Handoff
    digest: bytes


async def said_in(
    own: OwnMember, connection: Connection, referral_id: bytes
) -> list[SaidStep]:
    """Every step of a referral in the order in which it was applied here."""
    rows = await event_store.events_of_referral(connection, referral_id)
    return [SaidStep(open_event(own, row), row.subject) for row in rows]


async def said_in_each(
    own: OwnMember,
    connection: Connection,
    referral_ids: Sequence[bytes],
    steps: Sequence[Step],
) -> dict[bytes, list[SaidStep]]:
    """These steps of several referrals, in one query; none is an empty list."""
    found: dict[bytes, list[SaidStep]] = {each: [] for each in referral_ids}
    rows = await event_store.events_of_referrals(
        connection, list(found), [step.value for step in steps]
    )
    for row in rows:
        if row.referral_id is not None:
            said = SaidStep(open_event(own, row), row.subject)
            found[row.referral_id].append(said)
    return found


async def said_for_rules(
    own: OwnMember, connection: Connection, referral_id: bytes
) -> list[SaidStep]:
    """The newest of each step that a later one must agree with, and a few recalls.

    However long a referral is, an arrival costs the same.
    """
    rows = await event_store.newest_of_steps(connection, referral_id, _AGREED, _RECALLS)
    return [SaidStep(open_event(own, row), row.subject) for row in rows]


def open_event(own: OwnMember, row: EventRow) -> Handoff:
    """The payload of a stored handoff, as carried."""
    return decode_payload(open_salted(own, row)[SALT_LENGTH:])


def open_salted(own: OwnMember, row: EventRow) -> bytes:
    """Salt and payload of a stored event."""
    key = own.vault.open_key(row.data_key_id, row.epoch, row.wrapped)
    return key.open("event", row.event_id, row.nonce, row.sealed)


def last_of(steps: Sequence[SaidStep], step: Step) -> SaidStep | None:
    """The newest step of this kind, or None."""
    return next((each for each in reversed(steps) if each.handoff.step is step), None)


def required(steps: Sequence[SaidStep], step: Step) -> SaidStep:
    """The newest step of this kind; raises NotFoundError if it was never said."""
    found = last_of(steps, step)
    if found is None:
        raise NotFoundError(
            "referral.step_missing",
            f"Nobody has recorded {STEP_WORDS[step]} in this referral yet.",
            remedy="Read the referral again: another step comes first.",
        )
    return found
