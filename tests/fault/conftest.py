from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fault.desks import ROLES, Desk
from tests.fault.quiet import nothing_under_way
from tests.fault.small_network import SmallNetwork
from tests.warm import started_warm


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """Nodes are started by a process that has read their code in already."""
    with started_warm():
        yield


@pytest.fixture(scope="session")
def town() -> Iterator[SmallNetwork]:
    """One network for all tests; each test has a case of its own."""
    # Not under pytest's own folder: another run of pytest closes that to PostgreSQL.
    with (
        tempfile.TemporaryDirectory(prefix="relais-fault-") as folder,
        SmallNetwork(Path(folder)) as network,
    ):
        asyncio.run(_staff(network))
        yield network


@pytest.fixture
async def desks(town: SmallNetwork) -> AsyncIterator[dict[str, Desk]]:
    """An officer at each member that works on cases, with nothing under way."""
    await nothing_under_way(town)
    opened = {name: _desk(town, name) for name in ROLES}
    yield opened
    for desk in opened.values():
        await desk.__aexit__(None, None, None)


async def _staff(network: SmallNetwork) -> None:
    for name in ROLES:
        async with _desk(network, name) as desk:
            await desk.keep_officer()


def _desk(network: SmallNetwork, name: str) -> Desk:
    return Desk(name, network.network.local_socket(name))
