"""`relais demo` as somebody runs it, interrupts it, and runs it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
IMPORTS = {"PYTHONPATH": f"{ROOT}:{ROOT}/proto/gen", "PYTHONUNBUFFERED": "1"}


def demo(state: Path, seed: int = 1) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "services.cli", "demo")
    return subprocess.Popen(
        [*command, "--seed", str(seed), "--state", str(state)],
        cwd=ROOT,
        env={**os.environ, **IMPORTS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    pytest.fail(f"it ended before it said: {words}")


def running(state: Path) -> list[str]:
    """Processes that know the state folder: nodes and PostgreSQL."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if any(str(state) in each for each in command):
            found.append(" ".join(command))
    return found


@pytest.mark.timeout(600)
def test_a_killed_demo_leaves_nothing_in_the_way_of_the_next(tmp_path):
    state = tmp_path / "demo"
    with demo(state) as killed:
        read_until(killed, "The search")
        assert running(state)
        killed.kill()
    with demo(state, seed=6) as again:
        said, _ = again.communicate()
    assert again.returncode == 0, said
    handoffs, nodes, ledgers = said.splitlines()[-3:]
    assert "handoffs, each receipted and logged at both ends." in handoffs
    assert nodes.startswith("25 nodes")
    assert ledgers.startswith("25 ledgers verified")
    assert ledgers.endswith("nothing was changed.")
    assert running(state) == []
    assert not state.exists()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_demo_stops_what_it_started(tmp_path, by):
    state = tmp_path / "demo"
    # Under nohup the demo would inherit that nobody hangs up.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    started = demo(state)
    signal.signal(signal.SIGHUP, before)
    with started as process:
        read_until(process, "A call to 18001567")
        process.send_signal(by)
        said, _ = process.communicate()
    assert process.returncode == 130, said
    assert said.splitlines()[-1] == "Stopped; nothing is left behind."
    assert running(state) == []
    assert not state.exists()
