"""Record what the person answered, and emergency overrides with their review."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.categories import Category
from services.node.domain.consent import check_consent, check_recorded_at
from services.node.domain.consent_codes import ConsentStatus, Purpose
from services.node.domain.errors import NotFoundError
from services.node.domain.override import (
    Override,
    OverrideAsked,
    Verdict,
    check_asked,
    check_override,
    review,
)
from services.node.domain.people import Officer
from services.node.domain.records import ConsentCopy
from services.node.domain.withdrawals import ended_by_answer, ended_by_review
from services.node.flows.consent_clocks import consent_clocks
from services.node.flows.consents import OVERRIDE_TABLE, consents_of, overrides_of
from services.node.flows.disclose import age_in
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled, id_reused
from services.node.flows.recalling import Cause, recalls_owed
from services.node.flows.release import consent_row
from services.node.flows.resting import Resting, approved
from services.node.flows.vault import DataKey
from services.node.keys.encoding import sha256
from services.node.store import events as event_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, OverrideRow
from services.node.store.writes import Write, insert_override, review_override
from services.node.wire.handoffs import encode_consent


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """The act of recording one answer, a refusal too; its consent_id is the event.

    What rested on an answer that this one ends is recalled. A return that rested
    on it ends too, if nothing is left of the wish, however the no was recorded.
    """

    own: OwnMember
    officer: Officer
    case_pseudonym: str
    consent: ConsentCopy
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises InvalidInputError (``consent.invalid`` with every problem)."""
        event_id = answer_event(self.consent)
        case = await case_named(connection, self.case_pseudonym)
        if await recorded_before(connection, event_id, case, ACT_CONSENT):
            return Settled(event_id)
        check_consent(self.consent)
        deadlines = self.own.adopted.policy.deadlines
        check_recorded_at(self.consent, self.moment.case, deadlines)
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        before = await consents_of(connection, case.case_id, key)
        age = await age_in(self.own, connection, case.case_id)
        now = self.moment.case
        recalls = await recalls_owed(
            connection,
            Cause(case.case_id, event_id, now),
            ended_by_answer(self.consent, before, now, age),
            ends_wish=True,
        )
        recorded = Recorded(
            event_id,
            self.officer.actor(),
            InsideAct.CONSENT_RECORDED,
            encode_consent(self.consent),
            self.moment.case,
        )
        row = consent_row(case.case_id, key, self.own.name, self.consent)
        event = (event_id, now)
        clocks = consent_clocks(
            self.own, case.case_id, before, self.consent, age, event
        )
        writes = (row, *recalls, *clocks)
        return plan_inside(self.own, case, key, recorded, writes, guard=True)


def answer_event(consent: ConsentCopy) -> bytes:
    """The event of an answer, named by the answer's own id.

    A withdrawal may bear the id of the answer that it ends: its event has an id
    made of that one.
    """
    if consent.status != ConsentStatus.WITHDRAWN:
        return consent.consent_id
    named = sha256(b"relais/v1/withdrawal" + consent.consent_id)
    return named[: len(consent.consent_id)]


async def recorded_before(
    connection: Connection, event_id: bytes, case: CaseRow, act: str
) -> bool:
    """Whether this very act was done; raises ConflictError if the id is another's."""
    row = await event_store.event_by_id(connection, event_id)
    if row is None:
        return False
    if (row.case_id, row.step) != (case.case_id, act):
        raise id_reused()
    return True


ACT_CONSENT = InsideAct.CONSENT_RECORDED.value


@dataclass(frozen=True, slots=True)
class RecordOverride:
    """The act of overriding; its override_id is the event.

    ``approval_id`` names the approval of exactly this by a second officer.
    """

    own: OwnMember
    first: Officer
    override_id: bytes
    case_pseudonym: str
    asked: OverrideAsked
    approval_id: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises what ``check_override`` and ``approved`` raise."""
        event_id, now = self.override_id, self.moment.case
        if await event_store.is_event_known(connection, event_id):
            return Settled(event_id)
        deadlines = self.own.adopted.policy.deadlines
        check_asked(self.asked, now, deadlines)
        self.own.adopted.directory.active_member(self.asked.recipient)
        case = await case_named(connection, self.case_pseudonym)
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        asker = self.first.pseudonym
        resting = Resting(self.approval_id, event_id, asker, self.asked, now, now)
        second, used = await approved(connection, case, key, resting)
        override = self._override(second)
        check_override(override, self.first, second, deadlines)
        reason = self.asked.reason.encode()
        nonce, sealed = key.seal(OVERRIDE_TABLE, event_id, reason)
        recorded = Recorded(
            event_id,
            self.first.actor(),
            InsideAct.OVERRIDE_RECORDED,
            reason,
            self.moment.case,
        )
        writes = (insert_override(_row(override, case.case_id, nonce, sealed)), used)
        return plan_inside(self.own, case, key, recorded, writes, guard=True)

    def _override(self, second: Officer) -> Override:
        asked = self.asked
        return Override(
            override_id=self.override_id,
            purpose=Purpose(asked.purpose),
            recipient=asked.recipient,
            category=Category(asked.category),
            law=asked.law,
            reason=asked.reason,
            first_officer=self.first.pseudonym,
            second_officer=second.pseudonym,
            recorded_at=self.moment.case,
            review_by=asked.review_by,
        )


@dataclass(frozen=True, slots=True)
class ReviewOverride:
    """The act of reviewing an override."""

    own: OwnMember
    reviewer: Officer
    event_id: bytes
    case_pseudonym: str
    override_id: bytes
    verdict: Verdict
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises what ``review`` raises; NotFoundError."""
        if await event_store.is_event_known(connection, self.event_id):
            return Settled(self.event_id)
        case = await case_named(connection, self.case_pseudonym)
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        overrides = await overrides_of(connection, case.case_id, key)
        found = [each for each in overrides if each.override_id == self.override_id]
        if not found:
            raise NotFoundError(
                "override.unknown",
                "This case has no such override.",
                remedy="Take its number from the list of answers and overrides.",
            )
        reviewed = review(found[0], self.reviewer, self.verdict, self.moment.case)
        recorded = Recorded(
            self.event_id,
            self.reviewer.actor(),
            InsideAct.OVERRIDE_REVIEWED,
            self.verdict.value.encode(),
            self.moment.case,
        )
        writes: tuple[Write, ...] = (
            review_override(
                reviewed.override_id,
                self.moment.case,
                self.reviewer.pseudonym,
                self.verdict.value,
            ),
            *await self._recalls(connection, case, key, reviewed, overrides),
        )
        return plan_inside(self.own, case, key, recorded, writes, guard=True)

    async def _recalls(
        self,
        connection: Connection,
        case: CaseRow,
        key: DataKey,
        reviewed: Override,
        overrides: tuple[Override, ...],
    ) -> tuple[Write, ...]:
        """What went out on an override that is taken back is recalled."""
        if reviewed.verdict is not Verdict.WITHDRAWN:
            return ()
        now = self.moment.case
        consents = await consents_of(connection, case.case_id, key)
        age = await age_in(self.own, connection, case.case_id)
        only_on = frozenset({reviewed.override_id})
        return await recalls_owed(
            connection,
            Cause(case.case_id, self.event_id, now, only_on),
            ended_by_review(reviewed, consents, overrides, now, age),
            ends_wish=False,
        )


def _row(
    override: Override, case_id: bytes, nonce: bytes, sealed: bytes
) -> OverrideRow:
    return OverrideRow(
        override_id=override.override_id,
        case_id=case_id,
        recipient=override.recipient,
        purpose=override.purpose.value,
        category=override.category.value,
        law=override.law,
        first_officer=override.first_officer,
        second_officer=override.second_officer,
        recorded_at=override.recorded_at,
        review_by=override.review_by,
        reviewed_at=None,
        reviewed_by=None,
        review=None,
        nonce=nonce,
        sealed=sealed,
    )
