"""Places for event streams: few for a session, not too many in all, none for ever."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from gateway.web.event_streams import MOST, MOST_OF_SESSION, Ended, Streams


@pytest.fixture
def stack():
    with ExitStack() as found:
        yield found


async def test_the_oldest_of_a_session_makes_room_and_nobody_else_s(stack):
    streams = Streams()
    theirs = stack.enter_context(streams.opened("theirs"))
    own = [
        stack.enter_context(streams.opened("own")) for _ in range(MOST_OF_SESSION + 1)
    ]
    assert own[0].result() is Ended.FULL
    assert not any(each.done() for each in (*own[1:], theirs))


async def test_all_together_leave_the_node_calls_for_those_who_work(stack):
    streams = Streams()
    held = [stack.enter_context(streams.opened(f"s{n}")) for n in range(MOST)]
    late = stack.enter_context(streams.opened("late"))
    assert late.result() is Ended.FULL
    assert not any(each.done() for each in held)


async def test_what_was_left_leaves_its_place():
    streams = Streams()
    for _ in range(MOST + 1):
        with streams.opened("own") as ending:
            assert not ending.done()
    assert len(streams) == 0


async def test_a_session_that_ends_takes_its_streams_along(stack):
    streams = Streams()
    own, theirs = (stack.enter_context(streams.opened(each)) for each in ("o", "t"))
    streams.end("o")
    streams.end("o")
    streams.end("nobody")
    assert own.result() is Ended.OVER
    assert not theirs.done()


async def test_a_gateway_that_stops_ends_all_and_opens_no_more(stack):
    streams = Streams()
    own = stack.enter_context(streams.opened("o"))
    streams.close()
    assert own.result() is Ended.FULL
    assert stack.enter_context(streams.opened("late")).done()
