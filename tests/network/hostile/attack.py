"""An attack: what a hostile member sends, and what must have come of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.handoff import MovesOn
from services.node.flows.exchange import Answer, Consignment
from services.node.ledger.checkpoint import verify_checkpoint
from services.node.ledger.evidence import verify_evidence
from services.node.wire.leaves import Outcome, Pers, decode_pers
from tests.network.hostile.hostile_peer import HostilePeer, Talk
from tests.network.hostile.victim import Victim


@dataclass(frozen=True, slots=True)
class Attack:
    """What a hostile member does to a victim, and what must have come of it."""

    peer: HostilePeer
    victim: Victim

    def received(self, consignment: Consignment) -> Pers:
        """It is received: one leaf more, and a receipt that proves it."""
        size = self.victim.size()
        answer = self.answer(consignment)
        assert answer.refusal is None, answer.refusal
        assert self.victim.size() == size + 1
        return self.proven(answer)

    def refused(
        self, consignment: Consignment, code: str, *, logged: bool, again: bool = False
    ) -> None:
        """It is refused by this code, and changed nothing; a good one goes through.

        ``logged``: for good, with a leaf and a receipt; ``again``: for now only.
        """
        size, stored = self.victim.size(), self.victim.stored()
        answer = self.answer(consignment)
        assert answer.refusal is not None
        assert answer.refusal.code == code, answer.refusal
        assert answer.refusal.transient is again
        assert self.victim.size() == size + logged
        assert self.victim.stored() == stored
        if logged:
            assert self.proven(answer) == replace(
                self.proven(answer), outcome=Outcome.REFUSED, code=code
            )
        else:
            assert answer.receipt is None
        self.good_one_goes_through()

    def answer(self, consignment: Consignment) -> Answer:
        """Deliver one; its answer, whose receipt is checked by ``proven``."""
        delivered = self.peer.deliver(self.victim.name, consignment)
        (answer,) = delivered.answers
        if answer.receipt is None:
            return answer
        note = delivered.my_growth.checkpoint
        return replace(answer, receipt=replace(answer.receipt, checkpoint=note))

    def proven(self, answer: Answer) -> Pers:
        """What the victim's own ledger says about it."""
        assert answer.receipt is not None
        name, directory = self.victim.name, self.peer.directory
        keys = directory.ledger_keys_at(name, directory.size)
        origin = f"{directory.network}/{name}"
        verify_evidence(
            answer.receipt, verify_checkpoint(answer.receipt.checkpoint, origin, keys)
        )
        return decode_pers(answer.receipt.pers.value)

    def good_one_goes_through(self) -> None:
        """A valid envelope of the same member is received."""
        between = (self.peer.name, self.victim.name)
        moves_on, referral_type = (
            (MovesOn.RELEASE, "reintegration")
            if between == ("yen-bai", "lao-cai")
            else (MovesOn.NEVER, "tracing")
        )
        talk = Talk(self.peer, self.victim.name, moves_on)
        assert self.received(talk.offer(referral_type)).outcome is Outcome.RECEIVED
