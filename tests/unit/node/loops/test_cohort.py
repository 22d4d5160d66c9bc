"""Acts decide in step: who waits begins together, and nobody is left outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.node.loops.cohort import Cohort


class Door:
    """Acts that stay inside until they are told to leave."""

    def __init__(self) -> None:
        self.cohort = Cohort()
        self.inside: set[str] = set()
        self.leave: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *names: str) -> None:
        for name in names:
            self.leave[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._act(name))
        await self._quiet()

    async def go(self, name: str) -> None:
        self.leave[name].set()
        await self._quiet()

    async def give_up(self, name: str) -> None:
        self.tasks[name].cancel()
        await self._quiet()

    async def _act(self, name: str) -> None:
        async with self.cohort:
            self.inside.add(name)
            try:
                await self.leave[name].wait()
            finally:
                self.inside.remove(name)

    async def _quiet(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@asynccontextmanager
async def door() -> AsyncIterator[Door]:
    opened = Door()
    try:
        yield opened
    finally:
        for task in opened.tasks.values():
            task.cancel()
        await asyncio.gather(*opened.tasks.values(), return_exceptions=True)


async def test_who_comes_alone_does_not_wait():
    async with door() as at:
        await at.come("first")
        assert at.inside == {"first"}


async def test_who_waits_begins_together_when_the_last_has_left():
    async with door() as at:
        await at.come("first")
        await at.come("a", "b", "c")
        assert at.inside == {"first"}
        await at.go("first")
        assert at.inside == {"a", "b", "c"}
        await at.come("late")
        await at.go("a")
        await at.go("b")
        assert at.inside == {"c"}
        await at.go("c")
        assert at.inside == {"late"}


@pytest.mark.parametrize("gone", ["a", "b"])
async def test_who_gives_up_outside_keeps_nobody_out(gone):
    async with door() as at:
        await at.come("first")
        await at.come("a", "b")
        await at.give_up(gone)
        await at.go("first")
        assert at.inside == {"a", "b"} - {gone}


async def test_who_gives_up_inside_lets_the_others_in():
    async with door() as at:
        await at.come("first")
        await at.come("next")
        await at.give_up("first")
        assert at.inside == {"next"}


async def test_who_gives_up_in_the_moment_of_being_let_in_keeps_nobody_out():
    async with door() as at:
        await at.come("first")
        await at.come("a")
        at.leave["first"].set()
        # Now the first leaves and lets it in, and it has not run again yet.
        await asyncio.sleep(0)
        assert at.inside == set()
        await at.give_up("a")
        await at.come("b")
        assert at.inside == {"b"}


async def test_an_act_that_fails_lets_the_others_in():
    cohort = Cohort()
    with pytest.raises(ValueError, match="refused"):
        async with cohort:
            raise ValueError("refused")
    async with asyncio.timeout(1), cohort:
        pass
