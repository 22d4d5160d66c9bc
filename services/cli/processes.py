"""Processes that outlive the command that started them.

Promises: a process is known by its number *and* its start time, which stand in
a record beside its configuration; a number that was given to another process
since is never signalled. Readiness is an event: the process writes ``ready`` to
a pipe it was given (``--ready-fd``); nobody sleeps and asks again.

Leaves to others: which processes there are (network.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from services.node.domain.errors import UnavailableError

_ROOT = Path(__file__).resolve().parents[2]
_SAME_START = 0.01
"""Seconds by which two readings of one process's start may differ."""


@dataclass(frozen=True, slots=True)
class Starting:
    """A process that was started and has not yet said that it is ready."""

    name: str
    pid: int
    ready: int
    """The reading end of its pipe."""
    log: Path


def start(
    name: str, module: str, arguments: Sequence[str], *, record: Path, log: Path
) -> Starting:
    """Starts ``python -m module`` in a session of its own.

    Its output is appended to ``log``; ``record`` is written before this returns.
    """
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    command = [sys.executable, "-P", "-m", module, *arguments]
    appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    pid = os.posix_spawn(
        sys.executable,
        [*command, "--ready-fd", str(writing)],
        _environment(os.environ),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), appending, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    os.close(writing)
    # Killed before this line, we leave a process without a record; it ends by
    # itself when it finds nobody at the other end of its pipe.
    _record(pid, record)
    return Starting(name, pid, reading, log)


@dataclass(frozen=True, slots=True)
class Program:
    """A module to run as a process, where it is recorded and what it prints."""

    name: str
    module: str
    arguments: tuple[str, ...]
    record: Path
    log: Path


def start_together(programs: Sequence[Program], needed: str) -> list[Starting]:
    """Starts many from one warm process (launcher.py), as ``start`` would each.

    ``needed`` is the module that they all read in, and that is read in once.

    Raises:
        UnavailableError: ``network.not_launched``.
    """
    pipes = [os.pipe() for _ in programs]
    orders = [
        {
            "module": each.module,
            "arguments": [*each.arguments, "--ready-fd", str(writing)],
            "log": str(each.log),
            "ready": writing,
        }
        for each, (_, writing) in zip(programs, pipes, strict=True)
    ]
    launched = subprocess.run(
        [sys.executable, "-P", "-m", "services.cli.launcher", needed],
        input=json.dumps(orders).encode(),
        stdout=subprocess.PIPE,
        env=_environment(os.environ),
        pass_fds=[writing for _, writing in pipes],
        check=False,
    )
    for _, writing in pipes:
        os.close(writing)
    if launched.returncode:
        raise UnavailableError(
            "network.not_launched", "The process that starts the others failed."
        )
    starting = []
    numbers = json.loads(launched.stdout)
    for each, pid, (reading, _) in zip(programs, numbers, pipes, strict=True):
        _record(pid, each.record)
        starting.append(Starting(each.name, pid, reading, each.log))
    return starting


def _record(pid: int, record: Path) -> None:
    # A process that ended already is not ready: await_ready tells what it said.
    with contextlib.suppress(psutil.NoSuchProcess):
        started = psutil.Process(pid).create_time()
        record.write_text(json.dumps({"pid": pid, "started": started}))


def await_ready(starting: Iterable[Starting], seconds: float) -> None:
    """Waits until every process has said that it is ready.

    Raises:
        UnavailableError: ``network.not_ready``, naming each that ended or said
            nothing within ``seconds``, with the last line of its log.
    """
    waiting = {each.ready: each for each in starting}
    failed = []
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for descriptor in waiting:
            selector.register(descriptor, selectors.EVENT_READ)
        while waiting:
            events = selector.select(max(0.0, deadline - time.monotonic()))
            if not events:
                break
            for key, _ in events:
                each = waiting.pop(key.fd)
                selector.unregister(key.fd)
                if os.read(key.fd, 64) != b"ready\n":
                    failed.append(each)
                os.close(key.fd)
    for descriptor, each in waiting.items():
        os.close(descriptor)
        failed.append(each)
    if failed:
        said = "; ".join(f"{each.name}: {_last_line(each.log)}" for each in failed)
        raise UnavailableError(
            "network.not_ready",
            f"{len(failed)} node(s) did not start. {said}",
            remedy="Their logs stand in logs/ in the state folder.",
        )


def find(record: Path) -> psutil.Process | None:
    """The process that ``record`` names, if that very process still runs."""
    try:
        known = json.loads(record.read_text())
        process = psutil.Process(known["pid"])
        same = abs(process.create_time() - known["started"]) < _SAME_START
        if same and process.status() != psutil.STATUS_ZOMBIE:
            return process
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        pass
    return None


def stop(records: Iterable[Path], *, seconds: float = 10) -> None:
    """Asks every recorded process to end; ends by force what still runs then."""
    found = {record: find(record) for record in records}
    running = [process for process in found.values() if process is not None]
    for process in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGTERM)
    kill(await_end(running, seconds))
    for record in found:
        record.unlink(missing_ok=True)


def kill(processes: Iterable[psutil.Process]) -> None:
    """Ends processes at once, as a failing machine would, and waits for it."""
    processes = list(processes)
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    await_end(processes, 10)


def await_end(found: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Waits until they have ended; those that run after ``seconds`` all the same.

    One has ended when nothing that it had open is open any more. That its parent may
    not have asked for its exit code yet is nothing to wait for: the first process of
    some machines asks for those of others only every other second.
    """
    found = list(found)
    if not hasattr(os, "pidfd_open"):  # beside Linux
        return list(psutil.wait_procs(found, timeout=seconds)[1])
    deadline = time.monotonic() + seconds
    with contextlib.ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for each in found:
            with contextlib.suppress(ProcessLookupError):
                descriptor = os.pidfd_open(each.pid)
                stack.callback(os.close, descriptor)
                # Else its number is another's since.
                if each.is_running():
                    selector.register(descriptor, selectors.EVENT_READ, each)
        while selector.get_map():
            events = selector.select(max(0.0, deadline - time.monotonic()))
            if not events:
                break
            for key, _ in events:
                selector.unregister(key.fd)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(key.data.pid, os.WNOHANG)
        return [key.data for key in selector.get_map().values()]


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Ours, with both import roots first; nothing else is passed by environment."""
    roots = [str(_ROOT), str(_ROOT / "proto" / "gen")]
    if ours.get("PYTHONPATH"):
        roots.append(ours["PYTHONPATH"])
    return {**ours, "PYTHONPATH": os.pathsep.join(roots)}


def _last_line(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").strip()
    return text.splitlines()[-1] if text else "it said nothing"
