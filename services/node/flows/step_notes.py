"""What steps said that the timeline of a case tells beside them: read, not judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.bodies import Acceptance, Completion
from services.node.domain.bodies_return import Arrival, Countersignature
from services.node.domain.handoff import Step
from services.node.flows.own import OwnMember
from services.node.flows.said import SaidStep, said_in_each
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection

_TOLD = (Step.ACCEPT, Step.COUNTERSIGNATURE, Step.ARRIVAL, Step.COMPLETION)


@dataclass(frozen=True, slots=True)
class StepNote:
    """One step's: when somebody is expected, a call, who signed, how it ended."""

    event_id: bytes
    referral_id: bytes
    expected_at: datetime | None = None
    expected_zone: str = ""
    giver_known_by: str = ""
    call_function: str = ""
    called_at: datetime | None = None
    person_known_by: str = ""
    signed_by: str = ""
    second_officer: str = ""
    unsigned_reason: str = ""
    by_code: bool = False
    outcome: str = ""
    result: str = ""


async def step_notes(
    own: OwnMember, connection: Connection, case_id: bytes
) -> tuple[StepNote, ...]:
    """Of every referral of a case, in two queries; silent steps are left out."""
    rows = await referral_store.referrals_of_case(connection, case_id)
    asked = [row.referral_id for row in rows]
    if not asked:
        return ()
    said = await said_in_each(own, connection, asked, _TOLD)
    found = (_note(each) for steps in said.values() for each in steps)
    return tuple(each for each in found if each is not None)


def _note(said: SaidStep) -> StepNote | None:
    of = said.handoff.event_id, said.handoff.referral_id
    body = said.handoff.body
    if isinstance(body, Acceptance) and body.expected_at is not None:
        return StepNote(*of, body.expected_at, body.expected_zone)
    if isinstance(body, Completion):
        return StepNote(*of, outcome=body.outcome, result=body.result)
    if isinstance(body, Countersignature) and body.giver_known_by:
        return StepNote(
            *of,
            giver_known_by=body.giver_known_by,
            call_function=body.call_function,
            called_at=body.called_at,
            person_known_by=body.person_known_by,
        )
    if isinstance(body, Arrival) and body.signed_by:
        return StepNote(
            *of,
            signed_by=body.signed_by,
            second_officer=body.second_officer,
            unsigned_reason=body.unsigned_reason,
            by_code=bool(body.handover_code),
        )
    return None
