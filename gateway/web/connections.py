"""Connections of the gateway's listeners: whoever opens one says something, and soon.

A connection whose request does not come takes a place from somebody who works
(slow-loris). So a head has to be whole within ``HEAD_SECONDS`` after the connection
was opened or the head begun, and one address holds no more than ``MOST_OF_ADDRESS`` of
them. Between two requests the server's own ``timeout_keep_alive`` counts; how slowly a
body may come is for ``limits``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from ipaddress import IPv6Address
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""For a line of 64 kbit/s and 800 ms ten times more than a head takes."""
MOST_OF_ADDRESS = 256
"""Connections; an office behind one address, with a stream for each open page."""
_NET_BITS = 64
"""Of an IPv6 address, what its provider gave: the rest is its holder's to choose."""


def counted_as(address: str) -> str:
    """What counts as one address: a whole one of IPv4, the /64 of one of IPv6."""
    if ":" not in address:
        return address
    whole = IPv6Address(address)
    if whole.ipv4_mapped is not None:
        return str(whole.ipv4_mapped)
    return f"{IPv6Address(int(whole) >> _NET_BITS << _NET_BITS)}/{_NET_BITS}"


class PunctualProtocol(H11Protocol):
    """Ends a connection that says nothing, or one head too slowly."""

    _of_address: ClassVar[Counter[str]] = Counter()

    _late: asyncio.TimerHandle | None = None
    _address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Counts it, and waits for its first head."""
        super().connection_made(transport)
        self._address = counted_as(self.client[0]) if self.client else ""
        self._of_address[self._address] += 1
        if self._of_address[self._address] > MOST_OF_ADDRESS:
            transport.abort()
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Counts it no longer."""
        super().connection_lost(exc)
        self._wait_no_more()
        self._of_address[self._address] -= 1
        if not self._of_address[self._address]:
            del self._of_address[self._address]

    def data_received(self, data: bytes) -> None:
        """Waits for the rest of a head that has begun, and for nothing else."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif self._late is None and self.conn.trailing_data[0]:
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
