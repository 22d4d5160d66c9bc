"""How much memory a node takes, idle and at work, and how soon it serves."""

from __future__ import annotations

import asyncio
import time

import psutil

from tests.bench.figures import Figure
from tests.bench.handoffs import rate
from tests.bench.pair import RECEIVER, Pair

_MIB = 1024 * 1024
_LOADS = 3
"""How often the same work is done: what grows from one to the next is a leak."""
_FLAT = 1.05


def memory(pair: Pair) -> float:
    """Resident memory of the receiver's node, MiB."""
    (found,) = [each for each in pair.network.members() if each.name == RECEIVER]
    return float(psutil.Process(found.pid).memory_info().rss) / _MIB


async def started(pair: Pair) -> list[Figure]:
    """Restart the receiver's node: how soon it serves, and its memory then."""
    await asyncio.to_thread(pair.network.kill, RECEIVER)
    began = time.perf_counter()
    await asyncio.to_thread(pair.network.restart, RECEIVER)
    seconds = time.perf_counter() - began
    return [
        Figure("node serves after its database", seconds, 1.0, "s", "from its start"),
        Figure("memory of a node, idle", memory(pair), 80, "MiB", "after its start"),
    ]


async def loaded(pair: Pair, handoffs: int) -> list[Figure]:
    """Memory at work, and whether it stays where it is."""
    sizes = []
    for _ in range(_LOADS):
        await rate(pair, handoffs)
        sizes.append(memory(pair))
    told = ", ".join(f"{each:.0f}" for each in sizes)
    return [
        Figure("memory of a node, loaded", max(sizes), 160, "MiB", f"after: {told}"),
        Figure(
            "memory, of what it was before",
            sizes[-1] / sizes[-2],
            _FLAT,
            "×",
            f"the same {handoffs} handoffs again",
        ),
    ]
