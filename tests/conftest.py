"""What holds for every layer: what could not run is said loudly at the end."""

from __future__ import annotations

from collections import Counter

import pytest


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
