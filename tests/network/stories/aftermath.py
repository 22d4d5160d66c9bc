"""What a story left behind, as each member of it has it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from rich.console import Console

from services.cli.demo.account import Account
from services.cli.demo.cast import Cast
from services.cli.demo.narrator import Narrator
from services.cli.demo.stories.book import story
from services.cli.demo.stories.run import play_story
from services.cli.demo.stories.telling import Telling
from services.cli.network import Network
from services.node.domain.handoff import Body
from services.node.domain.records import CategoryRecord
from services.node.rpc.case_values import CaseStateRead
from services.node.rpc.clock_values import ClockRead
from services.node.rpc.consent_values import AnswersRead
from services.node.rpc.desk_values import (
    CaseRead,
    ConversationRead,
    EventExplained,
)

COORDINATOR = "ministry"
"""Coordinates and asks nobody: it keeps no answers of a person."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """A played story; mappings go from member, or from a referral's name."""

    cast: Cast
    account: Account
    text: str
    cases: dict[str, CaseRead]
    held: dict[str, dict[str, CategoryRecord]]
    answers: dict[str, AnswersRead]
    said: dict[tuple[str, str], ConversationRead]
    """Member and referral name to the conversation as the member has it."""
    standings: dict[str, CaseStateRead]
    clocks: dict[str, tuple[ClockRead, ...]]
    """Every clock of the member's case, those that were stopped too."""
    explained: dict[str, tuple[EventExplained, ...]]
    """Which rows decided what in the member's case."""
    others: tuple[Aftermath, ...] = ()
    """The ways of the other people of the story."""

    def chain(self) -> list[str]:
        """Who answered, one after the other."""
        return [link.member for link in self.account.chain]

    def steps(self, member: str, referral: str) -> list[str]:
        """The steps of a referral in the order in which ``member`` has them."""
        return [each.step for each in self.said[member, referral].steps]

    def state(self, member: str, referral: str) -> str:
        """The state of a referral at ``member``."""
        return self.said[member, referral].referral.state

    def body(self, member: str, referral: str, step: str) -> Body:
        """What the newest such step says."""
        steps = self.said[member, referral].steps
        return [each.body for each in steps if each.step == step][-1]


def play_on(network: Network, number: int) -> Aftermath:
    """Play the story of this number on a running network, and look back."""
    text = io.StringIO()
    narrator = Narrator(Console(file=text, width=96))
    first, *others = asyncio.run(
        play_story(network, story(number), number, narrator, look_back(text))
    )
    return replace(first, others=tuple(others))


def look_back(
    text: io.StringIO,
) -> Callable[[Telling, Account], Awaitable[Aftermath]]:
    """Asks every member of a story, while its desks are open."""

    async def look(telling: Telling, account: Account) -> Aftermath:
        cases, held, answers, standings, clocks, explained = {}, {}, {}, {}, {}, {}
        for member, case in telling.journey.cases.items():
            who = telling.at(member)
            cases[member] = await who.case(case)
            held[member] = await who.holds(case)
            if member != COORDINATOR:
                answers[member] = await who.desk.list_consents(who.officer, case)
                standings[member] = await who.desk.get_case_state(who.officer, case)
                clocks[member] = (await who.desk.list_clocks(who.officer, case)).clocks
                explained[member] = await who.desk.explain_case(who.officer, case)
        said = {}
        for member in {*telling.journey.cases, *telling.journey.declined}:
            who = telling.at(member)
            ours = await who.desk.list_referrals(who.officer, 500)
            known = {each.referral_id for each in ours}
            for name, referral in telling.journey.referrals.items():
                if referral in known:
                    conversation = await who.desk.get_referral(who.officer, referral)
                    said[member, name] = conversation
        return Aftermath(
            telling.cast,
            account,
            text.getvalue(),
            cases,
            held,
            answers,
            said,
            standings,
            clocks,
            explained,
        )

    return look
