from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from services.cli import processes
from services.node.domain.errors import UnavailableError

READY = """
    import os, signal, sys
    os.write(int(sys.argv[-1]), b"ready\\n")
    os.close(int(sys.argv[-1]))
    signal.pause()
"""
DEAF = """
    import os, signal, sys
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.write(int(sys.argv[-1]), b"ready\\n")
    while True:
        signal.pause()
"""
FAILING = """
    import sys
    sys.exit("the port is in use")
"""
SILENT = """
    import signal
    signal.pause()
"""


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    records: list[Path] = []

    def start_program(program: str) -> tuple[processes.Starting, Path]:
        name = f"planted_{len(records)}"
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(program))
        record = tmp_path / f"{name}.json"
        records.append(record)
        log = tmp_path / f"{name}.log"
        return processes.start(name, name, [], record=record, log=log), record

    yield start_program
    processes.stop(records, seconds=0)


def test_a_process_is_awaited_until_it_says_ready(start):
    starting, record = start(READY)
    processes.await_ready([starting], 30)
    found = processes.find(record)
    assert found is not None
    assert found.pid == starting.pid


def test_a_process_that_ends_early_is_named_with_its_last_words(start):
    good, _ = start(READY)
    bad, _ = start(FAILING)
    with pytest.raises(UnavailableError, match="planted_1: the port is in use"):
        processes.await_ready([good, bad], 30)


def test_a_process_that_says_nothing_is_not_waited_for_for_ever(start):
    silent, _ = start(SILENT)
    with pytest.raises(UnavailableError, match="planted_0: it said nothing"):
        processes.await_ready([silent], 0.2)


def test_stop_ends_the_process_and_removes_its_record(start):
    starting, record = start(READY)
    processes.await_ready([starting], 30)
    processes.stop([record])
    assert not psutil.pid_exists(starting.pid)
    assert not record.exists()


def test_stop_ends_by_force_what_does_not_listen(start):
    starting, record = start(DEAF)
    processes.await_ready([starting], 30)
    processes.stop([record], seconds=0.2)
    assert not psutil.pid_exists(starting.pid)


UNASKED = """
    import subprocess, sys
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    print(child.pid, flush=True)
    sys.stdin.read()
"""


def test_nobody_waits_until_the_end_of_a_process_was_asked_about():
    """Its parent never asks for its exit code."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(UNASKED)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        process = psutil.Process(int(parent.stdout.readline()))
        assert processes.await_end([process], 0.1) == [process]
        process.kill()
        assert processes.await_end([process], 60) == []
        assert process.status() == psutil.STATUS_ZOMBIE
        parent.stdin.close()


def test_a_number_given_to_another_process_is_never_signalled(tmp_path):
    record = tmp_path / "process.json"
    record.write_text(json.dumps({"pid": os.getpid(), "started": 1.0}))
    assert processes.find(record) is None
    processes.stop([record])
    assert not record.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": 1}', "not json"])
def test_a_record_cut_short_names_nobody(tmp_path, text):
    record = tmp_path / "process.json"
    record.write_text(text)
    assert processes.find(record) is None
