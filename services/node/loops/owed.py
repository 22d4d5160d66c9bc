"""What a node owes by itself is done as soon as it is, and tried again where it fails.

What is owed stands in the database, so nothing is forgotten by a crash. One act that
cannot be done holds up no other: it rests for a second, and beside it is asked for as
many more as rest, so that those that rest hide none that is ready.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.node.domain.errors import RelaisError
from services.node.flows.changes import Concern
from services.node.flows.plan import Act, Submit
from services.node.flows.published import Published

_LONGEST_SLEEP = 5.0
#: Seconds until what could not be done is tried again.
_REST = 1.0

Owed = Callable[[int], Awaitable[dict[bytes, Act]]]
"""What is owed now, at most so many of each kind, by what it is about."""


async def do_what_is_owed(
    owed: Owed,
    most: int,
    *,
    published: Published,
    submit: Submit,
    concern: Concern,
    failed: Callable[[str], object],
) -> None:
    """Do it, at every change of that ``concern``, for ever; ``failed`` gets codes."""
    resting: dict[bytes, float] = {}
    while True:
        changed = published.next_work(concern)
        now = asyncio.get_running_loop().time()
        try:
            acts = await owed(most + len(resting))
        except RelaisError as error:
            failed(error.code)
            await _first_of(changed, _REST)
            continue
        ready = [each for each in acts if resting.get(each, 0.0) <= now]
        # What is not owed any more rests no longer.
        resting = {each: resting[each] for each in acts if resting.get(each, 0.0) > now}
        outcomes = await asyncio.gather(
            *(submit(acts[each]) for each in ready), return_exceptions=True
        )
        for each, outcome in zip(ready, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                failed(_code_of(outcome))
                resting[each] = now + _REST
        await _first_of(changed, _REST if resting else _LONGEST_SLEEP)


def _code_of(error: BaseException) -> str:
    return error.code if isinstance(error, RelaisError) else type(error).__name__


async def _first_of(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        return
