"""A return offer of the hostile liaison that the province accepted.

With one sealed part, which its release opens, and records of the wish to return.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from relais.envelope.v1 import body_pb2
from services.node.domain.bodies import PartBasis, PartKey, Release
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.handoff import MovesOn, Part
from services.node.domain.identifiers import new_id
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy
from services.node.sealing.parts import SealedPart, seal_part
from services.node.wire.handoffs import encode_record
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import CASE_NOW, Talk, offer

LAO_CAI = "lao-cai"
ACCEPTED = body_pb2.Acceptance()


def a_wish(**changes):
    """A good record of the wish to return."""
    usual = ConsentCopy(
        consent_id=new_id(),
        purpose="voluntary_return",
        recipient=LAO_CAI,
        categories=("D1",),
        status="given",
        subject="self",
        method="oral_witnessed",
        language="vi",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=CASE_NOW,
        valid_until=CASE_NOW + timedelta(days=90),
        witness="y-2",
    )
    return replace(usual, **changes)


def sealed_part(envelope_id: bytes, category: str = "D1", said: str = "") -> SealedPart:
    """A part that says nothing about anybody."""
    record = CategoryRecord(said or category, (Answer("prs_Gender", ("1",)),))
    return seal_part(envelope_id, "p1", category, encode_record(record))


def as_part(sealed: SealedPart, category: str = "D1", part_id: str = "p1") -> Part:
    """The part as the offer carries it."""
    return Part(
        part_id,
        category,
        sealed.part_commit,
        sealed.ciphertext_hash,
        sealed.length,
        sealed.ciphertext,
    )


class Accepted:
    """A return offer with one sealed part, accepted by the province."""

    def __init__(self, attack: Attack, said: str = "") -> None:
        self.talk = Talk(attack.peer, LAO_CAI, MovesOn.MINUTES)
        self.envelope_id = new_id()
        self.part = sealed_part(self.envelope_id, said=said)
        said_first = self.talk.handoff(
            offer("voluntary_return"), parts=(as_part(self.part),)
        )
        self.talk.seq += 1
        sealed = attack.peer.seal(LAO_CAI, said_first, envelope_id=self.envelope_id)
        attack.received(attack.peer.post(sealed))
        attack.victim.step(self.talk.referral_id, acceptance=ACCEPTED)

    def release(self, *keys: PartKey, **changes) -> Release:
        """The release of the part; ``changes`` spoil it."""
        keys = keys or (PartKey("p1", self.part.part_key),)
        wish = a_wish()
        bases = (PartBasis("D1", "consent", wish.consent_id),)
        good = Release(self.envelope_id, keys, (wish,), bases)
        return replace(good, **changes)
