"""The giver's node answers an acceptance by itself: release, or void.

Acceptance is provisional. Recall, expiry, withdrawn consent and a second
acceptance race with it; this node's ledger decides by its next case_seq
(protocol.md §3). Which referrals wait for an answer stands in the database, so
a node that was killed in between answers when it is back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.bodies import PartBasis, PartKey, Release, Voiding
from services.node.domain.disclosure import Basis
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import MovesOn, Step
from services.node.domain.identifiers import new_id
from services.node.domain.override import Verdict
from services.node.domain.people import NODE_ACTOR
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.domain.responsibility import Answerability
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.flows.compose import Said
from services.node.flows.consents import consents_of
from services.node.flows.disclose import bases_for
from services.node.flows.enclose import served_from_now
from services.node.flows.footing import Footing, referral_footing
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled
from services.node.flows.said import required, said_for_rules
from services.node.flows.take_step import plan_step
from services.node.store import events as event_store
from services.node.store import exchange as exchange_store
from services.node.store import recalls as recall_store
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection
from services.node.store.recalls import (
    DisclosureRow,
    insert_consent_copy,
    insert_disclosure,
)
from services.node.store.rows import PartKeyRow
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class AnswerAcceptance:
    """The node's own act; its result is a Taken, or None if it was answered."""

    own: OwnMember
    referral_id: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Release if everything that the offer rested on still holds."""
        own = self.own
        footing = await referral_footing(own, connection, self.referral_id)
        if footing is None or footing.case is None:
            raise NotFoundError(
                "referral.unknown",
                "No such referral stands here.",
                remedy="Look at the list of referrals again.",
            )
        rows = await event_store.events_of_referral(connection, self.referral_id)
        answered = [row for row in rows if row.step in {Step.RELEASE, Step.VOID}]
        # Accepted again after a release: the release was refused and taken back.
        again = footing.referral.state == State.ACCEPTED and not any(
            row.step == Step.VOID for row in answered
        )
        if answered and not again:
            return Settled(answered[-1].subject)
        offer = required(
            await said_for_rules(own, connection, self.referral_id), Step.OFFER
        )
        envelope_id = await exchange_store.envelope_id_of(connection, offer.digest)
        keys = await exchange_store.part_keys_of(connection, self.referral_id)
        body = (
            Voiding(envelope_id, "release_refused")
            if answered
            else await self._body(connection, footing, envelope_id, keys)
        )
        step = Step.RELEASE if isinstance(body, Release) else Step.VOID
        transition = own.adopted.policy.steps.next(
            ReferralType(footing.referral.referral_type),
            step,
            Side.GIVER,
            State(footing.referral.state),
            day_of(self.moment.case),
            arrived=False,
        )
        said = Said(new_id(), NODE_ACTOR, step, body, self.moment.case)
        plan = plan_step(own, footing, said, transition, self.moment)
        if isinstance(body, Release):
            went_out = self._went_out(footing, body)
            served = await served_from_now(own, connection, offer.handoff, body)
            plan = replace(plan, writes=(*plan.writes, *went_out, *served))
        return plan

    def _went_out(self, footing: Footing, release: Release) -> list[Write]:
        """What is disclosed by this release, on what, with copies of which answers."""
        referral = footing.referral
        case_id = referral.case_id or b""
        purpose = PURPOSE_OF[ReferralType(referral.referral_type)].value
        copies = [
            insert_consent_copy(referral.referral_id, case_id, each.consent_id)
            for each in release.consents
        ]
        return copies + [
            insert_disclosure(
                DisclosureRow(
                    referral.referral_id,
                    case_id,
                    referral.peer,
                    purpose,
                    basis.category,
                    basis.kind,
                    basis.basis_id,
                    self.moment.case,
                )
            )
            for basis in release.bases
        ]

    async def _body(
        self,
        connection: Connection,
        footing: Footing,
        envelope_id: bytes,
        keys: list[PartKeyRow],
    ) -> Release | Voiding:
        reason = await self._why_not(connection, footing)
        if reason is not None or footing.case is None:
            return Voiding(envelope_id, reason or "case_closed")
        referral = footing.referral
        try:
            bases = await bases_for(
                self.own,
                connection,
                footing.case,
                footing.key,
                referral.peer,
                ReferralType(referral.referral_type),
                [key.category for key in keys],
                self.moment.case,
            )
        except NotLawfulError:
            return Voiding(envelope_id, "basis_ended")
        return await self._release(connection, footing, envelope_id, keys, bases)

    async def _why_not(self, connection: Connection, footing: Footing) -> str | None:
        """Why the acceptance cannot hold, as a code; None if it can."""
        referral, case = footing.referral, footing.case
        if referral.state != State.ACCEPTED:
            return referral.state
        if case is None:
            return "case_closed"
        if referral.moves_on != MovesOn.NEVER and (
            case.answerable != Answerability.ANSWERABLE
            or await referral_store.minutes_outstanding(
                connection, case.case_id, referral.referral_id
            )
        ):
            return "accepted_elsewhere"
        if await recall_store.is_recall_due(connection, referral.referral_id):
            return "basis_ended"
        return None

    async def _release(
        self,
        connection: Connection,
        footing: Footing,
        envelope_id: bytes,
        keys: list[PartKeyRow],
        bases: tuple[Basis, ...],
    ) -> Release:
        """Part keys with their bases, and the answers that its receiver must know.

        Every answer to this receiver for this purpose travels, a no like a yes: by
        them the receiver's node checks what it got.
        """
        own, referral = self.own, footing.referral
        opened = []
        for row in keys:
            key = own.vault.open_key(None, row.epoch, row.wrapped)
            table = f"part_key_{row.part_id}"
            raw = key.open(table, row.envelope_id, row.nonce, row.sealed)
            opened.append(PartKey(row.part_id, raw))
        consents = await consents_of(connection, referral.case_id or b"", footing.key)
        travelling = _TRAVEL.get(ReferralType(referral.referral_type), ())
        purpose = PURPOSE_OF[ReferralType(referral.referral_type)]
        return Release(
            envelope_id,
            tuple(opened),
            tuple(
                each
                for each in consents
                if each.purpose in travelling
                or (each.purpose, each.recipient) == (purpose, referral.peer)
            ),
            tuple(_travelling(each) for each in bases),
        )


def _travelling(basis: Basis) -> PartBasis:
    override = basis.override
    return PartBasis(
        basis.category.value,
        basis.kind.value,
        basis.basis_id,
        basis.law,
        None if override is None else override.review_by,
        override is not None and override.verdict is Verdict.CONFIRMED,
    )


#: Purposes, besides the referral's own, whose answers the receiver must know.
_TRAVEL = {
    ReferralType.VOLUNTARY_RETURN: (
        "border_handover",
        "contact_family",
        "feedback_to_host_country",
    ),
}
