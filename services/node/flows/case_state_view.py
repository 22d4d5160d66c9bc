"""What an officer sees of what a case is in: read and derived, nothing decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.node.domain.agebands import MINOR_BANDS
from services.node.domain.best_interests import Concern, Decider, concern_of
from services.node.domain.case_details import regime_of
from services.node.domain.case_matters import SAFE_CONTACT, answer_to
from services.node.domain.case_states import LegalRegime, Minority, PersonStatus
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.casesheet_profile import MinimalProfile, minimal_profile
from services.node.domain.consent import agreed_until
from services.node.domain.entitlements import (
    Claimant,
    Entitlement,
    EntitlementTable,
    claimant_of,
)
from services.node.domain.follow_ups import FollowUp, PlannedFollowUp, schedule
from services.node.domain.minors import Minor, claimant_of_minor
from services.node.domain.plans import ReintegrationPlan
from services.node.domain.records import Answer
from services.node.domain.tables import day_of
from services.node.flows.case_contact import follow_ups_of
from services.node.flows.case_keeping import minors_in, plan_in
from services.node.flows.case_standing import (
    CaseNow,
    case_now,
    open_standing,
    placed_at,
)
from services.node.flows.consents import consents_of
from services.node.flows.disclose import age_in, records_of
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.step_notes import StepNote, step_notes
from services.node.store import case_states as state_store
from services.node.store import events as event_store
from services.node.wire.standings import StandingRecord


@dataclass(frozen=True, slots=True)
class CaseStateView:
    """What a case is in, was in, and may become; what the law grants the person."""

    now: CaseNow
    person_status: PersonStatus
    is_minor: Minority
    legal_regime: LegalRegime
    risk_level: str
    open_acts: tuple[CaseAct, ...]
    history: tuple[StandingRecord, ...]
    entitlements: tuple[Entitlement, ...]
    minors: tuple[MinorView, ...]
    last_index: int
    profile: MinimalProfile
    """Age band, sex and languages as known now; never the identity."""
    agreed_until: datetime | None
    """When the first *yes* ends that stands now; None if there is none."""
    concern: Concern | None
    """For whom it is decided what is best; None where the person decides."""
    deciders: tuple[Decider, ...]
    notes: tuple[StepNote, ...]
    """What steps said that the timeline tells beside them."""
    safe_contact: Answer | None
    """How the person is reached safely; None if nobody wrote it down."""


@dataclass(frozen=True, slots=True)
class MinorView:
    """A minor who came along, and what the law grants them."""

    minor: Minor
    entitlements: tuple[Entitlement, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan, and the follow-ups that are planned and that were."""

    plan: ReintegrationPlan | None
    planned: tuple[PlannedFollowUp, ...]
    done: tuple[FollowUp, ...]
    version: int
    """Of the plan, at this node; 0 if there is none."""


async def case_state_view(
    own: OwnMember, pseudonym: str, moment: Moment
) -> CaseStateView:
    """Everything about what a case is in; raises NotFoundError."""
    functions, on = own.functions_of(own.name), day_of(moment.case)
    policy = own.adopted.policy
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        # First of all, as in views.py.
        last_index = await event_store.newest_in_case(connection, case.case_id)
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        now = await case_now(connection, case, key)
        rows = await state_store.case_states_of(connection, case.case_id)
        records = await records_of(own, connection, case.case_id)
        minors = await minors_in(own, connection, case.case_id)
        answers = await consents_of(connection, case.case_id, key)
        age = await age_in(own, connection, case.case_id)
        notes = await step_notes(own, connection, case.case_id)
    history = tuple(open_standing(row, key) for row in rows)
    profile = minimal_profile(records.values(), on)
    status = now.standing.person_status
    claimant = claimant_of(status, profile.citizenship, functions)
    table = policy.entitlements
    concern = concern_of(age, answers, moment.case)
    deciders = policy.best_interests.deciders(concern, on)
    levels = [each.details.risk_level for each in history if each.details.risk_level]
    return CaseStateView(
        now=now,
        person_status=status,
        is_minor=now.standing.is_minor(known=_known_minor(profile)),
        legal_regime=regime_of(case.opened_at),
        risk_level=levels[-1] if levels else "",
        open_acts=policy.case_steps.open_acts(now.standing, functions, on),
        history=history,
        entitlements=_granted(table, claimant, on),
        minors=tuple(
            MinorView(each, _granted(table, claimant_of_minor(each, claimant), on))
            for each in minors
        ),
        last_index=last_index,
        profile=profile,
        agreed_until=agreed_until(answers, moment.case, age),
        concern=concern if deciders else None,
        deciders=deciders,
        notes=notes,
        safe_contact=answer_to(records.values(), SAFE_CONTACT),
    )


async def plan_view(own: OwnMember, pseudonym: str) -> PlanView:
    """The plan of a case and its follow-ups; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        rows = await state_store.case_states_of(connection, case.case_id)
        plan, version = await plan_in(own, connection, case.case_id)
        done = await follow_ups_of(own, connection, case.case_id)
    begun = placed_at(tuple(open_standing(row, key) for row in rows))
    deadlines = own.adopted.policy.deadlines
    planned = () if begun is None else schedule(deadlines, begun)
    return PlanView(plan, planned, done, version)


def _granted(
    table: EntitlementTable, claimant: Claimant | None, on: date
) -> tuple[Entitlement, ...]:
    return () if claimant is None else table.all_of(claimant, on)


def _known_minor(profile: MinimalProfile) -> bool | None:
    return profile.age_band in MINOR_BANDS if profile.age_band else None
