"""``make chaos``: a network under random faults, and whether anything was lost.

``--seed`` plans faults and stories; ``--minutes`` says for how long faults come.
Prints its progress, then the faults by kind, the handoffs made and every violation.
Exit 1 if there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.run import chaos
from tests.chaos.world import World


def main() -> int:
    """One run."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--minutes", type=float, default=10)
    wanted.add_argument("--rounds", type=int, default=0, help="instead of minutes")
    wanted.add_argument("--each-handoff", action="store_true")
    wanted.add_argument("--keep", action="store_true", help="wait if it found any")
    chosen = wanted.parse_args()
    _say(f"seed {chosen.seed}, {chosen.minutes:g} minutes")
    with (
        tempfile.TemporaryDirectory(prefix="relais-chaos-") as folder,
        World(Path(folder)) as world,
    ):
        report = asyncio.run(
            chaos(
                world,
                chosen.seed,
                chosen.minutes,
                chosen.rounds,
                _say,
                each_handoff=chosen.each_handoff,
            )
        )
        for line in report.lines():
            _say(line)
        if report.findings and chosen.keep:
            _say(f"kept until Enter: {folder}")
            sys.stdin.readline()
    return bool(report.findings)


def _say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
