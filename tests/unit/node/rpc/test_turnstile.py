"""Few calls a member, and none that is silent for long."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from services.node.domain.errors import InvalidInputError, UnavailableError
from services.node.rpc.turnstile import MOST_CALLS, Turnstile, only_request, timely


async def saying(*words: str, then_silent: bool = False):
    for word in words:
        yield word
    if then_silent:
        await asyncio.Event().wait()


def test_the_fifth_call_of_a_member_is_told_to_come_again():
    turnstile = Turnstile()
    with ExitStack() as open_calls:
        for _ in range(4):
            open_calls.enter_context(turnstile.passed("yen-bai"))
        with pytest.raises(UnavailableError) as refused, turnstile.passed("yen-bai"):
            pass
        assert refused.value.code == "inbox.full"
        with turnstile.passed("son-la"):
            pass
    with turnstile.passed("yen-bai"):
        assert MOST_CALLS == 4


def test_a_call_that_failed_makes_room():
    turnstile = Turnstile(most=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="fault"), turnstile.passed("yen-bai"):
            raise ValueError("fault")


async def test_a_call_that_falls_silent_is_ended():
    words = timely(saying("a", "b", then_silent=True), 0.05)
    assert [await anext(words), await anext(words)] == ["a", "b"]
    with pytest.raises(UnavailableError) as ended:
        await anext(words)
    assert ended.value.code == "call.silent"


async def test_a_call_that_ends_in_time_ends_well():
    assert [word async for word in timely(saying("a", "b"), 5)] == ["a", "b"]


async def test_a_unary_call_has_one_request():
    assert await only_request(saying("a", "b")) == "a"
    with pytest.raises(InvalidInputError):
        await only_request(saying())
