"""Asks every node, as its auditor, who it believes is answerable.

Promises: nothing about a person is asked or read. Nodes at work go on between one
answer and the next, so what looks wrong is asked again, and only what stays wrong
is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.cli.local_channel import local_channel
from services.cli.network_faults import MemberView, NetworkReport, check_views
from services.node.domain.errors import UnavailableError
from services.node.wire.answerability import (
    CaseAnswerability,
    NodeNow,
    decode_response,
    encode_request,
)

METHOD = "/relais.audit.v1.AuditService/ListAnswerability"
_ROUNDS = 3
_PAUSE = 1.0
_SECONDS = 60.0
"""In which one node has to have answered."""


async def check_nodes(
    sockets: Mapping[str, Path], officer: str, pause: float = _PAUSE
) -> NetworkReport:
    """Ask every node as the auditor ``officer``; again where something is wrong.

    ``pause`` is in seconds. Raises what a node refuses, such as
    ``people.role_may_not``; a node that does not answer is a fault of the report.
    """
    report = await _ask_all(sockets, officer)
    for _ in range(_ROUNDS - 1):
        if not report.faults:
            break
        await asyncio.sleep(pause)
        report = await _ask_all(sockets, officer)
    return report


async def _ask_all(sockets: Mapping[str, Path], officer: str) -> NetworkReport:
    views = await asyncio.gather(
        *(_ask(member, socket, officer) for member, socket in sockets.items())
    )
    return check_views(views)


async def _ask(member: str, socket: Path, officer: str) -> MemberView:
    now: NodeNow | None = None
    cases: list[CaseAnswerability] = []
    try:
        async with local_channel(socket) as channel:
            # Bytes in, bytes out: only wire knows the messages.
            ask: Any = channel.unary_stream(METHOD)
            async for raw in ask(encode_request(officer), timeout=_SECONDS):
                item = decode_response(raw)
                if isinstance(item, NodeNow):
                    now = item
                else:
                    cases.append(item)
    except UnavailableError:
        return MemberView(member, None)
    return MemberView(member, now, tuple(cases))
