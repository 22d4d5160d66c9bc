"""How the clock of each member's node goes, by its own answer to a probe.

Promises: half of what the call took is the error; nothing is logged in the ledger. A
member that nobody can dial is not asked: what it sends tells when it was heard from.
Whether each of the two receives anybody new goes along, both ways.
"""

from __future__ import annotations

import asyncio

from relais.exchange.v1 import probe_pb2
from services.node.domain.errors import RelaisError
from services.node.flows.closed_to_new import own_word
from services.node.flows.contacts import Contacts
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.probe import new_probe
from services.node.rpc.closed_words import keep_word, word_to
from services.node.rpc.peer_client import PeerClient
from services.node.wire.mapping import from_millis

_AT_ONCE = 8


class Measuring:
    """Asks members for their clocks and notes what they say."""

    def __init__(
        self, own: OwnMember, peers: PeerClient, contacts: Contacts, clocks: Clocks
    ) -> None:
        self._own = own
        self._peers = peers
        self._contacts = contacts
        self._clocks = clocks

    async def every(self) -> tuple[int, int]:
        """Ask every member that can be dialled; how many, and how many answered."""
        members = [
            name
            for name, member in sorted(self._own.adopted.directory.members.items())
            if member.active and member.peers_address and name != self._own.name
        ]
        some, word = asyncio.Semaphore(_AT_ONCE), await self._word()

        async def ask(member: str) -> bool:
            async with some:
                return await self.one(member, word)

        answered = await asyncio.gather(*(ask(member) for member in members))
        return len(members), sum(answered)

    async def one(self, member: str, word: probe_pb2.ClosedToNew | None = None) -> bool:
        """Ask one member, and tell it ``word``; whether it answered."""
        asked_at = self._clocks.now().wire
        try:
            test = new_probe(self._own, member, asked_at)
            answer = await self._peers.probe(member, test, word)
        except RelaisError:
            return False
        now = self._clocks.now().wire
        # Its clock was read somewhere on the way there and back: at half of it.
        skew = from_millis(answer.now) - (asked_at + (now - asked_at) / 2)
        self._contacts.measured(member, skew, answer.protocol_version, now)
        await keep_word(self._own, member, answer, now)
        return True

    async def _word(self) -> probe_pb2.ClosedToNew | None:
        """What this member says of itself; None while its database is away."""
        try:
            return word_to(await own_word(self._own, self._clocks.now().wire))
        except RelaisError:
            return None
