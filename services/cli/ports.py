"""TCP ports for the nodes of a network on this machine.

Promises: declared ports are checked before anything starts and every one in use
is named; free ports are chosen outside the range from which the system takes
the ports of outgoing connections, and stay this process's until it ends or lets
them go, so that commands that run at once never choose the same.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterable, Mapping

from services.node.domain.errors import UnavailableError

HOST = "127.0.0.1"
_FREE = range(20_000, 32_000)
_KEPT: dict[int, int] = {}
"""Port to a socket's descriptor, bound and never listening: nodes may listen there."""


def check_free(ports: Mapping[str, int]) -> None:
    """Member to port; raises ``UnavailableError`` naming every port in use."""
    used = [f"{name} {port}" for name, port in ports.items() if not _is_free(port)]
    if used:
        raise UnavailableError(
            "network.port_in_use",
            f"Something else listens on {HOST} at: {', '.join(used)}.",
            remedy="Stop it, or let the network choose: --free-ports.",
        )


def choose_free(members: Iterable[str]) -> dict[str, int]:
    """A different free port for each member; nobody else chooses it meanwhile."""
    candidates = iter(random.sample(_FREE, k=len(_FREE)))
    chosen = {}
    for name in members:
        chosen[name] = next(port for port in candidates if _kept(port))
    return chosen


def let_go(ports: Iterable[int]) -> None:
    """Others may choose these again."""
    for port in ports:
        held = _KEPT.pop(port, None)
        if held is not None:
            os.close(held)


def _kept(port: int) -> bool:
    """Whether the port is ours now: it was free, and nobody else had chosen it."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        held.bind((HOST, port))
    except OSError:
        held.close()
        return False
    # Only now: whoever else chooses is refused, and a node that listens is not.
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _KEPT[port] = held.detach()
    return True


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
