"""Password hashing beside the event loop, two at a time.

Promises that a hash, which takes 64 MiB and a tenth of a second, neither stops
the node's other work nor fills its memory, however many try to sign in.
"""

from __future__ import annotations

import asyncio

from services.node.keys.passwords import MEMORY_KIB, hash_password, password_holds

_AT_ONCE = 2


class Hashing:
    """The places in which passwords are hashed; one a node."""

    def __init__(self, memory_kib: int = MEMORY_KIB) -> None:
        """``memory_kib`` is what one hash takes; passwords kept keep their own."""
        self._memory_kib = memory_kib
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash of a password."""
        async with self._places:
            return await asyncio.to_thread(hash_password, password, self._memory_kib)

    async def holds(self, phc: str | None, password: str) -> bool:
        """Whether it is the password of the hash; as slow without a hash."""
        async with self._places:
            return await asyncio.to_thread(
                password_holds, phc, password, self._memory_kib
            )
