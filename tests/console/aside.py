"""Async work beside a browser: Playwright's sync API holds this thread's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="aside")


def aside(work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to, done in a thread with a loop of its own."""
    return _THREAD.submit(asyncio.run, work).result()
