"""Offers and releases of a hostile sender that try one cell of the matrix each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from services.node.domain.bodies import PartBasis, PartKey, Release
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.handoff import MovesOn, Part
from services.node.domain.identifiers import new_id
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy
from services.node.domain.referrals import (
    PURPOSE_OF,
    SHARES,
    TRANSFERS,
    ReferralType,
)
from services.node.flows.exchange import Answer as Answered
from services.node.sealing.parts import seal_part
from services.node.wire.handoffs import encode_record
from tests.network.hostile.hostile_peer import (
    HostilePeer,
    Sealed,
    Talk,
    offer,
)


class Try:
    """One offer whose parts hold one field each, and its release.

    ``fields`` are category and field; whoever made them knows what should happen.
    """

    def __init__(
        self,
        peer: HostilePeer,
        victim: str,
        referral_type: str,
        fields: Mapping[str, str],
    ) -> None:
        self.fields = dict(fields)
        self.kind = ReferralType(referral_type)
        self.talk = Talk(peer, victim, _moves_on(self.kind))
        self.envelope_id = new_id()
        self.sealed = {
            code: seal_part(
                self.envelope_id,
                f"p-{code}",
                code,
                encode_record(CategoryRecord(code, (Answer(field, ("x",)),))),
            )
            for code, field in fields.items()
        }

    def offer(self) -> Sealed:
        """The offer with its parts."""
        parts = tuple(
            Part(
                f"p-{code}",
                code,
                each.part_commit,
                each.ciphertext_hash,
                each.length,
                each.ciphertext,
            )
            for code, each in self.sealed.items()
        )
        said = self.talk.handoff(offer(self.kind), parts=parts)
        self.talk.seq += 1
        return self.talk.peer.seal(self.talk.victim, said, envelope_id=self.envelope_id)

    def release(self, status: str = "given", kind: str = "consent") -> Sealed:
        """The release of every part on one answer of the person."""
        now = self.talk.peer.case_now
        answer = ConsentCopy(
            consent_id=new_id(),
            purpose=PURPOSE_OF[self.kind],
            recipient=self.talk.victim,
            categories=tuple(self.sealed) or ("D1",),
            status=status,
            subject="self",
            method="oral_witnessed",
            witness="o-2",
            language="vi",
            interpreter="",
            informed_points=INFORMED_POINTS,
            given_at=now,
            valid_until=now + timedelta(days=30),
        )
        keys = [
            PartKey(f"p-{code}", each.part_key) for code, each in self.sealed.items()
        ]
        bases = [PartBasis(code, kind, answer.consent_id) for code in self.sealed]
        return self.talk.seal(
            Release(self.envelope_id, tuple(keys), (answer,), tuple(bases))
        )


def deliver_all(
    peer: HostilePeer, victim: str, envelopes: Iterable[Sealed]
) -> Sequence[Answered]:
    """Log and deliver all of them in one batch; the answers in their order."""
    logged = [(each, peer.log(each)) for each in envelopes]
    return peer.deliver(victim, *(peer.consign(*each) for each in logged)).answers


def _moves_on(kind: ReferralType) -> MovesOn:
    if kind in TRANSFERS:
        return MovesOn.RELEASE
    return MovesOn.NEVER if kind in SHARES else MovesOn.MINUTES
