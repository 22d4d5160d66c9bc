"""What a demo leaves behind, which is nothing."""

from __future__ import annotations

from pathlib import Path

import psutil


def running(state: Path) -> list[str]:
    """Processes that know the state folder: nodes and PostgreSQL."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if any(str(state) in each for each in command):
            found.append(" ".join(command))
    return found
