"""However many act at once, what waits to be written stays bounded, and is told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from services.node.domain.errors import InvalidInputError, UnavailableError
from services.node.loops.writer import Writer


class Slow:
    """An act that decides when it is let, and is refused then."""

    def __init__(self, let: asyncio.Event) -> None:
        self._let = let

    async def decide(self, _connection: Any) -> Any:
        await self._let.wait()
        raise InvalidInputError("act.bad", "It may not be done.")


def writer_for(most: int) -> Writer:
    """One that writes nothing: its acts come to no plan."""
    own: Any = SimpleNamespace(database=SimpleNamespace(reads=None))
    nothing: Any = None
    return Writer(own, nothing, nothing, ("", 0), most=most)


async def test_one_act_too_many_is_refused_for_now_and_its_place_is_free_again():
    writer, let = writer_for(3), asyncio.Event()
    waiting = [asyncio.ensure_future(writer.submit(Slow(let))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError) as refused:
        await writer.submit(Slow(let))
    assert (refused.value.code, refused.value.wait) == ("node.busy", 1.0)
    waiting[0].cancel()
    await asyncio.wait([waiting[0]])
    let.set()
    for each in (writer.submit(Slow(let)), *waiting[1:]):
        with pytest.raises(InvalidInputError):
            await each
