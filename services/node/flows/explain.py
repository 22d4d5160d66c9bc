"""Which row decided what in a case: read, replayed and asked again; nothing changes.

Every event is judged by the policy version that stands in it and by its day, from
the directory that this node adopted, whatever files lie beside it. The state that a
step met is the one this member held, with what was refused left out, as
``flows/refused`` does; a clock is told as it runs at this end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.node.directory.policies import adopted_tables
from services.node.domain.bodies import Offer
from services.node.domain.errors import InvalidInputError
from services.node.domain.escalations import End
from services.node.domain.handoff import Handoff
from services.node.domain.policy import Policy, parse_policy
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.rulings import (
    ClockAsked,
    Ruling,
    StepAsked,
    rulings_on,
    rulings_on_clock,
)
from services.node.domain.steps import Side, State, TakenStep
from services.node.domain.tables import day_of
from services.node.flows.footing import case_named
from services.node.flows.own import OwnMember
from services.node.flows.refused import STANDS
from services.node.flows.said import said_in
from services.node.store import directory as directory_store
from services.node.store import events as event_store
from services.node.store import referrals as referral_store
from services.node.store import timers as timer_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow, TimelineRow
from services.node.store.timers import TimerRow


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """One handoff, or an act inside this member, with the rows that decided.

    ``recipient`` is empty and ``referral_id`` None for an act inside. ``ruled_by``
    is the version that was asked: the one that stands in the event, or the one in
    force where the directory never adopted that.
    """

    event_id: bytes
    referral_id: bytes | None
    author: str
    recipient: str
    step: str
    happened_at: datetime
    policy_version: str
    ruled_by: str
    rulings: tuple[Ruling, ...]


async def explain_case(own: OwnMember, pseudonym: str) -> list[ExplainedEvent]:
    """Every handoff of a case and every act that started a clock, as they happened.

    Raises ``NotFoundError("case.unknown")``.
    """
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        policies = _Policies(own)
        clocks: dict[bytes, list[TimerRow]] = {}
        for timer in await timer_store.timers_of_case(connection, case.case_id):
            clocks.setdefault(timer.started_by, []).append(timer)
        found = []
        for row in await referral_store.referrals_of_case(connection, case.case_id):
            found += await _handoffs(own, connection, row, policies, clocks)
        told = {each.event_id for each in found}
        for event in await event_store.timeline(connection, case.case_id):
            if event.event_id in clocks and event.event_id not in told:
                timers = clocks[event.event_id]
                found.append(await _act(connection, event, policies, timers))
    # A stable sort: what happened at once stays in the order of its referral.
    return sorted(found, key=lambda each: each.happened_at)


async def _handoffs(
    own: OwnMember,
    connection: Connection,
    referral: ReferralRow,
    policies: _Policies,
    clocks: Mapping[bytes, Sequence[TimerRow]],
) -> list[ExplainedEvent]:
    said = await said_in(own, connection, referral.referral_id)
    steps = await event_store.steps_of_referral(connection, referral.referral_id)
    own_side = Side(referral.side)
    other_side = Side.GIVER if own_side is Side.RECEIVER else Side.RECEIVER
    taken: list[TakenStep] = []
    found = []
    for each, row in zip(said, steps, strict=True):
        handoff = each.handoff
        side = own_side if handoff.from_ == own.name else other_side
        policy = await policies.of(connection, handoff.policy_version)
        timers = clocks.get(handoff.event_id, ())
        asked = replace(
            _asked(own, handoff, referral, side),
            state=policy.steps.replay(ReferralType(referral.referral_type), taken),
            due=frozenset(timer.deadline for timer in timers),
        )
        found.append(
            ExplainedEvent(
                handoff.event_id,
                handoff.referral_id,
                handoff.from_,
                handoff.to,
                handoff.step.value,
                handoff.happened_at,
                handoff.policy_version,
                policy.version,
                (*rulings_on(policy, asked), *_rung(policy, timers, own_side)),
            )
        )
        if not row.refused or (own_side is Side.GIVER and row.step in STANDS):
            taken.append(TakenStep(handoff.step, side, day_of(handoff.happened_at)))
    return found


async def _act(
    connection: Connection,
    event: TimelineRow,
    policies: _Policies,
    timers: Sequence[TimerRow],
) -> ExplainedEvent:
    policy = await policies.of(connection, event.policy_version)
    return ExplainedEvent(
        event.event_id,
        event.referral_id,
        event.author,
        "",
        event.step,
        event.happened_at,
        event.policy_version,
        policy.version,
        _rung(policy, timers, event.side),
    )


def _rung(
    policy: Policy, timers: Sequence[TimerRow], side: str | None
) -> tuple[Ruling, ...]:
    return tuple(
        ruling
        for timer in timers
        for ruling in rulings_on_clock(
            policy,
            ClockAsked(
                timer.deadline,
                Priority(timer.priority),
                End(side) if timer.referral_id and side else End.OWN,
                timer.due_at,
            ),
            day_of(timer.started_at),
        )
    )


def _asked(
    own: OwnMember, handoff: Handoff, referral: ReferralRow, side: Side
) -> StepAsked:
    giver, receiver = own.name, referral.peer
    if referral.side == Side.RECEIVER:
        giver, receiver = receiver, giver
    body = handoff.body
    priority = body.priority if isinstance(body, Offer) else referral.priority
    return StepAsked(
        referral_type=ReferralType(referral.referral_type),
        priority=Priority(priority),
        step=handoff.step,
        author=side,
        state=State.NONE,
        at=handoff.happened_at,
        arrived=handoff.from_ != own.name,
        giver=own.functions_of(giver),
        receiver=own.functions_of(receiver),
        categories=tuple(dict.fromkeys(part.category for part in handoff.parts)),
        body=body,
    )


@dataclass(slots=True)
class _Policies:
    """The versions met in a case, each read once."""

    own: OwnMember
    known: dict[str, Policy] = field(default_factory=dict)

    async def of(self, connection: Connection, version: str) -> Policy:
        """The policy of that version, or the one in force if it is not known."""
        in_force = self.own.adopted.policy
        if version == in_force.version:
            return in_force
        if version not in self.known:
            tables = await self._tables(connection, version)
            self.known[version] = _parsed(version, tables) or in_force
        return self.known[version]

    async def _tables(
        self, connection: Connection, version: str
    ) -> Mapping[str, bytes] | None:
        directory = self.own.adopted.directory
        if version not in directory.policy_versions:
            return None
        leaves = await directory_store.directory_leaves(connection)
        return adopted_tables(directory, leaves[: directory.size], version)


def _parsed(version: str, tables: Mapping[str, bytes] | None) -> Policy | None:
    """None too for tables that this version of the node cannot read any more."""
    try:
        return parse_policy(version, tables) if tables is not None else None
    except InvalidInputError:
        return None
