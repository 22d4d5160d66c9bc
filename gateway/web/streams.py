"""Answers that are as long as what the node holds.

Promises that a refusal of the node is answered as one: the first part is here before
a status goes out. Leaves to the node's client to close what it opened.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

V = TypeVar("V")


async def begun(parts: AsyncGenerator[V, None]) -> AsyncGenerator[V, None]:
    """The same parts, the first of them fetched already; raises what it raises."""
    found: list[V] = []
    async for first in parts:
        found.append(first)
        break
    return _rest(found, parts)


async def _rest(
    found: list[V], parts: AsyncGenerator[V, None]
) -> AsyncGenerator[V, None]:
    async with aclosing(parts):
        for each in found:
            yield each
        async for each in parts:
            yield each
