"""Acts inside the member: events without an envelope, with a leaf like any other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.node.domain.handoff import Actor
from services.node.flows.leaves import day_of, new_leaf
from services.node.flows.own import OwnMember
from services.node.flows.plan import Plan
from services.node.flows.timers import act_clocks
from services.node.flows.vault import DataKey
from services.node.sealing.envelope import new_salt, payload_hash
from services.node.store.events import NewEvent
from services.node.store.ledger import NewLeaf
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.writes import Write, update_case
from services.node.wire.leaves import Meta, Outcome, Pers


class InsideAct(StrEnum):
    """What a member does within itself, as its leaf's meta names it."""

    CASE_OPENED = "case_opened"
    RECORD_ADDED = "record_added"
    ATTACHMENT_ADDED = "attachment_added"
    CONSENT_RECORDED = "consent_recorded"
    OVERRIDE_RECORDED = "override_recorded"
    OVERRIDE_REVIEWED = "override_reviewed"
    APPROVAL_ASKED = "approval_asked"
    # Whether it was a yes is sealed.
    APPROVAL_ANSWERED = "approval_answered"
    FOLLOW_UP_RECORDED = "follow_up_recorded"
    STEP_REFUSED = "step_refused"
    CLOCK_RANG = "clock_rang"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    # Which act it was is sealed: a status decision is about the person.
    CASE_STEP = "case_step"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    MINOR_RECORDED = "minor_recorded"
    PLAN_RECORDED = "plan_recorded"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act inside the member: ``content`` is sealed under the case key."""

    event_id: bytes
    actor: Actor
    act: InsideAct
    content: bytes
    at: datetime


def plan_inside(
    own: OwnMember,
    case: CaseRow,
    key: DataKey,
    recorded: Recorded,
    writes: tuple[Write, ...],
    *,
    guard: bool,
    result: object = None,
) -> Plan:
    """One event and leaf; ``guard`` makes it compete for the next case_seq.

    The clocks of the case that the act starts or meets go with it.
    """
    clocks = act_clocks(own, case, recorded.act.value, recorded.event_id, recorded.at)
    writes = (*writes, *clocks)
    if guard:
        writes = (*writes, update_case(replace(case, case_seq=case.case_seq + 1)))
    event, leaf = _logged(own, key, recorded, "")
    case_seq = case.case_seq + 1 if guard else None
    event = replace(event, case_id=case.case_id, case_seq=case_seq)
    return Plan(event, leaf, writes, result)


def plan_in_referral(
    own: OwnMember,
    referral: ReferralRow,
    key: DataKey,
    recorded: Recorded,
    writes: tuple[Write, ...],
) -> Plan:
    """The same in a referral: it takes the number that ``referral`` has after it."""
    event, leaf = _logged(own, key, recorded, referral.peer)
    event = replace(
        event,
        referral_id=referral.referral_id,
        referral_no=referral.referral_no,
        case_id=referral.case_id,
    )
    return Plan(event, leaf, writes)


def _logged(
    own: OwnMember, key: DataKey, recorded: Recorded, counterparty: str
) -> tuple[NewEvent, NewLeaf]:
    """The event, in no case or referral yet, and its leaf."""
    salt = new_salt()
    pers = Pers(
        Outcome.RECORDED, "", b"", payload_hash(salt, recorded.content), bytes(16)
    )
    meta = Meta(
        recorded.act.value,
        recorded.actor.role,
        counterparty,
        day_of(recorded.at),
        own.policy_version,
    )
    leaf = new_leaf(
        own.audit_key, key, recorded.event_id, meta, pers, recorded.event_id
    )
    nonce, sealed = key.seal("event", recorded.event_id, salt + recorded.content)
    event = NewEvent(
        event_id=recorded.event_id,
        referral_id=None,
        referral_no=None,
        case_id=None,
        case_seq=None,
        author=own.name,
        author_seq=None,
        step=recorded.act.value,
        actor=recorded.actor.pseudonym,
        actor_role=recorded.actor.role,
        actor_unit=recorded.actor.unit,
        happened_at=recorded.at,
        recorded_at=recorded.at,
        policy_version=own.policy_version,
        subject=recorded.event_id,
        data_key_id=key.key_id or b"",
        nonce=nonce,
        sealed=sealed,
    )
    return event, leaf
