"""One network of real nodes for all the stories of a session, and who shares it.

With several workers, all tests of one network go to one of them: a network and its
case clock are not for two at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from services.cli.demo.run import CLOCK
from services.cli.network import Network, open_network
from tests.warm import started_warm

LONGEST = ("test_readme.py", "test_demo.py")
"""Begun first: begun last, they would go on while other workers have no more to do."""
OWN = (
    *LONGEST,
    "hostile/test_need_to_know.py",
    "stories/test_11_two_laws.py",
    "test_case_commands.py",
    "test_clocks.py",
    "test_clocks_on_the_way.py",
    "test_cluster.py",
    "test_collect.py",
    "test_mailbox.py",
    "test_network_command.py",
    "test_ports.py",
    "test_processes.py",
    "test_sign_in.py",
)
"""Have a network of their own, or none. What is not named here shares one."""
ALONE = ("tests/chaos/", "tests/fault/test_hosts.py")
"""One run under random faults, and all tests that look at what it left; the nodes on
hosts of their own."""


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """Nodes are started by a process that has read their code in already."""
    with started_warm():
        yield


@pytest.fixture(scope="session")
def vietnam(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The whole network of Viet Nam; stories on it move its case clock on."""
    network = open_network(tmp_path_factory.mktemp("vietnam") / "state", clock=CLOCK)
    try:
        network.start(free_ports=True)
        yield network
    finally:
        network.remove()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; all others keep their order."""
    items.sort(key=lambda each: each.path.name not in LONGEST)


class ByNetwork(LoadScopeScheduling):  # type: ignore[misc] # xdist is not typed
    """Gives all tests of one network to one worker, and others as they come."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0].partition("tests/network/")[2]
        if not file:
            return next((each for each in ALONE if nodeid.startswith(each)), nodeid)
        if file in OWN:
            return file
        return f"the shared one of {file.rpartition('/')[0] or 'Viet Nam'}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByNetwork:
    """Take scopes in the order of collection, not the largest first."""
    config.option.loadscopereorder = False
    return ByNetwork(config, log)
