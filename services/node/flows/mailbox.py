"""The mailbox: letters kept for members that nobody can dial.

Promises: whoever deposits gets the proof that the letter is kept, and the same proof
again for the same letter; whoever collects gets letters in the order of their
deposit, again and again until it says that it has dealt with them; what nobody
collected in time goes. All of it stands in the ledger.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
)
from services.node.flows.evidence import evidence_for
from services.node.flows.exchange import Growth, KnownHead
from services.node.flows.growth import own_growth
from services.node.flows.keep_letter import EndLetter, KeepLetter, Quota, addressed
from services.node.flows.letters import Bundle
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.published import Published
from services.node.ledger.evidence import Evidence
from services.node.store import mailbox as mailbox_store
from services.node.wire.leaves import Outcome

#: Letters that are handed out at once, and bytes beyond the first.
_AT_ONCE = 8
_ROOM = 2_000_000
#: Letters that are acknowledged at once.
_MOST_ACKNOWLEDGED = 64
_DIGEST_BYTES = 32
_SWEPT_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Deposited:
    """The mailbox's proof that it keeps a letter; no receipt."""

    my_growth: Growth
    relayed: Evidence


class Mailbox:
    """What depositors and collectors ask of this member."""

    def __init__(
        self,
        own: OwnMember,
        published: Published,
        submit: Submit,
        clocks: Clocks,
        quota: Quota,
    ) -> None:
        self._own = own
        self._published = published
        self._submit = submit
        self._clocks = clocks
        self._quota = quota
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def deposit(self, sender: str, seen: KnownHead, bundle: Bundle) -> Deposited:
        """Keep a letter; raises RelaisError if it is not kept."""
        own, digest, moment = self._own, bundle.digest, self._clocks.now()
        label = addressed(own, bundle, moment.wire)
        async with own.database.connection() as connection:
            await own_growth(own, connection, self._published.head, seen)
        # One after the other: letters that come at once would all find the same room.
        async with self._turn[label.recipient]:
            await self._submit(
                KeepLetter(own, sender, bundle, label, self._quota, moment)
            )
        head = self._published.head
        async with own.database.connection() as connection:
            growth = await own_growth(own, connection, head, seen)
            evidence = await evidence_for(own, connection, [digest], head)
        return Deposited(growth, evidence[digest])

    async def collect(
        self, member: str, acknowledged: tuple[bytes, ...]
    ) -> list[Bundle]:
        """The next letters for a member, when it has dealt with those named."""
        if len(acknowledged) > _MOST_ACKNOWLEDGED or any(
            len(each) != _DIGEST_BYTES for each in acknowledged
        ):
            raise InvalidInputError(
                "letter.bad_digest",
                f"At most {_MOST_ACKNOWLEDGED} letters are acknowledged at once, each"
                f" by {_DIGEST_BYTES} bytes.",
                where="acknowledged",
                remedy="Name the letters as they came.",
            )
        async with self._turn[member]:
            for digest in dict.fromkeys(acknowledged):
                await self._end(member, digest, Outcome.COLLECTED)
            return await self._next(member)

    async def sweep(self) -> int:
        """Let go of what nobody collected in time; how many letters."""
        moment = self._clocks.now()
        before = moment.wire - timedelta(days=self._quota.days)
        async with self._own.database.connection() as connection:
            gone = await mailbox_store.expired(connection, before, _SWEPT_AT_ONCE)
        for each in gone:
            async with self._turn[each.recipient]:
                await self._end(each.recipient, each.digest, Outcome.EXPIRED)
        return len(gone)

    async def _end(self, member: str, digest: bytes, outcome: Outcome) -> None:
        try:
            await self._submit(
                EndLetter(self._own, member, digest, outcome, self._clocks.now())
            )
        except NotFoundError:
            # It went before, or it was another's: nothing is said about that.
            return

    async def _next(self, member: str) -> list[Bundle]:
        async with self._own.database.connection() as connection:
            rows = await mailbox_store.letters_for(connection, member, _AT_ONCE)
        letters: list[Bundle] = []
        room = _ROOM
        for row in rows:
            bundle = Bundle(row.label, row.sealed)
            room -= len(bundle)
            if letters and room < 0:
                break
            letters.append(bundle)
        return letters
