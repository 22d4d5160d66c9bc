"""One network of real nodes for all the stories of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.cli.demo.run import CLOCK
from services.cli.network import Network, open_network


@pytest.fixture(scope="session")
def vietnam(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The whole network of Viet Nam; stories on it move its case clock on."""
    network = open_network(tmp_path_factory.mktemp("vietnam") / "state", clock=CLOCK)
    try:
        network.start(free_ports=True)
        yield network
    finally:
        network.remove()
