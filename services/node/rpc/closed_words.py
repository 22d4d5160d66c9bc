"""What members say of receiving anybody new, as it stands in a probe."""

from __future__ import annotations

from datetime import datetime

import structlog

from relais.exchange.v1 import probe_pb2
from services.node.domain.closed_to_new import ClosedToNew
from services.node.domain.errors import RelaisError
from services.node.flows.closed_to_new import OwnWord, hear
from services.node.flows.own import OwnMember
from services.node.wire.mapping import from_message, to_message

Said = probe_pb2.ProbeRequest | probe_pb2.ProbeResponse


def word_to(word: OwnWord | None) -> probe_pb2.ClosedToNew | None:
    """What this member says; one without an end says that it receives."""
    if word is None:
        return None
    if word.closed is None:
        return probe_pb2.ClosedToNew()
    message: probe_pb2.ClosedToNew = to_message(word.closed, probe_pb2.ClosedToNew)
    return message


async def keep_word(own: OwnMember, member: str, said: Said, now: datetime) -> None:
    """Keep what the other end says of itself, if it says anything.

    What cannot be kept is logged, and the probe goes on: it is about more than this.
    """
    if not said.HasField("closed_to_new"):
        return
    word = said.closed_to_new
    try:
        closed = from_message(word, ClosedToNew) if word.until else None
        await hear(own, member, closed, now)
    except RelaisError as error:
        log = structlog.get_logger()
        log.warning("word.not_kept", peer=member, code=error.code)
