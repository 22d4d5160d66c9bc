"""One network for the storybook; the stories are played on it in their order."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from rich.console import Console

from services.cli.demo.narrator import Narrator
from services.cli.demo.stories.book import CLOCK, story
from services.cli.demo.stories.run import play_story
from services.cli.network import Network, open_network
from tests.network.stories.aftermath import Aftermath, look_back


@pytest.fixture(scope="session")
def bookcase(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The whole network, at the beginning of the first story."""
    network = open_network(tmp_path_factory.mktemp("stories") / "state", clock=CLOCK)
    try:
        network.start(free_ports=True)
        yield network
    finally:
        network.remove()


@pytest.fixture(scope="session")
def told(bookcase: Network) -> Callable[[int], Aftermath]:
    """Plays the story of a number, once; later calls get what it left behind."""
    played: dict[int, Aftermath] = {}

    def tell(number: int) -> Aftermath:
        if number not in played:
            text = io.StringIO()
            narrator = Narrator(Console(file=text, width=96))
            ways = asyncio.run(
                play_story(bookcase, story(number), number, narrator, look_back(text))
            )
            played[number] = replace(ways[0], others=tuple(ways[1:]))
        return played[number]

    return tell
