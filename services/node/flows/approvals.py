"""Two officers: one asks, the other answers, and an act rests on her yes.

Asking and answering are events of the case with leaves of their own, so that an
auditor sees that two people acted. What is to be done is sealed under the key of
the case; beside it stands a salted digest, with which the act is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.approvals import (
    ApprovalAnswer,
    ApprovalKind,
    ApprovedAct,
    check_answer,
    check_names_nobody,
    expiry,
    kind_of,
    unknown,
)
from services.node.domain.bodies_return import Minutes
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Step
from services.node.domain.leading import check_leads, check_somebody_leads
from services.node.domain.override import OverrideAsked, check_asked
from services.node.domain.people import Officer, Role
from services.node.domain.referrals import ReferralType
from services.node.domain.second_person import Sending
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.flows.case_keeping import done_before
from services.node.flows.case_standing import case_now
from services.node.flows.closing import check_closable
from services.node.flows.footing import (
    CASE_SCOPE,
    case_named,
    data_key,
    referral_footing,
)
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.make_offer import would_send
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled
from services.node.flows.resting import (
    ANSWER_TABLE,
    APPROVAL_TABLE,
    approval_of,
    digest_of,
)
from services.node.flows.rules_gate import check_digits
from services.node.flows.said import required, said_for_rules
from services.node.flows.sending import exactly
from services.node.flows.vault import DataKey
from services.node.sealing.envelope import new_salt
from services.node.store import approvals as approval_store
from services.node.store import cases as case_store
from services.node.store import officers as officer_store
from services.node.store.approvals import (
    AnswerRow,
    ApprovalRow,
    insert_approval,
    insert_approval_answer,
)
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow
from services.node.wire.approvals import ApprovalAnswered, encode_answered, encode_asked


@dataclass(frozen=True, slots=True)
class AskApproval:
    """The act of asking; its result is the instant at which the approval expires.

    What could not be done anyway is refused now: nobody is asked to approve it.
    """

    own: OwnMember
    officer: Officer
    approval_id: bytes
    case_pseudonym: str
    act: ApprovedAct
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises what the act itself would raise, and InvalidInputError."""
        own, at = self.own, self.moment.case
        case = await case_named(connection, self.case_pseudonym)
        inside = InsideAct.APPROVAL_ASKED
        done = await done_before(connection, self.approval_id, case, inside)
        if done is not None:
            known = await approval_store.approval_by_id(connection, self.approval_id)
            return Settled(done.subject, None if known is None else known.expires_at)
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        await self._check(connection, case, key)
        act = self.act
        if isinstance(act, Sending):
            act = await exactly(own, connection, case.case_id, act)
        salt, content = new_salt(), encode_asked(act)
        nonce, sealed = key.seal(APPROVAL_TABLE, self.approval_id, salt + content)
        row = ApprovalRow(
            approval_id=self.approval_id,
            kind=kind_of(self.act).value,
            case_id=case.case_id,
            pseudonym=case.pseudonym,
            digest=digest_of(salt, self.approval_id, content),
            asked_by=self.officer.pseudonym,
            asked_unit=self.officer.unit,
            asked_at=at,
            expires_at=expiry(own.adopted.policy.deadlines, at),
            nonce=nonce,
            sealed=sealed,
        )
        recorded = Recorded(self.approval_id, self.officer.actor(), inside, content, at)
        writes = (insert_approval(row),)
        return plan_inside(
            own, case, key, recorded, writes, guard=True, result=row.expires_at
        )

    async def _check(self, connection: Connection, case: CaseRow, key: DataKey) -> None:
        policy, at = self.own.adopted.policy, self.moment.case
        if isinstance(self.act, OverrideAsked):
            check_asked(self.act, at, policy.deadlines)
            self.own.adopted.directory.active_member(self.act.recipient)
            return
        if isinstance(self.act, Sending):
            would = would_send(
                self.own, self.officer, case.pseudonym, self.act, self.moment
            )
            await would.check(connection)
            return
        if isinstance(self.act, ArrivalAsked):
            await self._check_awaited(connection, case, self.act)
            return
        check_names_nobody(self.act)
        check_somebody_leads(await _officers(connection), self.officer.pseudonym)
        now = await case_now(connection, case, key)
        functions = self.own.functions_of(self.own.name)
        policy.case_steps.next(now.standing, CaseAct.CLOSE, functions, day_of(at))
        await check_closable(self.own, connection, case, now, self.act, at)

    async def _check_awaited(
        self, connection: Connection, case: CaseRow, act: ArrivalAsked
    ) -> None:
        """Raise unless this member may record the arrival now, in this case."""
        own, at = self.own, self.moment.case
        footing = await referral_footing(own, connection, act.referral_id)
        if footing is None or footing.referral.case_id != case.case_id:
            raise NotFoundError(
                "referral.unknown",
                "No referral of this member has that id.",
                remedy="Look at the list of referrals again.",
            )
        referral = footing.referral
        own.adopted.policy.steps.next(
            ReferralType(referral.referral_type),
            Step.ARRIVAL,
            Side(referral.side),
            State(referral.state),
            day_of(at),
            arrived=False,
        )
        if act.handover_code:
            # Now, and not after the second officer's yes: who typed it stands there.
            said = await said_for_rules(own, connection, act.referral_id)
            minutes = required(said, Step.MINUTES).handoff.body
            shown = minutes.handover_code if isinstance(minutes, Minutes) else ""
            check_digits(shown, act.handover_code)


@dataclass(frozen=True, slots=True)
class AnswerApproval:
    """The act of answering, by the second officer."""

    own: OwnMember
    officer: Officer
    event_id: bytes
    approval_id: bytes
    answer: ApprovalAnswer
    reason: str
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises what ``check_answer`` and ``check_leads`` raise; NotFoundError."""
        row = await approval_store.approval_by_id(connection, self.approval_id)
        case = (
            None
            if row is None
            else await case_store.case_by_id(connection, row.case_id)
        )
        if row is None or case is None:
            raise unknown()
        inside, at = InsideAct.APPROVAL_ANSWERED, self.moment.case
        done = await done_before(connection, self.event_id, case, inside)
        if done is not None:
            return done
        approval = approval_of(row)
        closes_others = approval.asked_by != self.officer.pseudonym
        if approval.kind is ApprovalKind.CLOSURE and closes_others:
            officers = await _officers(connection)
            check_leads(self.officer, officers, approval.asked_by)
        check_answer(approval, self.officer, self.answer, self.reason, at)
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        reason = self.reason.encode()
        answer = AnswerRow(
            self.approval_id,
            self.event_id,
            self.answer.value,
            self.officer.pseudonym,
            at,
            *key.seal(ANSWER_TABLE, self.approval_id, reason),
        )
        answered = ApprovalAnswered(
            self.approval_id, row.digest, self.answer.value, self.reason
        )
        content = encode_answered(answered)
        recorded = Recorded(self.event_id, self.officer.actor(), inside, content, at)
        writes = (insert_approval_answer(answer),)
        return plan_inside(self.own, case, key, recorded, writes, guard=True)


async def _officers(connection: Connection) -> list[Officer]:
    """Everybody who is entered at this member, active or not."""
    rows = await officer_store.list_officers(connection)
    return [
        Officer(row.pseudonym, Role(row.role), row.unit, row.active) for row in rows
    ]
