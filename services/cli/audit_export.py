"""A node's log out of the node, over its local socket, into a file.

Promises: a file appears whole or not at all, mode 0600. Items are written as they
come and never decoded: what is verified later is what the node said.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from services.cli.local_channel import local_channel
from services.node.wire.audit import encode_export_request, framed

METHOD = "/relais.audit.v1.AuditService/Export"
_SECONDS = 3600.0
"""In which a whole log has to have come."""


async def export_log(socket: Path, officer: str, stream: BinaryIO) -> None:
    """Write the log of the node behind ``socket``, as the auditor ``officer``.

    Raises what the node refuses and ``UnavailableError``
    (``cli.node_unreachable``).
    """
    async with local_channel(socket) as channel:
        # Bytes in, bytes out: without serializers nothing is decoded here.
        ask: Any = channel.unary_stream(METHOD)
        async for raw in ask(encode_export_request(officer), timeout=_SECONDS):
            stream.write(framed(raw))


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name when it is complete.

    One of that name is replaced then, and stays if anything is raised.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
