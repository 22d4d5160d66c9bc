"""A network of real nodes on this machine, each in its own process.

Promises: ``start`` is idempotent: it makes what is missing, starts what does
not run and leaves what runs alone; what a killed run left half made is removed
and made anew. ``stop`` ends every node and then PostgreSQL, by number and start
time, never by name. Used by ``relais network``, the demo and the network tests.

Leaves to others: how things are made (network_init.py), where they lie
(network_state.py), what a node does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from services.cli import ports, processes
from services.cli.network_init import make_network
from services.cli.network_state import MemberPlace, NetworkState
from services.node.config.network import NetworkDeclaration, load_network
from services.node.config.node import NodeConfig, load_node_config
from services.node.domain.errors import ConflictError, NotFoundError

NETWORKS = Path(__file__).resolve().parents[2] / "deploy" / "network"
_READY_SECONDS = 60
GATEWAY_OFFSET = 1000
"""How far a console's port is from its node's peers listener."""


@dataclass(frozen=True, slots=True)
class Running:
    """What one member's node looks like from outside."""

    name: str
    kind: str
    pid: int | None
    """``None`` if it does not run."""
    peers_address: str
    local_socket: Path
    log: Path


class Network:
    """A network under one state folder; a context manager that stops it."""

    def __init__(
        self, state: Path, declared: NetworkDeclaration, *, clock: str = ""
    ) -> None:
        """``clock`` (ISO 8601, aware) drives every node's case clock."""
        self.state = NetworkState(state)
        self.declared = declared
        self.clock = clock
        self._lock: int | None = None
        self._chosen: dict[str, int] = {}

    def start(self, *, free_ports: bool = False, afresh: bool = False) -> None:
        """Makes the network if there is none and starts every node that is down.

        ``free_ports`` chooses ports instead of the declared ones when the network
        is made; ``afresh`` removes what was there before.

        Raises:
            UnavailableError: a port is in use, or a node did not start.
            ConflictError: another command works here, or the state was made for
                other members.
        """
        self._hold()
        if afresh or not self.state.complete:
            self._halt(discard=True)
            self.state.remove()
            chosen = self._choose_ports(free_ports=free_ports)
            now, driven = datetime.now(UTC), bool(self.clock)
            make_network(
                self.state,
                self.declared,
                chosen,
                now,
                driven=driven,
                gateways=self._choose_gateways(free_ports=free_ports),
            )
        self._refuse_other_members()
        self._refuse_other_clock()
        self.state.prepare_sockets()
        self.state.cluster.start()
        down = [
            place for place in self._places() if processes.find(place.process) is None
        ]
        sections = {each.name: self.config(each.name).peers for each in down}
        ports.check_free(
            {name: each.port for name, each in sections.items() if not each.dials_out}
        )
        self._start(down)

    def stop(self) -> None:
        """Stops every node, then PostgreSQL; what they stored stays."""
        self._hold()
        self._halt()
        self.close()

    def remove(self) -> None:
        """Stops everything and removes what was stored, keys and all."""
        self._hold()
        self._halt(discard=True)
        self.state.remove()
        ports.let_go(self._chosen.values())
        self.close()

    def close(self) -> None:
        """Lets other commands work on this network; it keeps running."""
        if self._lock is not None:
            self.state.unlock(self._lock)
            self._lock = None

    def kill(self, member: str) -> None:
        """Ends one node at once, as a failing machine would."""
        process = processes.find(self.place(member).process)
        if process is not None:
            processes.kill([process])

    def restart(self, member: str) -> None:
        """Starts one node anew; a running one is asked to end first."""
        place = self.place(member)
        processes.stop([place.process])
        self._start([place])

    def place(self, member: str) -> MemberPlace:
        """Where ``member``'s files are; ``NotFoundError`` for a stranger."""
        if member not in {each.name for each in self.declared.members}:
            raise NotFoundError(
                "network.unknown_member", f"This network declares no {member}."
            )
        return self.state.member(member)

    def config(self, member: str) -> NodeConfig:
        """The configuration that ``member``'s node was started with."""
        return load_node_config(self.place(member).config)

    def local_socket(self, member: str) -> Path:
        """Unix socket of the member's own listener."""
        return self.place(member).local_socket

    def peers_address(self, member: str) -> str:
        """host:port of the member's peers listener; empty if it only dials out."""
        return self.config(member).peers.address

    @property
    def logs(self) -> Path:
        """Folder with one log a node."""
        return self.state.folder / "logs"

    def members(self) -> tuple[Running, ...]:
        """Every member, running or not; empty before the network was made."""
        if not self.state.complete:
            return ()
        return tuple(self._running(place) for place in self._places())

    def __enter__(self) -> Self:
        """The network as it is; call ``start``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _hold(self) -> None:
        if self._lock is None:
            # Known before it is held: an interruption in between would leave it held
            # by nobody, and stopping would wait for itself.
            self._lock = self.state.open_lock()
        try:
            self.state.take_lock(self._lock)
        except ConflictError:
            self.close()
            raise

    def _halt(self, *, discard: bool = False) -> None:
        records = [place.process for place in self.state.members()]
        if discard:
            # What they stored is about to be removed: there is nothing to drain.
            processes.kill(filter(None, map(processes.find, records)))
        else:
            processes.stop(records)
        self.state.cluster.stop(discard=discard)

    def _choose_ports(self, *, free_ports: bool) -> dict[str, int]:
        members = self.declared.members
        if free_ports:
            self._chosen = ports.choose_free(each.name for each in members)
            return self._chosen
        declared = {each.name: each.peers_port for each in members}
        ports.check_free(declared)
        return declared

    def _choose_gateways(self, *, free_ports: bool) -> dict[str, int]:
        """The ports of the consoles; whether they are free is asked at their start."""
        members = self.declared.members
        if free_ports:
            return ports.choose_free(each.name for each in members)
        return {each.name: each.peers_port + GATEWAY_OFFSET for each in members}

    def _refuse_other_members(self) -> None:
        made = {place.name for place in self.state.members()}
        declared = {each.name for each in self.declared.members}
        if made != declared:
            raise ConflictError(
                "network.other_members",
                "The state folder was made for other members: "
                f"{', '.join(sorted(made ^ declared))}.",
                where=str(self.state.folder),
                remedy="Use another folder, or start afresh with --afresh.",
            )

    def _refuse_other_clock(self) -> None:
        member = self.declared.members[0].name
        if self.clock and self.config(member).case_clock.mode != "driven":
            raise ConflictError(
                "network.real_clock",
                "This network was made with the real case clock; it is not driven.",
                where=str(self.state.folder),
                remedy="Start it without --clock, or afresh with --afresh.",
            )

    def _start(self, places: Iterable[MemberPlace]) -> None:
        kinds = {each.name: each.kind for each in self.declared.members}
        programs = []
        for place in places:
            place.local_socket.unlink(missing_ok=True)
            arguments = ["--config", str(place.config)]
            if self.clock:
                arguments += ["--clock", self.clock]
            module = f"services.{kinds[place.name]}"
            programs.append(
                processes.Program(
                    place.name, module, tuple(arguments), place.process, place.log
                )
            )
        starting = processes.start_together(programs, "services.node.serve")
        processes.await_ready(starting, _READY_SECONDS)

    def _places(self) -> tuple[MemberPlace, ...]:
        return tuple(self.state.member(each.name) for each in self.declared.members)

    def _running(self, place: MemberPlace) -> Running:
        config = load_node_config(place.config)
        process = processes.find(place.process)
        return Running(
            name=place.name,
            kind=config.member.kind,
            pid=process.pid if process else None,
            peers_address=config.peers.address,
            local_socket=place.local_socket,
            log=place.log,
        )


def open_network(state: Path, network: str = "vietnam", *, clock: str = "") -> Network:
    """The network that ``deploy/network/<network>`` declares, under ``state``."""
    return Network(state, load_network(declared_folder(network)), clock=clock)


def declared_folder(network: str) -> Path:
    """The folder of a network by its name, or by its path.

    Raises:
        NotFoundError: ``network.unknown``, listing those there are.
    """
    folder = Path(network) if os.sep in network else NETWORKS / network
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in NETWORKS.iterdir()))
        raise NotFoundError(
            "network.unknown",
            f"No network is declared at {network!r}.",
            remedy=f"Declared are: {known}.",
        )
    return folder
