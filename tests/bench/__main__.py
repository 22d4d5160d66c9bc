"""Measure what was promised, and say what is reached and what is missed.

``make bench`` runs it. ``--handoffs`` and ``--backlog`` set how much is done;
``--only`` measures one part. Exit 0 whatever the figures are: they depend on the
machine, and a table that is read is worth more than a test that is sometimes red.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from services.cli.network import Network
from tests.bench import footprint, handoffs, worklist
from tests.bench.echo import echo
from tests.bench.figures import HEADING, Figure
from tests.bench.pair import CLOCK, FOUNDERS, GIVER, RECEIVER, pair
from tests.network.part_of_vietnam import part_of_vietnam

PARTS = ("handoffs", "footprint", "worklist")
_REFERRALS = 500
"""In service at once: only the first unsent envelope of each is ever due."""


def main() -> None:
    """Measure the parts that are wanted and print a table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--only", choices=PARTS, action="append")
    wanted.add_argument("--handoffs", type=int, default=2000)
    wanted.add_argument("--backlog", type=int, default=10_000)
    chosen = wanted.parse_args()
    parts = chosen.only or PARTS
    _say(f"{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f} before it began")
    _say(HEADING)
    if {"handoffs", "footprint"} & set(parts):
        with part_of_vietnam((GIVER, RECEIVER, *FOUNDERS), CLOCK) as network:
            asyncio.run(_between_two(network, parts, chosen))
    if "worklist" in parts:
        _tell(worklist.measured())


async def _between_two(
    network: Network, parts: tuple[str, ...], chosen: argparse.Namespace
) -> None:
    async with pair(network, _REFERRALS) as nodes:
        if "footprint" in parts:
            _tell(await footprint.started(nodes))
            _tell(await footprint.loaded(nodes, chosen.handoffs))
        if "handoffs" in parts:
            with tempfile.TemporaryDirectory(prefix="relais-echo-") as folder:
                async with echo(Path(folder), bytes(handoffs.PAYLOAD)) as bare:
                    _tell(
                        await handoffs.measured(
                            nodes,
                            bare,
                            handoffs=chosen.handoffs,
                            backlog=chosen.backlog,
                        )
                    )


def _tell(figures: list[Figure]) -> None:
    for each in figures:
        _say(each.line())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
