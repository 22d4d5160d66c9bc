"""One small network for all attacks: three members run, two are in hostile hands."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.cli import processes
from services.cli.network import NETWORKS, Network
from services.node.config.network import load_network
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import HostilePeer
from tests.network.hostile.spare import Spare
from tests.network.hostile.victim import Victim

CLOCK = "2018-03-05T08:00:00+07:00"
RUNNING = {"hotline-hanoi": "operator", "lao-cai": "officer", "liaison-laos": "liaison"}
HOSTILE = ("liaison-yunnan", "yen-bai")
SPARE = "ministry"
"""Declared and never run as it is: the start tests run copies of it."""


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """Six members; the hostile and the spare one do not run.

    Its state lies outside pytest's own folder: another run of pytest closes that to
    everybody but root, and the server that runs as another account with it.
    """
    names = {*RUNNING, *HOSTILE, SPARE}
    whole = load_network(NETWORKS / "vietnam")
    members = tuple(each for each in whole.members if each.name in names)
    folder = Path(tempfile.mkdtemp(prefix="relais-hostile-"))
    state = folder / "state"
    network = Network(state, replace(whole, members=members), clock=CLOCK)
    try:
        network.start(free_ports=True)
        processes.stop(network.place(each).process for each in (*HOSTILE, SPARE))
        yield network
    finally:
        network.remove()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def victims(network: Network) -> Iterator[dict[str, Victim]]:
    """The running members, each with an administrator and an officer."""
    found = {name: Victim(name, network) for name in RUNNING}
    for name, victim in found.items():
        victim.keep_officer("", "admin", "administrator")
        victim.keep_officer("admin", f"{name}-1", RUNNING[name])
    yield found
    for victim in found.values():
        victim.close()


@pytest.fixture(scope="session")
def hostile(network: Network) -> HostilePeer:
    """A foreign liaison: may offer to a province, but not whatever it likes."""
    return HostilePeer("liaison-yunnan", network)


@pytest.fixture(scope="session")
def other(network: Network) -> HostilePeer:
    """A province: a second hostile member."""
    return HostilePeer("yen-bai", network)


@pytest.fixture
def victim(victims: dict[str, Victim]) -> Victim:
    """The province that is attacked most."""
    return victims["lao-cai"]


@pytest.fixture
def attack(hostile: HostilePeer, victim: Victim) -> Attack:
    """The hostile liaison against the province."""
    return Attack(hostile, victim)


@pytest.fixture
def spare(network: Network, tmp_path: Path) -> Spare:
    """A copy of the ministry's node, not running, to be spoilt."""
    return Spare(network, SPARE, tmp_path / "spare")
