"""Where the journey is played: desks, officers and the one case clock.

Promises: whoever acts does so as an officer of one member, at that member's own
node, by its RPCs and by nothing else. The case clock of every node is moved at
once, and only forward.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.demo.narrator import Narrator
from services.cli.demo.staff import case_workers, hire_everywhere, second_to
from services.cli.office import ADMINISTRATOR
from services.node.domain.approvals import ApprovalAnswer, ApprovedAct
from services.node.domain.arrivals import RECEIVED, VIETNAM_ZONE
from services.node.domain.best_interests import BestInterests
from services.node.domain.bodies import Acceptance, Offer
from services.node.domain.bodies_return import Minutes
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Body
from services.node.domain.records import CategoryRecord
from services.node.domain.second_person import Sending
from services.node.domain.tables import VIETNAM
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_receipts import WithdrawalAsked
from services.node.rpc.desk_values import CaseRead, ReferralRead, StepTaken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BEST = BestInterests(
    ("views", "family", "care_safety", "vulnerability"),
    "Em muốn về; dì của em được đánh giá là an toàn.",
    "vi",
    "member",
)
"""What two officers weighed for a child of these stories."""
_NODE_SECONDS = 30
"""How long the nodes may take to do by themselves what is due."""
_LOOK_AGAIN = 0.05
_ON_THE_WAY = timedelta(days=1)
"""By when somebody who sets out now is expected at the latest."""
_CERTIFICATE = "certificate_of_return"
_MONDAY = 0
_FIRST_HOUR = time(8)


@dataclass(frozen=True, slots=True)
class Acting:
    """One officer at the desk of one member."""

    desk: DeskClient
    officer: str

    @property
    def member(self) -> str:
        """Whose officer it is."""
        return self.desk.member

    async def asks_second(self, second: Acting, case: str, act: ApprovedAct) -> bytes:
        """Ask a colleague for this act, who reads it and approves it; its number."""
        asked = await self.desk.ask_approval(self.officer, case, act)
        read = await second.desk.get_approval(second.officer, asked.approval_id)
        # Which versions of the file leave is the node's own to say.
        if isinstance(act, Sending) and isinstance(read.act, Sending):
            act = replace(act, contents=read.act.contents)
        if read.act != act or read.changed:
            message = "a second officer read something else than was asked"
            raise RuntimeError(message)
        await second.desk.answer_approval(
            second.officer, asked.approval_id, ApprovalAnswer.APPROVED
        )
        return asked.approval_id

    async def offer(
        self, case: str, recipient: str, offer: Offer, *categories: str
    ) -> bytes:
        """Offer a referral; the categories travel sealed. Its id.

        Where they leave only by two officers, or it is decided for a child what is
        best, a colleague reads it first.
        """
        act = Sending(recipient, offer, categories)
        second = Acting(self.desk, second_to(self.member, self.officer))
        approval = b""
        # What is best for a child is decided by two, who write down why.
        for said in (act, replace(act, best_interests=BEST)):
            try:
                approval, act = await self.asks_second(second, case, said), said
                break
            except NotLawfulError as refusal:
                if refusal.code == "approval.not_needed":
                    break
                if said is not act or refusal.code != "best_interests.missing":
                    raise
        made = await self.desk.send(self.officer, case, act, approval_id=approval)
        return made.referral_id

    async def step(self, referral_id: bytes, body: Body) -> StepTaken:
        """Take the step that ``body`` is the content of."""
        return await self.desk.take_step(self.officer, referral_id, body)

    async def sees(self, referral_id: bytes, *states: str) -> ReferralRead:
        """Wait until the referral is in one of these states at this member."""
        return await self.desk.await_referral(self.officer, referral_id, *states)

    async def accept(self, referral_id: bytes) -> str:
        """Accept what was offered; once it is released, the case's pseudonym here."""
        offered = await self.sees(referral_id, "offered")
        await self.step(referral_id, await self._yes(offered.referral_type))
        return (await self.sees(referral_id, "in_service")).case_pseudonym

    async def _yes(self, referral_type: str) -> Acceptance:
        """A yes; whoever receives somebody says by when she is expected."""
        if referral_type not in set(RECEIVED):
            return Acceptance()
        now = (await self.desk.get_status()).case_now
        return Acceptance(expected_at=now + _ON_THE_WAY, expected_zone=VIETNAM_ZONE)

    async def looks_after(self, case: str) -> None:
        """Receive the person who is here, and see what is needed first.

        Whoever came home gets the paper that says so at once.
        """
        for act in ("receive", "assess_needs"):
            read = await self.desk.get_case_state(self.officer, case)
            if act in read.open_acts:
                await self.desk.take_case_step(self.officer, case, act)
        clocks = (await self.desk.list_clocks(self.officer, case)).clocks
        if any(each.deadline == _CERTIFICATE for each in clocks):
            await self.desk.take_case_step(self.officer, case, "issue_certificate")

    async def waits_for_person(self, case: str, deadline: str) -> None:
        """Let a clock of the case stand still until the person is there."""
        read = await self.desk.list_clocks(self.officer, case)
        (clock,) = (each for each in read.clocks if each.deadline == deadline)
        await self.desk.pause_clock(self.officer, clock.clock_id, "waiting_for_person")

    async def said(self, referral_id: bytes, step: str) -> tuple[bytes, Body]:
        """The newest such step as it stands here: its envelope's digest and body."""
        conversation = await self.desk.get_referral(self.officer, referral_id)
        found = [each for each in conversation.steps if each.step == step]
        return found[-1].digest, found[-1].body

    async def handover_code(self, referral_id: bytes) -> str:
        """The six digits of this member's own minutes, to be shown at the gate."""
        _, minutes = await self.said(referral_id, "minutes")
        return minutes.handover_code if isinstance(minutes, Minutes) else ""

    async def add(self, case: str, *records: CategoryRecord) -> None:
        """Write down what is known now."""
        for record in records:
            await self.desk.add_record(self.officer, case, record)

    async def holds(self, case: str) -> dict[str, CategoryRecord]:
        """What this member knows about the person, by data category."""
        records = await self.desk.read_records(self.officer, case)
        return {each.category: each for each in records}

    async def withdraw(self, case: str, consent_id: bytes) -> None:
        """Write down, before a witness, that the person ends this answer."""
        asked = WithdrawalAsked(consent_id, "oral_witnessed", witness="w-1")
        await self.desk.withdraw_consent(self.officer, case, asked)

    async def acknowledged(self, case: str, member: str) -> None:
        """Wait until ``member`` answered every recall that the receipts name."""
        async with asyncio.timeout(_NODE_SECONDS):
            while True:
                receipts = await self.desk.read_receipts(self.officer, case)
                states = {
                    told.state
                    for each in receipts
                    for told in each.told
                    if told.member == member
                }
                if states == {"acknowledged"}:
                    return
                await asyncio.sleep(_LOOK_AGAIN)

    async def case(self, case: str) -> CaseRead:
        """The case as it stands here, without anything sealed."""
        return await self.desk.get_case(self.officer, case)


@dataclass(slots=True)
class Stage:
    """Every desk of the network, the clock, and who tells the story.

    ``start`` is the midnight, Viet Nam time, before the first day; ``known`` the
    data categories that anybody wrote down so far.
    """

    desks: Mapping[str, DeskClient]
    narrator: Narrator
    start: datetime
    known: set[str] = field(default_factory=set)

    def at(self, member: str, colleague: int = 0) -> Acting:
        """An officer of ``member``; colleagues count from 0."""
        return Acting(self.desks[member], case_workers(member)[colleague])

    def instant(self, day: int, clock: str) -> datetime:
        """``clock`` (HH:MM, Viet Nam time) on the day that many after the first."""
        hour, minute = clock.split(":")
        return self.start + timedelta(days=day, hours=int(hour), minutes=int(minute))

    async def moves_to(self, day: int, clock: str) -> datetime:
        """Move every node's case clock there, and say so."""
        now = self.instant(day, clock)
        await asyncio.gather(
            *(d.set_case_clock(ADMINISTRATOR, now) for d in self.desks.values())
        )
        self.narrator.moment(now)
        return now

    async def learned(self, who: Acting, case: str) -> None:
        """Tell what a member holds now, and what it does not."""
        held = set(await who.holds(case))
        self.known |= held
        self.narrator.learned(who.member, held, self.known - held)


@asynccontextmanager
async def set_stage(
    sockets: Iterable[tuple[str, Path]], narrator: Narrator
) -> AsyncIterator[Stage]:
    """Desks at every node of a network whose case clock is driven.

    ``sockets`` are member and local socket. The first day is the next Monday on
    which the clock has not passed eight o'clock.
    """
    async with AsyncExitStack() as stack:
        desks = {
            member: await stack.enter_async_context(DeskClient(socket, member))
            for member, socket in sockets
        }
        await hire_everywhere(desks)
        states = await asyncio.gather(*(each.get_status() for each in desks.values()))
        newest = max(each.case_now for each in states)
        yield Stage(desks, narrator, _first_day(newest.astimezone(VIETNAM)))


def _first_day(now: datetime) -> datetime:
    midnight = datetime.combine(now.date(), time(), VIETNAM)
    if now.weekday() == _MONDAY and now.time() <= _FIRST_HOUR:
        return midnight
    return midnight + timedelta(days=7 - now.weekday())
