from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.reading import Members, read_members
from tests.chaos.run import Report, chaos, places
from tests.chaos.world import World
from tests.warm import started_warm

SEED = 1
ROUNDS = 1
"""How often each kind of fault comes."""


@dataclass(frozen=True, slots=True)
class Run:
    """A short run that is over: its databases are there, its nodes are stopped."""

    world: World
    report: Report
    members: Members


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """Nodes are started by a process that has read their code in already."""
    with started_warm():
        yield


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    """One short run for all tests of this folder."""
    with (
        tempfile.TemporaryDirectory(prefix="relais-chaos-") as folder,
        World(Path(folder)) as world,
    ):
        report = asyncio.run(chaos(world, SEED, 1, ROUNDS, in_haste=True))
        for member in world.members:
            world.network.kill(member)
        yield Run(world, report, asyncio.run(read_members(places(world))))
