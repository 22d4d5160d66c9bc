"""How much one request may say: more is refused before anything reads it.

The server in front of the application limits a request's head only while it is
incomplete, and Starlette limits a form field by field; neither limits the whole.
"""

from __future__ import annotations

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
_HEAD_TOO_LARGE, _BODY_TOO_LARGE = 431, 413


class Limits:
    """ASGI middleware: refuses what is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts the head now and the body while it comes.

        Raises:
            HTTPException: 413 to whoever reads a body that is too large.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _head(scope) > _MOST_HEAD:
            await Response(status_code=_HEAD_TOO_LARGE)(scope, receive, send)
            return
        came, most = 0, _MOST_BODY
        if scope["method"] == "POST" and _UPLOAD.fullmatch(scope["path"]):
            most = MOST_SENT
        elif scope["method"] == "POST" and scope["path"] == _VERIFY:
            most = 2 * LARGEST_PAPER

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(_BODY_TOO_LARGE)
            return message

        await self._app(scope, counted, send)


def _head(scope: Scope) -> int:
    named = sum(len(name) + len(value) for name, value in scope["headers"])
    return named + len(scope["raw_path"]) + len(scope["query_string"])
