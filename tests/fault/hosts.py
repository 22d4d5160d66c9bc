"""A network whose nodes have hosts of their own: a network namespace each.

The hosts hang on a switch in a namespace of its own, so that nothing of this machine's
network is touched and nothing outside can be reached. PostgreSQL and the desks are
reached by sockets of the file system, which namespaces do not part. Addresses are of
TEST-NET-1 (RFC 5737, section 3).

A cable is pulled, plugged in again, made slow, or made to lose one way, without
either end being told: no connection is reset, as none is where a cable is cut.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from services.cli import processes
from services.cli.network import Network
from services.cli.network_state import MemberPlace
from services.node.config.network import MemberDeclaration, NetworkDeclaration
from services.node.config.node import PeersSection
from tests.fault.small_network import CLOCK, SmallNetwork, declare

_NOBODY = "02:00:00:00:00:ff"
"""A hardware address (RFC 7042, locally administered) that no host has."""
_READY_SECONDS = 60
_CABLE = ("dev", "cable", "root")


def why_not() -> str:
    """Why this machine gives no host of its own; empty if it does."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    if shutil.which("ip") is None or shutil.which("tc") is None:
        return "iproute2 is not installed (make test-deps)"
    tried = f"relais-{os.getpid()}-try"
    if subprocess.run(("ip", "netns", "add", tried), check=False).returncode:
        return "this machine lets nobody make network namespaces"
    try:
        ip("-n", tried, "link", "add", "switch", "type", "bridge")
        ip("-n", tried, "link", "add", "cable", "type", "veth", "peer", "name", "end")
        queue = ("tbf", "rate", "1mbit", "burst", "3000", "limit", "6000")
        ip("-n", tried, "qdisc", "add", *_CABLE, *queue, program="tc")
    except AssertionError as error:
        return f"this machine's kernel has no bridge, cable or slow line: {error}"
    finally:
        ip("netns", "del", tried)
    return ""


def ip(*words: str, program: str = "ip") -> None:
    """One command of iproute2; an AssertionError with its words if it fails."""
    done = subprocess.run((program, *words), capture_output=True, check=False)
    assert done.returncode == 0, (program, words, done.stderr)


@dataclass(frozen=True)
class _Housed(MemberDeclaration):
    """A member whose node listens on the address of its own host."""

    address: str = ""

    def listens(self, host: str, port: int) -> PeersSection:
        """``host`` is this machine's, and the member's is another."""
        assert host != self.address
        return PeersSection(self.address, port)


class Cables:
    """The switch, and the hosts of some members."""

    def __init__(self, members: Iterable[str]) -> None:
        # Short: a device's name has 15 bytes at most.
        self._mark = f"rl{os.getpid()}"
        self._switch = f"{self._mark}-switch"
        self._numbers = {name: at for at, name in enumerate(members, 1)}

    def __enter__(self) -> Self:
        ip("netns", "add", self._switch)
        ip("-n", self._switch, "link", "add", "switch", "type", "bridge")
        ip("-n", self._switch, "link", "set", "switch", "up")
        for name, number in self._numbers.items():
            host, port = self.host(name), f"to{number}"
            ip("netns", "add", host)
            ends = ("type", "veth", "peer", "name", "cable", "netns", host)
            ip("-n", self._switch, "link", "add", port, *ends)
            ip("-n", self._switch, "link", "set", port, "master", "switch", "up")
            address = f"{self.address(name)}/24"
            ip("-n", host, "addr", "add", address, "dev", "cable")
            for device in ("lo", "cable"):
                ip("-n", host, "link", "set", device, "up")
        return self

    def __exit__(self, *_: object) -> None:
        for host in (*map(self.host, self._numbers), self._switch):
            subprocess.run(("ip", "netns", "del", host), check=False)

    def host(self, member: str) -> str:
        """The namespace of a member's host."""
        return f"{self._mark}-{self._numbers[member]}"

    def address(self, member: str) -> str:
        """The address of a member's host."""
        return f"192.0.2.{self._numbers[member]}"

    @contextmanager
    def pulled(self, member: str) -> Iterator[None]:
        """Nothing reaches the member, and nothing leaves it."""
        port = ("link", "set", f"to{self._numbers[member]}")
        ip("-n", self._switch, *port, "down")
        try:
            yield
        finally:
            ip("-n", self._switch, *port, "up")

    @contextmanager
    def deaf(self, member: str, to: str) -> Iterator[None]:
        """What ``to`` sends to ``member`` is lost; the other way everything passes."""
        entry = ("neigh", "replace", self.address(member), "dev", "cable", "lladdr")
        ip("-n", self.host(to), *entry, _NOBODY, "nud", "permanent")
        try:
            yield
        finally:
            gone = ("neigh", "del", self.address(member), "dev", "cable")
            ip("-n", self.host(to), *gone)

    @contextmanager
    def slow(self, member: str, rate: str) -> Iterator[None]:
        """The member sends no more than ``rate``; what does not fit is lost."""
        line = ("dev", f"to{self._numbers[member]}", "root")
        queue = ("tbf", "rate", rate, "burst", "3000", "limit", "6000")
        for at, device in ((self._switch, line), (self.host(member), _CABLE)):
            ip("-n", at, "qdisc", "replace", *device, *queue, program="tc")
        try:
            yield
        finally:
            for at, device in ((self._switch, line), (self.host(member), _CABLE)):
                ip("-n", at, "qdisc", "del", *device, program="tc")


class _HousedNetwork(Network):
    """Starts each node on its member's host."""

    cables: Cables

    def _start(self, places: Iterable[MemberPlace]) -> None:
        kinds = {each.name: each.kind for each in self.declared.members}
        starting = [self._begun(place, kinds[place.name]) for place in places]
        processes.await_ready(starting, _READY_SECONDS)

    def _begun(self, place: MemberPlace, kind: str) -> processes.Starting:
        place.local_socket.unlink(missing_ok=True)
        reading, writing = os.pipe()
        command = (
            *("ip", "netns", "exec", self.cables.host(place.name)),
            *(sys.executable, "-P", "-m", f"services.{kind}"),
            *("--config", str(place.config), "--clock", self.clock),
            *("--ready-fd", str(writing)),
        )
        with place.log.open("ab") as log:
            node = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(writing,),
                start_new_session=True,
            )
        os.close(writing)
        processes._record(node.pid, place.process)
        node.returncode = 0  # waited for by its number, like every node
        return processes.Starting(place.name, node.pid, reading, place.log)


class HostedTown(SmallNetwork):
    """A few nodes, each on a host of its own; nobody stands between them."""

    def __init__(self, folder: Path, cables: Cables, members: tuple[str, ...]) -> None:
        declared = _housed(declare(folder / "declared", members), cables)
        self.members, self.cables, self.lines = members, cables, {}
        self.network = _HousedNetwork(folder / "state", declared, clock=CLOCK)
        self.network.cables = cables

    def __enter__(self) -> Self:
        self.network.start(free_ports=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.network.remove()


def _housed(declared: NetworkDeclaration, cables: Cables) -> NetworkDeclaration:
    # All found it: fewer than three may not.
    members = tuple(
        _Housed(
            **{name: getattr(each, name) for name in each.__slots__}
            | {"founder": True},
            address=cables.address(each.name),
        )
        for each in declared.members
    )
    return replace(declared, members=members)
