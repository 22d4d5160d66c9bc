"""What holds for every layer: where files are made, and what could not run.

Temporary files lie in memory where there is room: a hundred databases then cost no
disk. What could not run is said loudly at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest

# Read once, when gRPC is imported, which no test file has done yet. Tests start
# programs as another account while channels are open; with its support for forking,
# gRPC sometimes ends such a program before it has begun.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

_MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own are made in it
_ROOM = 4 << 30
"""Bytes that must be free there."""


def pytest_configure() -> None:
    """Once: workers and the commands that tests start inherit it."""
    if "TMPDIR" in os.environ or not _MEMORY.is_dir():
        return
    if shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # was perhaps asked for before


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names every reason for which tests did not run, with their number."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in skipped)
    if not reasons:
        return
    terminalreporter.section("NOT RUN on this machine", bold=True, yellow=True)
    for reason, times in reasons.most_common():
        terminalreporter.write_line(f"{times} test(s): {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    place = report.longrepr
    if isinstance(place, tuple):
        return str(place[2]).removeprefix("Skipped: ")
    return str(place)
