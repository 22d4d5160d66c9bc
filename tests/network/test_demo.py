"""`relais demo` as somebody interrupts it, and runs it again.

To its end a demo runs as a command of the README, and with other people and as
each of the stories in the tests of journey and stories.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.network.demos import running

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


@pytest.mark.timeout(600)
def test_a_killed_demo_leaves_nothing_in_the_way_of_the_next(tmp_path):
    """Nor does the next, which is stopped once it has begun to tell."""
    state = tmp_path / "demo"
    with demo(state) as killed:
        read_until(killed, "A call to 18001567")
        assert running(state)
        killed.kill()
    stopped_in_order(demo(state, seed=6), state, signal.SIGTERM)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("by", [signal.SIGHUP, signal.SIGINT])
def test_a_demo_that_is_stopped_while_it_starts_leaves_nothing_either(tmp_path, by):
    state = tmp_path / "demo"
    # Under nohup the demo would inherit that nobody hangs up.
    before = signal.signal(by, signal.SIG_DFL)
    started = demo(state)
    signal.signal(by, before)
    stopped_in_order(started, state, by, at="Starting 25 nodes")


def stopped_in_order(
    started: subprocess.Popen[str],
    state: Path,
    by: signal.Signals,
    at: str = "A call to 18001567",
) -> None:
    """It says so, ends with its code, and nothing of it is left."""
    with started as process:
        read_until(process, at)
        process.send_signal(by)
        said, _ = process.communicate()
    assert process.returncode == 130, said
    assert said.splitlines()[-1] == "Stopped; nothing is left behind."
    assert running(state) == []
    assert not state.exists()
