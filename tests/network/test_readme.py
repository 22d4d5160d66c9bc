"""The README's commands do what it says, as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.network.demos import running

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
RELAIS = ".venv/bin/relais"
DEMO = ROOT / ".relais" / "demo"
"""Where `make demo` keeps what it removes in the end."""


def commands() -> list[str]:
    """Every command in a fenced block, but ``make test``, which runs us."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    return [line for line in lines if line and line != "make test"]


def test_every_command_is_one_that_is_run():
    """A line of another kind would be left out in silence."""
    assert [
        each for each in commands() if not each.startswith(("make ", f"{RELAIS} "))
    ] == []
    assert {
        *("make demo", "make up", "make status", "make down", "make help"),
        f"{RELAIS} audit verify --all",
    } <= set(commands())


@pytest.mark.timeout(600)
def test_every_command_of_the_readme_succeeds_in_order(tmp_path):
    """In a state folder of its own, beside whatever runs on this machine."""
    state = tmp_path / "state"
    # As one types it: a make that runs these tests is nobody's business here.
    plain = {name: said for name, said in os.environ.items() if "MAKE" not in name}
    ours = {**plain, "STATE": str(state), "UP": "--free-ports"}
    try:
        for command in commands():
            done = run(command, state, ours)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            if command.startswith("make demo"):
                told_to_its_end(done.stdout)
    finally:
        run("make down", state, ours)


def told_to_its_end(said: str) -> None:
    """Every ledger was verified in the end, and nothing of the demo is left."""
    handoffs, nodes, ledgers = said.splitlines()[-3:]
    assert "handoffs, each receipted and logged at both ends." in handoffs
    assert nodes.startswith("25 nodes")
    assert ledgers.startswith("25 ledgers verified")
    assert ledgers.endswith("nothing was changed.")
    assert running(DEMO) == []
    assert not DEMO.exists()


def run(
    command: str, state: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """One line as it is written; `relais` is told the state folder as make is.

    What only reads files has no network and takes no such folder.
    """
    words = command.split()
    if words[0] == RELAIS:
        words = [sys.executable, "-m", "services.cli", *words[1:]]
        if words[3] != "policy":
            words += ["--state", str(state)]
    return subprocess.run(
        words,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
