"""``make chaos``: a network under random faults, and whether anything was lost.

``--seed`` plans faults and stories; ``--minutes`` says for how long faults come.
Prints its progress, then the faults by kind, the handoffs made and every violation.
``--each-handoff`` instead kills every handoff of a return once at each end. Exit 1 if
anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.each_handoff import KILLS, kill_each_handoff
from tests.chaos.run import chaos
from tests.chaos.world import World
from tests.fault.small_network import SmallNetwork


def main() -> int:
    """One run."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--minutes", type=float, default=10)
    wanted.add_argument("--rounds", type=int, default=0, help="instead of minutes")
    wanted.add_argument("--each-handoff", action="store_true")
    wanted.add_argument("--keep", action="store_true", help="wait if it found any")
    chosen = wanted.parse_args()
    return _each_handoff() if chosen.each_handoff else _random(chosen)


def _random(chosen: argparse.Namespace) -> int:
    _say(f"seed {chosen.seed}, {chosen.minutes:g} minutes")
    with (
        tempfile.TemporaryDirectory(prefix="relais-chaos-") as folder,
        World(Path(folder)) as world,
    ):
        report = asyncio.run(
            chaos(world, chosen.seed, chosen.minutes, chosen.rounds, _say)
        )
        for line in report.lines():
            _say(line)
        if report.findings and chosen.keep:
            _say(f"kept until Enter: {folder}")
            sys.stdin.readline()
    return bool(report.findings)


def _each_handoff() -> int:
    """Every handoff of a return, once at each end."""
    with (
        tempfile.TemporaryDirectory(prefix="relais-chaos-") as folder,
        SmallNetwork(Path(folder)) as town,
    ):
        findings = asyncio.run(kill_each_handoff(town))
    _say(f"{KILLS} kills, each handoff of a return at each end")
    for finding in findings:
        _say(str(finding))
    return bool(findings)


def _say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
