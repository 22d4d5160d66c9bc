"""How a story is told and played: who acts, what is asked, what goes to whom.

Promises short sentences for what officers do again and again: open a case, ask
the person, offer, accept, decline, complete. Every one acts through the desk of
the member concerned and waits for what the other end has to see, never for time
to pass. What happened is kept in the Journey, by names of the story.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime

from services.cli.demo.answers import answer
from services.cli.demo.asked import write_down
from services.cli.demo.cast import Cast, cast_of
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Acting, Stage
from services.node.domain.bodies import Completion, Decline, Offer
from services.node.domain.case_details import NO_DETAILS, CaseDetails
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Body
from services.node.domain.records import CategoryRecord
from services.node.rpc.case_values import CaseStateRead, CaseStepTaken
from services.node.rpc.clock_values import ClockRead

_NODE_SECONDS = 30
"""How long a node may take to do by itself what is due."""
_LOOK_AGAIN = 0.05


@dataclass(slots=True)
class Telling:
    """One story on its way."""

    stage: Stage
    journey: Journey
    others: list[Telling] = field(default_factory=list)
    """The ways of other people in the same story."""

    def of_somebody_else(self) -> Telling:
        """The way of one more person, on the same stage."""
        number = self.cast.seed + 1000 * (len(self.others) + 1)
        other = Telling(self.stage, Journey(cast_of(number)))
        self.others.append(other)
        return other

    @property
    def cast(self) -> Cast:
        """The invented people of this story."""
        return self.journey.cast

    def chapter(self, title: str) -> None:
        """A new chapter."""
        self.stage.narrator.chapter(title)

    def says(self, text: str) -> None:
        """What happens between people."""
        self.stage.narrator.says(text)

    def does(self, member: str, text: str) -> None:
        """What a member does, in words only."""
        self.stage.narrator.does(member, text)

    async def on(self, day: int, clock: str) -> datetime:
        """Move every case clock to ``clock`` (HH:MM) that many days after the first."""
        return await self.stage.moves_to(day, clock)

    def at(self, member: str, colleague: int = 0) -> Acting:
        """An officer of ``member``."""
        return self.stage.at(member, colleague)

    async def opens(self, member: str, door: str, *records: CategoryRecord) -> str:
        """Open a case: from now on ``member`` answers."""
        who = self.at(member)
        opened = await who.desk.open_case(who.officer, door, records)
        self.journey.cases[member] = opened.case_pseudonym
        self.does(member, f"opens case {opened.case_pseudonym}: it answers now.")
        await who.looks_after(opened.case_pseudonym)
        return opened.case_pseudonym

    async def adds(self, member: str, *records: CategoryRecord) -> None:
        """Write down what ``member`` knows now."""
        await self.at(member).add(self.journey.cases[member], *records)

    async def acts(
        self,
        member: str,
        act: str,
        details: CaseDetails = NO_DETAILS,
        approval_id: bytes = b"",
    ) -> CaseStepTaken:
        """Move the case on within ``member``."""
        who, case = self.at(member), self.journey.cases[member]
        return await who.desk.take_case_step(
            who.officer, case, act, details, approval_id=approval_id
        )

    async def stands(self, member: str) -> CaseStateRead:
        """What the case is in at ``member``, and what the law grants now."""
        who = self.at(member)
        return await who.desk.get_case_state(who.officer, self.journey.cases[member])

    async def refused(self, code: str, doing: Awaitable[object]) -> RelaisError:
        """How the node refused it; raises RuntimeError if not with this code."""
        try:
            await doing
        except RelaisError as error:
            if error.code == code:
                return error
            raise
        message = f"a node did what it has to refuse with {code}"
        raise RuntimeError(message)

    async def asks(self, member: str, *answers: tuple[str, str, str, bool]) -> None:
        """Ask the person: purpose, recipient, categories, yes or no; write it down."""
        records = [
            answer(self.cast, purpose, recipient, categories, yes=yes)
            for purpose, recipient, categories, yes in answers
        ]
        case = self.journey.cases[member]
        await write_down(self.stage, self.at(member), case, *records)

    async def takes_back(self, member: str, purpose: str, *holders: str) -> None:
        """The person ends a yes; wait until each of these holders answered."""
        who, case = self.at(member), self.journey.cases[member]
        found = await who.desk.list_consents(who.officer, case)
        (ended,) = (
            each.consent_id
            for each in found.consents
            if (each.purpose, each.status) == (purpose, "given")
        )
        await who.withdraw(case, ended)
        for holder in holders:
            await who.acknowledged(case, holder)

    async def offers(
        self, name: str, giver: str, recipient: str, offer: Offer, categories: str = ""
    ) -> bytes:
        """Offer; ``name`` is what the referral is called in this story."""
        referral = await self.at(giver).offer(
            self.journey.cases[giver], recipient, offer, *categories.split()
        )
        self.journey.referrals[name] = referral
        await self.at(recipient).sees(referral, "offered")
        return referral

    async def accepts(self, name: str, member: str) -> str:
        """Accept; returns once the giver's node has released."""
        who = self.at(member)
        case = await who.accept(self.journey.referrals[name])
        await who.looks_after(case)
        self.journey.cases[member] = case
        return case

    async def declines(
        self, name: str, member: str, reason: str, giver: str, alternative: str = ""
    ) -> None:
        """Decline with a reason; the giver sees it and stays answerable."""
        referral = self.journey.referrals[name]
        taken = await self.at(member).step(referral, Decline(reason, alternative))
        self.journey.declined[member] = taken.ledger_index
        await self.at(giver).sees(referral, "declined")

    async def takes(
        self, name: str, member: str, body: Body, *, other: str, state: str
    ) -> bytes:
        """Take a step; returns its envelope's digest once ``other`` sees ``state``."""
        referral = self.journey.referrals[name]
        taken = await self.at(member).step(referral, body)
        await self.at(other).sees(referral, state)
        return taken.digest

    async def completes(self, name: str, member: str, other: str, result: str) -> None:
        """The task is done, with its result."""
        done = Completion("successful", result)
        await self.takes(name, member, done, other=other, state="done")

    async def escalated(self, name: str, member: str, to: str) -> bytes:
        """Wait for the escalation that ``member``'s node sends by itself."""
        known = set(self.journey.referrals.values())
        async with asyncio.timeout(_NODE_SECONDS):
            while True:
                case = await self.at(member).case(self.journey.cases[member])
                for each in case.referrals:
                    new = each.referral_id not in known
                    if new and (each.referral_type, each.peer) == ("escalation", to):
                        self.journey.referrals[name] = each.referral_id
                        await self.at(to).sees(each.referral_id, "offered")
                        return each.referral_id
                await asyncio.sleep(_LOOK_AGAIN)

    async def rang(
        self, member: str, name: str, deadline: str, *levels: str
    ) -> ClockRead:
        """Wait until this clock of a referral rang up to these levels."""
        referral, who = self.journey.referrals[name], self.at(member)
        async with asyncio.timeout(_NODE_SECONDS):
            while True:
                read = await who.desk.list_clocks(
                    who.officer, self.journey.cases[member]
                )
                for each in read.clocks:
                    if (each.referral_id, each.deadline) == (referral, deadline) and (
                        each.rang == levels
                    ):
                        return each
                await asyncio.sleep(_LOOK_AGAIN)

    async def digest(self, name: str, member: str, step: str) -> bytes:
        """The digest of the newest such step as ``member`` has it."""
        found, _ = await self.at(member).said(self.journey.referrals[name], step)
        return found

    async def learned(self, *members: str) -> None:
        """Tell what each of these members holds now."""
        for member in members:
            await self.stage.learned(self.at(member), self.journey.cases[member])
