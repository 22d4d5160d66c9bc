"""One POST to an endpoint of the member's own, and the status of its answer.

Promises that nothing inside can be reached by it: https only, to an address that is
on the public internet or whose host the operator named, resolved once and called at
exactly that address; no redirect is followed, no proxy asked, no cookie kept; it ends
after ten seconds, and of the answer a few kilobytes are read, up to the status, and
nothing is kept. Leaves to others what is said and when.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult

from services.node.domain.errors import UnavailableError, VerificationError
from services.node.domain.webhooks import (
    check_url,
    host_of,
    is_public,
    not_public,
    port_of,
    target_of,
)

SECONDS = 10.0
_MOST_BYTES = 8192
_MOST_INTERIM = 4
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: |\r)")
_OK = 200


class WebhookClient:
    """Posts to endpoints; ``hosts`` are those that the operator named.

    ``authorities`` is a file with more certificates to trust than the machine's.
    """

    def __init__(self, hosts: Iterable[str], authorities: Path | None = None) -> None:
        self._hosts = frozenset(hosts)
        self._tls = ssl.create_default_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        if authorities is not None:
            self._tls.load_verify_locations(authorities)

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """The status of the answer.

        Raises InvalidInputError ``webhook.bad_address`` and ``webhook.bad_url``,
        VerificationError ``webhook.bad_certificate``, and UnavailableError
        ``webhook.timeout``, ``webhook.unreachable`` and ``webhook.no_http``.
        """
        parts = check_url(url, self._hosts)
        try:
            async with asyncio.timeout(SECONDS):
                return await self._post(parts, headers, body)
        except TimeoutError:
            raise UnavailableError(
                "webhook.timeout", "The endpoint did not answer in time."
            ) from None
        except ssl.SSLCertVerificationError:
            raise VerificationError(
                "webhook.bad_certificate", "The endpoint's certificate is not trusted."
            ) from None
        except (OSError, asyncio.IncompleteReadError):
            raise UnavailableError(
                "webhook.unreachable", "The endpoint cannot be reached."
            ) from None
        except (asyncio.LimitOverrunError, ValueError):
            raise UnavailableError(
                "webhook.no_http", "The endpoint answered no HTTP."
            ) from None

    async def _post(
        self, parts: SplitResult, headers: dict[str, str], body: bytes
    ) -> int:
        address = await self._address(parts)
        reader, writer = await asyncio.open_connection(
            address,
            port_of(parts),
            ssl=self._tls,
            server_hostname=host_of(parts),
            limit=_MOST_BYTES,
        )
        try:
            writer.write(_request(parts, headers, body))
            await writer.drain()
            return await _status(reader)
        finally:
            # Whatever else is said is nobody's business.
            writer.transport.abort()

    async def _address(self, parts: SplitResult) -> str:
        """One address of the host; all have to be public, or the host named."""
        host = host_of(parts)
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port_of(parts), type=socket.SOCK_STREAM
        )
        addresses = [str(each[4][0]) for each in found]
        if host not in self._hosts and not all(map(is_public, addresses)):
            raise not_public()
        return addresses[0]


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of the final answer; interim ones are passed over."""
    for _ in range(_MOST_INTERIM):
        line = await reader.readuntil(b"\n")
        found = _STATUS.match(line)
        if found is None:
            raise ValueError
        status = int(found[1])
        if status >= _OK:
            return status
        while (await reader.readuntil(b"\n")).strip():
            continue
    raise ValueError


def _request(parts: SplitResult, headers: dict[str, str], body: bytes) -> bytes:
    said = {
        "host": parts.netloc,
        "user-agent": "Relais",
        "content-length": str(len(body)),
        "connection": "close",
    } | headers
    lines = [f"POST {target_of(parts)} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in said.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body
