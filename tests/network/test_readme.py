"""The README's commands do what it says, as written."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(make (?!test\b).+?)(?: *#.*)?$", re.MULTILINE)


def commands() -> list[str]:
    """Every make command in a fenced block, but ``make test``, which runs us."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [
        command for block in FENCE.findall(text) for command in COMMAND.findall(block)
    ]


@pytest.mark.timeout(600)
def test_every_make_command_of_the_readme_succeeds_in_order(tmp_path):
    """In a state folder of its own, beside whatever runs on this machine."""
    ours = {**os.environ, "STATE": str(tmp_path / "state"), "UP": "--free-ports"}
    assert "make demo" in commands()
    for command in commands():
        done = subprocess.run(
            command.split(),
            cwd=ROOT,
            env=ours,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
