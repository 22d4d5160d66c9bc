"""Stories told at the desks of all members at once, as gateways would tell them.

Every act has its event id before it is tried and is asked for again, with the same
id and the same words, as long as the node is away or busy. What a node confirmed is
written down: the checker looks for each of these acts in the ledgers afterwards. A
refusal ends a story: acts cross, clocks jump, and then a later step is not lawful.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import grpc

from relais.desk.v1 import case_pb2, consent_pb2
from relais.envelope.v1 import body_pb2
from services.node.rpc.errors import from_rpc_error
from tests.chaos.plan import Tale
from tests.chaos.world import World
from tests.fault.desks import ACCEPT, Desk, consent_copy
from tests.fault.journey import Story

T = TypeVar("T")
_PAUSE = 0.05
_ENDED = (
    "in_service",
    "declined",
    "void",
    "recalled",
    "revoked",
    "expired",
    "withdrawn",
    "done",
    "ended_by_recall",
)
_RECEPTION = ("reception", "reception_shelter")


class TaleEndedError(Exception):
    """The story cannot go on: a node refused an act, with this code."""


@dataclass
class Told:
    """What was done so far."""

    confirmed: list[tuple[str, bytes]] = field(default_factory=list)
    """Member and event id of every act that a node confirmed."""
    ended: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    asked_again: Counter[str] = field(default_factory=Counter)
    under_way: dict[int, str] = field(default_factory=dict)


class Teller:
    """Tells one story."""

    def __init__(self, world: World, desks: dict[str, Desk], told: Told) -> None:
        self._world, self._desks, self._told = world, desks, told
        self._chance = random.Random(0)

    async def tell(self, tale: Tale) -> None:
        """From its beginning to where it ends."""
        self._chance = random.Random(tale.seed)
        ways: dict[str, Callable[[Tale], Awaitable[None]]] = {
            "received": self._received,
            "asked": self._asked,
            "declined": self._declined,
            "recalled": self._recalled,
            "withdrawn": self._withdrawn,
            "passed on": self._passed_on,
            "traced": self._traced,
            "escalated": self._escalated,
            "returned": self._returned,
        }
        try:
            await ways[tale.name](tale)
        except TaleEndedError as error:
            self._told.refused[f"{tale.name}: {error}"] += 1
        self._told.ended[tale.name] += 1

    # -- the stories ------------------------------------------------------------

    async def _received(self, tale: Tale) -> None:
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, _RECEPTION[1])
        referral = await self._offer(giver, receiver, case, _RECEPTION[0])
        await self._answer(receiver, referral, **ACCEPT)
        await self._see(giver, referral, *_ENDED)
        await self._see(receiver, referral, *_ENDED)

    async def _asked(self, tale: Tale) -> None:
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, _RECEPTION[1])
        referral = await self._offer(giver, receiver, case, _RECEPTION[0])
        question = body_pb2.Question(text="Which language?", language="en")
        await self._answer(receiver, referral, question=question)
        await self._see(giver, referral, "asked", "expired")
        reply = body_pb2.Reply(text="Vietnamese.", language="en")
        await self._step(giver, referral, reply=reply)
        await self._see(receiver, referral, "opened", "expired")
        await self._step(receiver, referral, **ACCEPT)
        await self._see(giver, referral, *_ENDED)

    async def _declined(self, tale: Tale) -> None:
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, _RECEPTION[1])
        referral = await self._offer(giver, receiver, case, _RECEPTION[0])
        no = body_pb2.Decline(reason="no_capacity")
        await self._answer(receiver, referral, decline=no)
        await self._see(giver, referral, *_ENDED)

    async def _recalled(self, tale: Tale) -> None:
        """The recall races the acceptance: one of the two holds, at both ends."""
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, _RECEPTION[1])
        referral = await self._offer(giver, receiver, case, _RECEPTION[0])
        yes, back = self._id(), self._id()
        recall = body_pb2.Recall(reason="other")
        acts = (
            self._answer(receiver, referral, yes, **ACCEPT),
            self._step(giver, referral, back, recall=recall),
        )
        for each in await asyncio.gather(*acts, return_exceptions=True):
            if isinstance(each, BaseException) and not isinstance(each, TaleEndedError):
                raise each
        await self._see(giver, referral, *_ENDED)

    async def _withdrawn(self, tale: Tale) -> None:
        """She says no while her identity may be on its way."""
        giver, receiver = self._both(tale)
        case, consent = await self._case(giver, receiver, _RECEPTION[1])
        referral = await self._offer(giver, receiver, case, _RECEPTION[0])
        no = consent_pb2.WithdrawConsentRequest(
            officer=giver.officer,
            event_id=self._id(),
            case_pseudonym=case,
            consent_id=consent,
            method="written",
        )
        if self._chance.random() < 0.5:
            await self._answer(receiver, referral, **ACCEPT)
        await self._ask(
            giver,
            no.event_id,
            lambda: giver.consents.WithdrawConsent(no, wait_for_ready=True, timeout=30),
        )
        await self._see(receiver, referral, *_ENDED)

    async def _passed_on(self, tale: Tale) -> None:
        """Received, and from there received again by a third member."""
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, _RECEPTION[1])
        referral = await self._offer(giver, receiver, case, _RECEPTION[0])
        await self._answer(receiver, referral, **ACCEPT)
        here = (await self._see(receiver, referral, *_ENDED)).case_pseudonym
        third = self._desks[tale.next_receiver]
        await self._agree(receiver, third, here, _RECEPTION[1])
        onward = await self._offer(receiver, third, here, _RECEPTION[0])
        await self._answer(third, onward, **ACCEPT)
        await self._see(receiver, onward, *_ENDED)
        await self._see(third, onward, *_ENDED)

    async def _traced(self, tale: Tale) -> None:
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, "family_tracing")
        referral = await self._offer(giver, receiver, case, "family_tracing")
        await self._answer(receiver, referral, **ACCEPT)
        await self._see(receiver, referral, *_ENDED)

    async def _escalated(self, tale: Tale) -> None:
        giver, receiver = self._both(tale)
        case, _ = await self._case(giver, receiver, "emergency_protection")
        referral = await self._offer(giver, receiver, case, "escalation", ())
        await self._answer(receiver, referral, **ACCEPT)
        await self._see(giver, referral, *_ENDED)

    async def _returned(self, tale: Tale) -> None:
        """A return with all its fourteen steps, to the countersigned minutes."""
        giver, receiver = self._both(tale)
        story = Story(self._world, "voluntary_return", giver, receiver)
        story.case, _ = await self._case(giver, receiver, "voluntary_return")
        story.event_ids = {move.name: self._id() for move in story.moves}
        for move in story.moves:
            author, _ = story.ends(move)
            if not move.by_node:
                act = partial(story.act, move)
                await self._ask(author, story.event_ids[move.name], act)
            for desk in (giver, receiver):
                ends = (*move.states, *_ENDED[1:])
                seen = await self._see(desk, story.referral_id, *ends)
            if seen.state in _ENDED[1:]:
                return

    # -- the acts ---------------------------------------------------------------

    async def _case(
        self, giver: Desk, receiver: Desk, purpose: str
    ) -> tuple[str, bytes]:
        """A new case with the person's yes; its pseudonym and the consent's id."""
        event_id = self._id()
        case: str = await self._ask(giver, event_id, lambda: giver.open_case(event_id))
        return case, await self._agree(giver, receiver, case, purpose)

    async def _agree(
        self, giver: Desk, receiver: Desk, case: str, purpose: str
    ) -> bytes:
        now = await self._insist(giver.case_now)
        copy = consent_copy(purpose, receiver.name, now, self._id())
        request = consent_pb2.RecordConsentRequest(
            officer=giver.officer, case_pseudonym=case, consent=copy
        )
        record = giver.consents.RecordConsent
        await self._ask(
            giver,
            copy.consent_id,
            lambda: record(request, wait_for_ready=True, timeout=30),
        )
        return copy.consent_id

    async def _offer(
        self,
        giver: Desk,
        receiver: Desk,
        case: str,
        referral_type: str,
        categories: tuple[str, ...] = ("D1", "D2"),
    ) -> bytes:
        event_id = self._id()
        made: bytes = await self._ask(
            giver,
            event_id,
            lambda: giver.offer(
                case, receiver.name, referral_type, event_id, categories
            ),
        )
        return made

    async def _answer(
        self, desk: Desk, referral: bytes, event_id: bytes = b"", **body: Any
    ) -> None:
        """Once the offer is there."""
        event_id = event_id or self._id()
        await self._see(desk, referral, "offered", *_ENDED)
        await self._step(desk, referral, event_id, **body)

    async def _step(
        self, desk: Desk, referral: bytes, event_id: bytes = b"", **body: Any
    ) -> None:
        event_id = event_id or self._id()
        await self._ask(desk, event_id, lambda: desk.step(referral, event_id, **body))

    async def _see(
        self, desk: Desk, referral: bytes, *states: str
    ) -> case_pb2.ReferralSummary:
        """Wait for one of the states; as long as it takes."""
        found: case_pb2.ReferralSummary = await self._insist(
            lambda: desk.see(referral, *states)
        )
        return found

    async def _ask(
        self, desk: Desk, event_id: bytes, call: Callable[[], Awaitable[T]]
    ) -> T:
        answer = await self._insist(call)
        self._told.confirmed.append((desk.name, bytes(event_id)))
        return answer

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Ask again as long as the node is away or busy."""
        while True:
            try:
                return await call()
            except grpc.aio.AioRpcError as error:
                found = from_rpc_error(error)
                # Not there yet is no refusal: what was sent may still be on its way.
                waits = found.transient or found.code in _NOT_YET
                if not waits:
                    raise TaleEndedError(found.code) from None
                self._told.asked_again[found.code] += 1
                await asyncio.sleep(_PAUSE)

    def _id(self) -> bytes:
        return self._chance.randbytes(16)

    def _both(self, tale: Tale) -> tuple[Desk, Desk]:
        return self._desks[tale.giver], self._desks[tale.receiver]


_NOT_YET = frozenset({"referral.unknown", "store.busy"})
