"""A bare ``grpc.aio`` unary echo over TLS: the measure that the others are told in.

``python -m tests.bench.echo FOLDER`` serves, in a process of its own like a node,
and says its port; ``echo`` starts it and asks. As between nodes both ends show
certificates; nothing is parsed, stored or signed.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc

from services.node.keys.tls import create_certificate

CONCURRENCIES = (1, 4, 16, 32, 64)
_METHOD = "/bench.Echo/Say"
_NAME = "echo"


class Echo:
    """A client of the echo; ``say`` is one call."""

    def __init__(self, channel: grpc.aio.Channel, payload: bytes) -> None:
        self._say: Any = channel.unary_unary(_METHOD)
        self._payload = payload

    async def say(self) -> None:
        """Send the payload and get it back."""
        await self._say(self._payload)

    async def rate(self, at_once: int, seconds: float) -> float:
        """Calls a second with so many in flight."""
        began = time.perf_counter()
        done = 0

        async def one() -> None:
            nonlocal done
            while time.perf_counter() - began < seconds:
                await self.say()
                done += 1

        await asyncio.gather(*(one() for _ in range(at_once)))
        return done / (time.perf_counter() - began)

    async def best_rate(self, seconds: float) -> float:
        """The best of the concurrencies, ``seconds`` for each."""
        return max([await self.rate(each, seconds) for each in CONCURRENCIES])


def make_identity(folder: Path) -> None:
    """A key and a certificate for both ends."""
    key, certificate = create_certificate(_NAME, datetime.now(UTC))
    (folder / "key").write_bytes(key)
    (folder / "certificate").write_bytes(certificate)


@asynccontextmanager
async def echo(folder: Path, payload: bytes) -> AsyncIterator[Echo]:
    """An echo in its own process, asked over TLS; ended at the end."""
    await asyncio.to_thread(make_identity, folder)
    key, certificate = await asyncio.to_thread(_identity, folder)
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.echo", str(folder)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    credentials = grpc.ssl_channel_credentials(certificate, key, certificate)
    options = (("grpc.ssl_target_name_override", f"{_NAME}.relais.invalid"),)
    address = f"localhost:{port}"
    try:
        async with grpc.aio.secure_channel(address, credentials, options) as line:
            yield Echo(line, payload)
    finally:
        server.terminate()
        await server.wait()


def _identity(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "key").read_bytes(), (folder / "certificate").read_bytes()


async def _answer(request: bytes, _: grpc.aio.ServicerContext) -> bytes:
    return request


async def serve(folder: Path) -> None:
    """Answer for ever, on a port that is free."""
    key, certificate = await asyncio.to_thread(_identity, folder)
    server = grpc.aio.server()
    handler: Any = grpc.unary_unary_rpc_method_handler(_answer)
    generic = grpc.method_handlers_generic_handler("bench.Echo", {"Say": handler})
    server.add_generic_rpc_handlers((generic,))
    credentials = grpc.ssl_server_credentials(
        [(key, certificate)], certificate, require_client_auth=True
    )
    port = server.add_secure_port("localhost:0", credentials)
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
