"""How much one request may say: more is refused before anything reads it.

The server in front of the application limits a request's head only while it is
incomplete, and Starlette limits a form field by field; neither limits the whole, nor
how slowly a body comes.
"""

from __future__ import annotations

import asyncio
import re

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.web.uploads import LARGEST_PAPER, MOST_SENT

_MOST_HEAD = 32_768
"""Bytes of the path and of all headers."""
_MOST_BODY = 1_048_576
"""Bytes of a form, or of a piece of a file."""
_UPLOAD = re.compile(r"/cases/[^/]+/files")
"""Where a whole file comes at once; it is read as a stream and kept nowhere here."""
_VERIFY = "/verify"
_HEAD_TOO_LARGE, _BODY_TOO_LARGE, _TOO_SLOW = 431, 413, 408
GRACE_SECONDS = 60.0
"""How long nothing of a body may come, before the slowest line is reckoned."""
SLOWEST_LINE = 256
"""Bytes a second, over the whole of a body: a thirtieth of 64 kbit/s."""


class Limits:
    """ASGI middleware: refuses what is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts the head now and the body while it comes.

        Raises:
            HTTPException: 413 to whoever reads a body that is too large, 408 to whom
                waits for one that comes too slowly.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _head(scope) > _MOST_HEAD:
            await Response(status_code=_HEAD_TOO_LARGE)(scope, receive, send)
            return
        body = _Body(_most_of(scope), receive, send)
        await self._app(scope, body.receive, body.send)


class _Body:
    """A body as it comes: how much of it, and how fast."""

    def __init__(self, most: int, receive: Receive, send: Send) -> None:
        self._most, self._receive, self._send = most, receive, send
        self._began = asyncio.get_running_loop().time()
        self._came = 0
        self._whole = self._given_up = False

    async def receive(self) -> Message:
        """The next part; once all came, whoever asks waits for the end."""
        if self._whole:
            return await self._receive()
        try:
            late = self._began + GRACE_SECONDS + self._came / SLOWEST_LINE
            async with asyncio.timeout_at(late):
                message = await self._receive()
        except TimeoutError as error:
            self._given_up = True
            raise HTTPException(_TOO_SLOW) from error
        self._whole = not message.get("more_body", False)
        self._came += len(message.get("body", b""))
        if self._came > self._most:
            raise HTTPException(_BODY_TOO_LARGE)
        return message

    async def send(self, message: Message) -> None:
        """The answer; the rest of a body that was given up is not waited for."""
        if self._given_up and message["type"] == "http.response.start":
            ends = (b"connection", b"close")
            message = {**message, "headers": [*message["headers"], ends]}
        await self._send(message)


def _most_of(scope: Scope) -> int:
    if scope["method"] == "POST" and _UPLOAD.fullmatch(scope["path"]):
        return MOST_SENT
    if scope["method"] == "POST" and scope["path"] == _VERIFY:
        return 2 * LARGEST_PAPER
    return _MOST_BODY


def _head(scope: Scope) -> int:
    named = sum(len(name) + len(value) for name, value in scope["headers"])
    return named + len(scope["raw_path"]) + len(scope["query_string"])
