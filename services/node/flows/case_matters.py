"""What a case says of needs and services, and of people and safety: reads only.

Each view opens the categories of its own matter and no other, and costs the same
few queries however many referrals a case has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.node.domain.bodies import (
    Acceptance,
    CannotKeep,
    Completion,
    Decline,
    Offer,
    ReturnToSender,
)
from services.node.domain.bodies_return import (
    Appointment,
    Minutes,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
)
from services.node.domain.case_matters import (
    NEEDS,
    PEOPLE,
    SAFETY,
    categories_of,
    part_of,
)
from services.node.domain.handoff import Step
from services.node.domain.minors import Minor
from services.node.domain.plans import ReintegrationPlan
from services.node.domain.records import Answer
from services.node.flows.case_keeping import minors_in, plan_in
from services.node.flows.case_standing import open_standing
from services.node.flows.disclose import open_record
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.own import OwnMember
from services.node.flows.said import SaidStep, last_of, said_in_each
from services.node.flows.views import ReferralView, views_of
from services.node.store import case_states as state_store
from services.node.store import cases as case_store
from services.node.store import events as event_store
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow

_ASKED = (
    *(Step.OFFER, Step.ACCEPT, Step.DECLINE, Step.RETURN_TO_SENDER),
    *(Step.CANNOT_KEEP, Step.COMPLETION),
)
_ASSESSED = (Step.RISK_ASSESSMENT, Step.RISK_COUNTERSIGNATURE)
_TRAVELLED = (Step.RETURN_PLAN, Step.APPOINTMENT, Step.MINUTES)


@dataclass(frozen=True, slots=True)
class KnownPart:
    """What one category says of a matter, and who wrote that version when."""

    category: str
    answers: tuple[Answer, ...]
    number: int
    recorded_at: datetime
    recorded_by: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceAsked:
    """One referral as a service that somebody was asked for; None: not said yet."""

    referral: ReferralView
    offer: Offer | None
    acceptance: Acceptance | None
    answered_at: datetime | None
    reason: str
    completed_at: datetime | None
    completion: Completion | None


@dataclass(frozen=True, slots=True)
class ServicesView:
    """Needs, and every service that was asked of whom."""

    needs: tuple[KnownPart, ...]
    services: tuple[ServiceAsked, ...]
    plan: ReintegrationPlan | None


@dataclass(frozen=True, slots=True)
class RiskAssessed:
    """One assessment; ``basis`` is case, assessment or countersignature."""

    basis: str
    level: str
    decision: str
    assessed_at: datetime
    valid_until: datetime | None
    member: str
    officer: str
    role: str
    referral_id: bytes


@dataclass(frozen=True, slots=True)
class Safeguard:
    """To what one referral binds its receiver, and with whom she travels."""

    referral_id: bytes
    peer: str
    constraints: tuple[str, ...]
    escort: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyView:
    """Who stands around the person, and what keeps them safe."""

    people: tuple[KnownPart, ...]
    safety: tuple[KnownPart, ...]
    minors: tuple[Minor, ...]
    risks: tuple[RiskAssessed, ...]
    safeguards: tuple[Safeguard, ...]


async def services_view(
    own: OwnMember, pseudonym: str, on: date, *, with_plan: bool
) -> ServicesView:
    """Needs and services; ``with_plan`` opens the plan too. Raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        (needs,) = await _known(own, connection, case.case_id, NEEDS)
        rows = await referral_store.referrals_of_case(connection, case.case_id)
        views = await views_of(own, connection, rows, on)
        said = await _said(own, connection, rows, _ASKED)
        plan = None
        if with_plan:
            plan, _ = await plan_in(own, connection, case.case_id)
    services = (_service(each, said[each.referral.referral_id]) for each in views)
    return ServicesView(needs, tuple(services), plan)


async def safety_view(own: OwnMember, pseudonym: str) -> SafetyView:
    """People and safety; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        people, safety = await _known(own, connection, case.case_id, PEOPLE, SAFETY)
        rows = await referral_store.referrals_of_case(connection, case.case_id)
        steps = (Step.OFFER, *_ASSESSED, *_TRAVELLED)
        said = await _said(own, connection, rows, steps)
        minors = await minors_in(own, connection, case.case_id)
        risks = await _risks_of_case(own, connection, case.case_id)
    joint = [
        _joint_risk(each)
        for steps in said.values()
        for each in steps
        if each.handoff.step in _ASSESSED
    ]
    risks = sorted([*risks, *joint], key=lambda each: each.assessed_at, reverse=True)
    guards = (_safeguard(row, said[row.referral_id]) for row in rows)
    return SafetyView(
        people,
        safety,
        minors,
        tuple(risks),
        tuple(each for each in guards if each.constraints or each.escort),
    )


async def _known(
    own: OwnMember,
    connection: Connection,
    case_id: bytes,
    *matters: Collection[str],
) -> list[tuple[KnownPart, ...]]:
    """What the newest versions say of each matter; no other category is opened."""
    wanted = {one for matter in matters for one in categories_of(matter)}
    rows = await case_store.newest_records(connection, case_id)
    opened = [
        (row, open_record(own, row))
        for row in rows
        if row.category in wanted and not row.follow_up
    ]
    return [
        tuple(
            KnownPart(
                row.category,
                found,
                row.number,
                row.recorded_at,
                row.recorded_by,
                row.source,
            )
            for row, record in opened
            if (found := part_of(record, matter))
        )
        for matter in matters
    ]


async def _said(
    own: OwnMember,
    connection: Connection,
    rows: Sequence[ReferralRow],
    steps: Sequence[Step],
) -> dict[bytes, list[SaidStep]]:
    asked = [row.referral_id for row in rows]
    return await said_in_each(own, connection, asked, steps)


def _service(view: ReferralView, said: list[SaidStep]) -> ServiceAsked:
    offer = last_of(said, Step.OFFER)
    accepted, ended = last_of(said, Step.ACCEPT), last_of(said, Step.COMPLETION)
    refused = _newest(said, (Step.DECLINE, Step.RETURN_TO_SENDER, Step.CANNOT_KEEP))
    answered = accepted or refused
    body = None if offer is None else offer.handoff.body
    given = None if accepted is None else accepted.handoff.body
    why = None if refused is None else refused.handoff.body
    outcome = None if ended is None else ended.handoff.body
    return ServiceAsked(
        view,
        body if isinstance(body, Offer) else None,
        given if isinstance(given, Acceptance) else None,
        None if answered is None else answered.handoff.happened_at,
        why.reason if isinstance(why, Decline | ReturnToSender | CannotKeep) else "",
        None if ended is None else ended.handoff.happened_at,
        outcome if isinstance(outcome, Completion) else None,
    )


def _safeguard(row: ReferralRow, said: list[SaidStep]) -> Safeguard:
    offer, travelled = last_of(said, Step.OFFER), _newest(said, _TRAVELLED)
    body = None if offer is None else offer.handoff.body
    way = None if travelled is None else travelled.handoff.body
    return Safeguard(
        row.referral_id,
        row.peer,
        body.constraints if isinstance(body, Offer) else (),
        way.escort if isinstance(way, ReturnPlan | Appointment | Minutes) else (),
    )


def _newest(said: Sequence[SaidStep], steps: Collection[Step]) -> SaidStep | None:
    """The newest of several kinds of step, or None."""
    found: Iterable[SaidStep] = (
        each for each in reversed(said) if each.handoff.step in steps
    )
    return next(iter(found), None)


def _joint_risk(said: SaidStep) -> RiskAssessed:
    handoff, body = said.handoff, said.handoff.body
    own_word = body if isinstance(body, RiskAssessment) else None
    decision = ""
    if isinstance(body, RiskAssessment | RiskCountersignature):
        decision = body.decision
    return RiskAssessed(
        "countersignature" if own_word is None else "assessment",
        "" if own_word is None else own_word.residual,
        decision,
        handoff.happened_at,
        None if own_word is None else own_word.valid_until,
        handoff.from_,
        handoff.actor.pseudonym,
        handoff.actor.role,
        handoff.referral_id,
    )


async def _risks_of_case(
    own: OwnMember, connection: Connection, case_id: bytes
) -> list[RiskAssessed]:
    """Each risk that an act in the case said, with whoever took the act."""
    key = await data_key(own, connection, case_id, CASE_SCOPE)
    rows = await state_store.case_states_of(connection, case_id)
    levels = {
        row.event_id: (row.happened_at, level)
        for row in rows
        if (level := open_standing(row, key).details.risk_level)
    }
    if not levels:
        return []
    acted = await event_store.actors_of(connection, list(levels))
    return [
        RiskAssessed(
            "case",
            level,
            "",
            at,
            None,
            acted[event].author,
            acted[event].actor,
            acted[event].actor_role,
            b"",
        )
        for event, (at, level) in levels.items()
        if event in acted
    ]
