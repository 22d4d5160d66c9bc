"""The postman: a member that nobody can dial asks its mailbox for letters, on a clock.

Every so often it takes what waits, deals with it, and says so with the next question.
Receipts go back in one letter a sender. After a failure it waits longer; whoever is
reached by letter is tried again as soon as the mailbox is back.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.deliver import pause
from services.node.flows.own import OwnMember
from services.node.flows.post import Boxes, Post
from services.node.flows.read_letters import Reader

_LONGEST_WAIT = 60.0


class Postman:
    """Collects every ``tick`` seconds; ``heard_from`` learns who can be tried."""

    def __init__(
        self,
        own: OwnMember,
        post: Post,
        boxes: Boxes,
        reader: Reader,
        heard_from: Callable[[str], None],
        tick: float,
    ) -> None:
        self._own = own
        self._post = post
        self._boxes = boxes
        self._reader = reader
        self._heard_from = heard_from
        self._tick = tick
        self._dealt_with: list[bytes] = []
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Collect, for ever."""
        failures = 0
        while True:
            try:
                while await self._round():
                    continue
                failures = self._reached(failures)
            except RelaisError as error:
                failures += 1
                self._log.warning("letters.waiting", code=error.code)
            except Exception:  # noqa: BLE001 - logged, and tried again
                # One letter that this program fails at must not end the node.
                failures += 1
                self._log.exception("letters.fault")
            longest = min(pause(failures).total_seconds(), _LONGEST_WAIT)
            wait = max(self._tick, longest) if failures else self._tick
            # Jitter, so that not all members ask in the same instant; nothing
            # secret hangs on it.
            await asyncio.sleep(wait * random.uniform(0.8, 1.0))  # noqa: S311

    async def _round(self) -> bool:
        """One question; True if there may be more at once."""
        asked = self._dealt_with
        bundles = await self._boxes.collect(self._post.box(), asked)
        self._dealt_with = []
        dealt_with = await self._reader.read(bundles)
        self._dealt_with = dealt_with
        return bool(dealt_with)

    def _reached(self, failures: int) -> int:
        if failures:
            for name in self._own.adopted.directory.members:
                self._heard_from(name)
        return 0
