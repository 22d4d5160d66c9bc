"""A file as a picture with a mark across it: who opened it, when, and which copy.

Promises that nothing which somebody else made is decoded in the gateway or sent to
a browser to decode: a process with bounds does it, one at a time, and what it makes
is kept nowhere. A picture that is huge once it is decoded is refused by the bounds.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from gateway.documents.page import FONTS
from services.node.domain.errors import InvalidInputError

LARGEST_SHOWN = 50 * 1024 * 1024
"""Bytes; what is larger is only downloaded."""
WIDE, SMALL = 800, 160
"""Widths in dots: of a page, and of a small picture in a list."""
MOST_PAGES = 200
_SECONDS = 30.0
_one_at_a_time = asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose eyes a picture was opened for."""

    unit: str
    officer: str
    when: datetime
    said_when: str
    alias: str
    attachment_id: bytes

    @property
    def copy(self) -> str:
        """The number of this copy: who knows a look in the log can tell it again."""
        seen = f"{self.attachment_id.hex()}|{self.officer}|{self.when.isoformat()}"
        return sha256(seen.encode()).hexdigest()[:8]

    @property
    def line(self) -> str:
        """What stands across the picture."""
        said = (self.unit, self.officer, self.said_when, self.alias, f"№ {self.copy}")
        return " · ".join(said)


async def marked(
    media_type: str,
    content: AsyncIterator[bytes],
    mark: Mark,
    *,
    page: int = 1,
    width: int = WIDE,
) -> bytes:
    """One page of a file as PNG.

    Raises InvalidInputError ``attachment.cannot_be_shown``.
    """
    said = {
        "format": {"image/jpeg": "jpg", "image/png": "png"}.get(media_type, "pdf"),
        "page": page,
        "width": width,
        "fonts": FONTS,
        "mark": mark.line,
    }
    async with _one_at_a_time:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway.documents.shown_file",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        feeding = asyncio.ensure_future(_feed(process, said, content))
        try:
            async with asyncio.timeout(_SECONDS):
                assert process.stdout is not None  # noqa: S101 - asked for above
                picture = await process.stdout.read(-1)
                await feeding
                await process.wait()
        except (TimeoutError, OSError):
            picture = b""
        finally:
            feeding.cancel()
            if process.returncode is None:
                process.kill()
                await process.wait()
    if not picture:
        raise cannot_be_shown()
    return picture


async def _feed(
    process: asyncio.subprocess.Process,
    said: dict[str, object],
    content: AsyncIterator[bytes],
) -> None:
    to = process.stdin
    assert to is not None  # noqa: S101 - asked for by whoever started it
    to.write(json.dumps(said).encode() + b"\n")
    try:
        async for piece in content:
            to.write(piece)
            await to.drain()
    finally:
        to.close()


def cannot_be_shown() -> InvalidInputError:
    """What is said of a file that opens only in a program of its own."""
    return InvalidInputError(
        "attachment.cannot_be_shown",
        "This file cannot be shown here as a picture.",
        remedy="Download it, and open it on a device that your member trusts.",
    )
