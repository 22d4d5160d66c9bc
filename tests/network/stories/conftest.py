"""One network for the storybook; the stories are played on it in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.cli.demo.stories.book import CLOCK
from services.cli.network import Network, open_network
from tests.network.stories.aftermath import Aftermath, play_on


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
            played[number] = play_on(bookcase, number)
        return played[number]

    return tell
