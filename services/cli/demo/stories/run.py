"""Play one story on a running network, and print it for a reader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from services.cli.demo.account import Account, account_of
from services.cli.demo.cast import cast_of
from services.cli.demo.journey import Journey
from services.cli.demo.narrator import Narrator
from services.cli.demo.settling import settle
from services.cli.demo.stage import set_stage
from services.cli.demo.stories.book import Story
from services.cli.demo.stories.telling import Telling
from services.cli.demo.tables import print_chain, print_handoffs
from services.cli.network import Network

T = TypeVar("T")


async def play_story(
    network: Network,
    story: Story,
    seed: int,
    narrator: Narrator,
    look: Callable[[Telling, Account], Awaitable[T]],
) -> list[T]:
    """Play it; what ``look`` sees of each person's way while the desks are open.

    Raises VerificationError if the nodes' accounts of it do not agree.
    """
    narrator.title(story.title, "Everybody here is invented.")
    sockets = [(each.name, each.local_socket) for each in network.members()]
    async with set_stage(sockets, narrator) as stage:
        telling = Telling(stage, Journey(cast_of(seed)))
        await story.play(telling)
        seen = []
        for each in (telling, *telling.others):
            await settle(stage, each.journey)
            seen.append(await look(each, await account_of(stage, each.journey)))
        return seen


async def tell_story(
    network: Network, story: Story, seed: int, narrator: Narrator
) -> Account:
    """Play it and print who answered, and every handoff."""
    accounts = await play_story(network, story, seed, narrator, _account)
    for account in accounts:
        print_chain(narrator.console, account.chain)
        print_handoffs(narrator.console, account)
    handoffs = tuple(each for account in accounts for each in account.handoffs)
    return replace(accounts[0], handoffs=handoffs)


async def _account(_telling: Telling, account: Account) -> Account:
    return account
