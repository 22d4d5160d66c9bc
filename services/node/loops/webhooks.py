"""Events are brought to the member's own programs, for ever.

One task an endpoint, so that one that is away holds up no other. What waits stands
in the database, so a node that was down brings what happened meanwhile.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.changes import Change, Concern
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.published import Published
from services.node.flows.tell import Receivers, begin, due, settle, take

_LONGEST_SLEEP = 30.0
_SHORTEST_SLEEP = 0.05
_SLEEP_WHILE_SERVED = 1.0
_REST = 1.0

_DONE = Change(frozenset({Concern.WEBHOOKS}))
"""A task ended: what became due meanwhile is for the next one."""


class WebhookLoop:
    """Tells programs what happened."""

    def __init__(
        self, own: OwnMember, published: Published, receivers: Receivers, clocks: Clocks
    ) -> None:
        self._own = own
        self._published = published
        self._receivers = receivers
        self._clocks = clocks
        self._tasks: dict[bytes, asyncio.Task[None]] = {}
        self._begun = False
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Bring what is due, at every change and when the next is due."""
        try:
            while True:
                changed = self._published.next_work(Concern.WEBHOOKS)
                try:
                    sleep = await self._dispatch()
                except RelaisError as error:
                    self._log.warning("webhook.waiting", code=error.code)
                    sleep = _REST
                try:
                    async with asyncio.timeout(sleep):
                        await changed.wait()
                except TimeoutError:
                    continue
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _dispatch(self) -> float:
        now = self._clocks.now().wire
        if not self._begun:
            await begin(self._own, now)
            self._begun = True
        endpoints, following = await due(self._own, now)
        for each in endpoints:
            if each not in self._tasks or self._tasks[each].done():
                task = asyncio.create_task(self._serve(each))
                # What became due meanwhile is not this task's any more.
                task.add_done_callback(lambda _: self._published.notify(_DONE))
                self._tasks[each] = task
        if following is None:
            return _LONGEST_SLEEP
        if following <= now:
            return _SLEEP_WHILE_SERVED
        seconds = (following - now).total_seconds()
        return min(max(seconds, _SHORTEST_SLEEP), _LONGEST_SLEEP)

    async def _serve(self, endpoint_id: bytes) -> None:
        """Tell one endpoint until nothing is due."""
        try:
            while await self._tell_once(endpoint_id):
                continue
        except RelaisError as error:
            self._log.warning("webhook.waiting", code=error.code)
            await asyncio.sleep(_REST)
        except Exception:  # noqa: BLE001 - logged, and tried again
            # A fault of this program at one endpoint must not hold up the others.
            self._log.exception("webhook.fault")
            await asyncio.sleep(_REST)

    async def _tell_once(self, endpoint_id: bytes) -> bool:
        """One try; True if there may be more to tell now."""
        telling = await take(self._own, endpoint_id, self._clocks.now().wire)
        if telling is None:
            return False
        status, problem = 0, ""
        try:
            status = await self._receivers.post(
                telling.url, telling.headers, telling.body
            )
        except RelaisError as error:
            problem = error.code.removeprefix("webhook.")
        ended = await settle(
            self._own, telling, status, problem, self._clocks.now().wire
        )
        self._log.info(
            "webhook.tried",
            endpoint=endpoint_id.hex(),
            status=status,
            problem=problem,
            disabled=ended,
        )
        return True
