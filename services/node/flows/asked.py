"""What an act was asked for: the same id with another request is no repetition.

Promises: an act that comes again as it was asked (a lost answer, a form sent twice)
is answered as it was the first time; the same id with another request, another
operation or another officer is refused and changes nothing. What was asked for is
kept as a digest, sealed under the at-rest epoch and written with the act itself, for
``KEPT``. After that the id is still known, and a repetition still changes nothing.
Source: draft-ietf-httpapi-idempotency-key-header, section 2.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import timedelta

from services.node.flows.own import OwnMember
from services.node.flows.plan import Act, Decision, Settled, id_reused
from services.node.keys.encoding import lp, sha256
from services.node.store import asked as asked_store
from services.node.store.pool import Connection

KEPT = timedelta(days=30)
"""How long an act that is repeated is compared with what was asked first."""


def asked_digest(method: str, officer: str, request: bytes) -> bytes:
    """What names one request: operation, officer, and its bytes (32 bytes)."""
    return sha256(lp("relais/v1/asked", method, officer) + request)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """An act with what it was asked for; its result is the act's."""

    own: OwnMember
    act: Act
    digest: bytes = field(repr=False)

    async def decide(self, connection: Connection) -> Decision:
        """Raises InvalidInputError ``act.id_reused``, and what the act raises."""
        decision = await self.act.decide(connection)
        epoch = self.own.vault.epoch
        if isinstance(decision, Settled):
            asked = await asked_store.asked_for(connection, decision.subject)
            # A digest of an earlier epoch cannot be read any more.
            if asked is not None and asked.epoch == epoch.number:
                first = epoch.unwrap(asked.sealed)
                if not hmac.compare_digest(first, self.digest):
                    raise id_reused()
            return decision
        kept = asked_store.insert_asked(
            decision.leaf.subject, epoch.number, epoch.wrap(self.digest)
        )
        return replace(decision, writes=(*decision.writes, kept))
