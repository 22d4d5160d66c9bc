"""The post: what goes to a member by letter, because neither side can be dialled.

Promises: what was deposited waits on as *relayed* until the recipient's own receipt
comes, also by letter; a letter may be lost, come twice or be late, and nothing is
lost, doubled or out of order by it. A letter shows this ledger's growth from every
head that the reader may know by then, because others may be under way to it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from services.node.domain.errors import (
    RelaisError,
    UnavailableError,
    VerificationError,
)
from services.node.flows.batch import root_at
from services.node.flows.deliver import Load, let_go, load_for
from services.node.flows.evidence import evidence_for
from services.node.flows.exchange import Answer, DeliveryAnswer, Growth, KnownHead
from services.node.flows.growth import (
    GROWTH_MISSING,
    accept_growth,
    known_head,
    own_growth,
)
from services.node.flows.letters import Bundle, Letter, seal_letter
from services.node.flows.mailbox import Deposited
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.published import Published
from services.node.ledger.evidence import verify_evidence
from services.node.store import exchange as exchange_store
from services.node.store import mailbox as mailbox_store
from services.node.store.exchange import PutOff
from services.node.store.mailbox import RelayedProof
from services.node.store.pool import Connection
from services.node.store.rows import HeadRow, LeasedRow
from services.node.wire.leaves import Outcome, decode_pers, encode_evidence

#: Why an envelope waits whose letter lies in a mailbox.
RELAYED = "relayed"
#: After so long without a receipt it goes again, in a new letter.
_AGAIN = timedelta(days=7)
#: Newest heads under way from which a letter leads on.
_NEWEST = 8
_TRIES = 3
_MINISTRY = "ministry"


class Boxes(Protocol):
    """How a mailbox is asked."""

    async def deposit(self, box: str, seen: KnownHead, bundle: Bundle) -> Deposited:
        """Leave a letter; raises RelaisError."""
        ...

    async def collect(self, box: str, acknowledged: Sequence[bytes]) -> list[Bundle]:
        """The next letters for this member; raises RelaisError."""
        ...


class Post:
    """Writes letters; one at a time to each member."""

    def __init__(
        self, own: OwnMember, published: Published, boxes: Boxes, clocks: Clocks
    ) -> None:
        self._own = own
        self._published = published
        self._boxes = boxes
        self._clocks = clocks
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_by_letter(self, member: str) -> bool:
        """Whether neither this member nor the other one can be dialled."""
        directory = self._own.adopted.directory
        there = directory.active_member(member).peers_address
        return not (there or directory.member(self._own.name).peers_address)

    def box(self) -> str:
        """The mailbox, which is the ministry's; raises UnavailableError."""
        members = self._own.adopted.directory.members.values()
        for each in sorted(members, key=lambda member: member.name):
            if each.active and each.kind == _MINISTRY and each.peers_address:
                return each.name
        raise UnavailableError(
            "mailbox.none",
            "The directory lists no ministry that can be dialled and keeps letters.",
            remedy="Have the ministry's address listed; what waits goes then.",
        )

    def turn(self, member: str) -> asyncio.Lock:
        """Held by whoever writes to the member or settles what it answered."""
        return self._turns[member]

    async def bring(self, member: str, held: list[LeasedRow]) -> bool:
        """One letter with what is due to the member; False if nothing is.

        ``held`` keeps the leases whose commit or end is in doubt.
        """
        own, now = self._own, self._clocks.now().wire
        async with self.turn(member):
            head = self._published.head
            async with own.database.connection() as connection:
                shown = await self._growths(connection, member, head)
            begun = KnownHead(0, b"", b"")
            load = await load_for(own, head, member, begun, now, held)
            if not load.leased:
                held.clear()
                return False
            letter = Letter(
                own.name, replace(load.delivery, my_growth=shown[0]), None, shown
            )
            try:
                proof = await self._deposit(member, letter, head)
            except RelaisError as error:
                await let_go(own, held, error.code, now)
                raise
            await self._keep(load, proof)
            held.clear()
        return True

    async def answer(
        self, member: str, digests: Sequence[bytes], *, begin_again: bool
    ) -> None:
        """A letter with receipts for what the member's letters brought."""
        own = self._own
        async with self.turn(member):
            head = self._published.head
            async with own.database.connection() as connection:
                shown = await self._growths(connection, member, head)
                evidence = await evidence_for(own, connection, list(digests), head)
                named = await known_head(connection, member)
            receipts = tuple(
                Answer(position, evidence[digest], None)
                for position, digest in enumerate(digests)
            )
            answer = DeliveryAnswer(named, shown[0], receipts)
            letter = Letter(own.name, None, answer, shown, begin_again)
            await self._deposit(member, letter, head)

    async def named(self, member: str, seen: KnownHead) -> None:
        """The member named the newest head of ours that it knows.

        Raises BehindPeerError if this ledger cannot extend it, and
        VerificationError if it was never ours.
        """
        if not seen.size:
            return
        async with self._own.database.transaction() as connection:
            await own_growth(self._own, connection, self._published.head, seen)
            await mailbox_store.keep_letter_head(connection, member, seen.size)
            await mailbox_store.drop_letter_heads(connection, member, seen.size)

    async def _growths(
        self, connection: Connection, member: str, head: HeadRow
    ) -> tuple[Growth, ...]:
        """To ``head`` from every head that the member may know when it reads this."""
        sizes = await mailbox_store.letter_heads(connection, member, _NEWEST)
        known = [
            KnownHead(size, await root_at(connection, size), b"")
            for size in sizes or [0]
            if size <= head.size
        ]
        return tuple(
            [await own_growth(self._own, connection, head, each) for each in known]
        )

    async def _deposit(
        self, member: str, letter: Letter, head: HeadRow
    ) -> RelayedProof:
        """Seal the letter, leave it, and verify the mailbox's proof."""
        own, box = self._own, self.box()
        now = self._clocks.now().wire
        bundle = seal_letter(own.adopted.directory, member, letter, now)
        proof = await self._proved(box, bundle)
        async with own.database.transaction() as connection:
            await mailbox_store.keep_letter_head(connection, member, head.size)
        return proof

    async def _proved(self, box: str, bundle: Bundle) -> RelayedProof:
        own = self._own
        for attempt in range(1, _TRIES + 1):
            async with own.database.connection() as connection:
                seen = await known_head(connection, box)
            deposited = await self._boxes.deposit(box, seen, bundle)
            try:
                checkpoint = await accept_growth(own, box, deposited.my_growth)
            except UnavailableError as error:
                # Something else of the mailbox's member came in between.
                if error.code != GROWTH_MISSING or attempt == _TRIES:
                    raise
                continue
            break
        verify_evidence(deposited.relayed, checkpoint)
        pers = decode_pers(deposited.relayed.pers.value)
        if (pers.outcome, pers.digest) != (Outcome.RELAYED, bundle.digest):
            raise VerificationError(
                "letter.not_relayed",
                "The mailbox's ledger does not say that it keeps this letter.",
                where=box,
            )
        kept = replace(deposited.relayed, checkpoint=deposited.my_growth.checkpoint)
        return RelayedProof(bundle.digest, box, kept.index, encode_evidence(kept))

    async def _keep(self, load: Load, proof: RelayedProof) -> None:
        now = self._clocks.now().wire
        digests = [each.digest for each in load.leased]
        later = [PutOff(each, now + _AGAIN, RELAYED) for each in load.leased]
        async with self._own.database.transaction() as connection:
            await mailbox_store.keep_relayed(connection, digests, proof, now)
            await exchange_store.retry_later(connection, later)
