"""Nodes and gateways of tests, started from a process that has read their code in.

``services.cli.launcher`` reads in what all of its programs need, forks one process
for each, and ends. A session of tests starts nodes two hundred times, and reading in
is most of a start: here one launcher stays, and ``launcher.become`` makes the same
node of each fork. That the command itself starts its nodes by a launcher of their own
is shown where it runs as a command: by the demos and the README's.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.cli import processes

_LAUNCHER = "tests.warm_launcher"
_MOST = 1 << 16
"""Bytes of one order."""
_FOR_ONE_TEST = {"PYTEST_CURRENT_TEST"}
"""What of the environment changes from test to test, and nothing reads."""
_cold = processes.start_together


@contextmanager
def started_warm() -> Iterator[None]:
    """Whatever is started by a launcher meanwhile is started by one that stays."""
    with patch.object(processes, "start_together", start_together):
        yield


def start_together(
    programs: Sequence[processes.Program], needed: str
) -> list[processes.Starting]:
    """As ``processes.start_together``; by that, where the environment was changed."""
    warm = _warm(needed)
    if _environment() != warm.environment:
        return _cold(programs, needed)
    return [warm.start(each) for each in programs]


def run_to_its_end(module: str, arguments: Sequence[str], log: Path) -> int:
    """The exit code of a node that is not expected to serve."""
    return _warm("services.node.serve").run(module, arguments, log)


@cache
def _warm(needed: str) -> Warm:
    return Warm(needed)


def _environment() -> dict[str, str]:
    found = processes._environment(os.environ)
    return {name: said for name, said in found.items() if name not in _FOR_ONE_TEST}


class Warm:
    """The launcher that stays, as those see it who give it orders."""

    def __init__(self, needed: str) -> None:
        self.environment = _environment()
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one_at_a_time = threading.Lock()
        with other:
            self._launcher = subprocess.Popen(
                [sys.executable, "-P", "-m", _LAUNCHER, needed, str(other.fileno())],
                env=self.environment,
                pass_fds=[other.fileno()],
            )
        atexit.register(self._end)

    def start(self, program: processes.Program) -> processes.Starting:
        """One program, which says on a pipe when it is ready."""
        reading, writing = os.pipe()
        order = {"module": program.module, "arguments": list(program.arguments)}
        pid = self._told({**order, "log": str(program.log)}, writing)
        os.close(writing)
        processes._record(pid, program.record)
        return processes.Starting(program.name, pid, reading, program.log)

    def run(self, module: str, arguments: Sequence[str], log: Path) -> int:
        """One program to its end; its exit code."""
        nobody = os.open(os.devnull, os.O_WRONLY)
        order = {"module": module, "arguments": list(arguments), "log": str(log)}
        code = self._told({**order, "to_its_end": True}, nobody)
        os.close(nobody)
        return code

    def _told(self, order: dict[str, Any], ready: int) -> int:
        raw = json.dumps(order).encode()
        assert len(raw) < _MOST
        with self._one_at_a_time:
            socket.send_fds(self._line, [raw], [ready])
            answer = self._line.recv(_MOST)
        assert answer, "the launcher ended"
        return int(answer)

    def _end(self) -> None:
        self._line.close()
        self._launcher.wait()
