"""``python -m gateway --config FILE``: serve one member's console until stopped."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

import uvicorn

from gateway.app import make_app
from gateway.config import GatewayConfig, ProgramsSection, load_gateway_config
from gateway.web.connections import PunctualProtocol
from gateway.web.event_streams import Streams
from gateway.web.handshakes import PunctualLoop
from gateway.web.programs import CertifiedProtocol, program_config, program_tls
from services.node.config.node import LogSection
from services.node.domain.errors import RelaisError
from services.node.logs import log_to_standard_error

_EXIT_CONFIG = 78
_GRACE_SECONDS = 5
_KEPT_SECONDS = 75
"""How long a connection waits for whoever reads a page: a new one costs a far line
two round trips, and its certificate."""


class _Server(uvicorn.Server):
    """Says on ``--ready-fd`` when it serves; may listen for programs too.

    Ends its streams when it stops.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        ready: int | None,
        gateway: GatewayConfig,
        streams: Streams,
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._gateway = gateway
        self._streams = streams

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started and self._gateway.programs is not None:
            await self._listen_for_programs(self._gateway.programs)
        if self.started and self._ready is not None:
            os.write(self._ready, b"ready\n")
            os.close(self._ready)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._streams.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]

    async def _listen_for_programs(self, section: ProgramsSection) -> None:
        """One more listener of the same server: it drains and ends with it."""
        config = program_config(self.config.loaded_app, self.config)
        config.load()
        server = await asyncio.get_running_loop().create_server(
            lambda: CertifiedProtocol(config, self.server_state, self.lifespan.state),
            host=self._gateway.host,
            port=section.port,
            ssl=program_tls(self._gateway, section),
        )
        self.servers.append(server)


def main() -> None:
    """Serve; exits 78 for a configuration that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m gateway")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--ready-fd", type=int, default=None)
    options = parser.parse_args()
    try:
        config = load_gateway_config(options.config)
        log_to_standard_error(LogSection(format="json"))
        # A fault is logged once, by its name: a message may hold what was typed.
        logging.getLogger("uvicorn.error").disabled = True
        with asyncio.Runner(loop_factory=PunctualLoop) as runner:
            runner.run(_server(config, options.ready_fd).serve())
    except RelaisError as error:
        print(f"relais: {error}", file=sys.stderr)  # noqa: T201 - for who started it
        sys.exit(_EXIT_CONFIG)


def _server(config: GatewayConfig, ready: int | None) -> _Server:
    # No access log: paths name cases, and the node keeps who looked at what.
    streams = Streams()
    return _Server(
        uvicorn.Config(
            make_app(config, streams),
            http=PunctualProtocol,
            host=config.host,
            port=config.port,
            ssl_certfile=str(config.certificate),
            ssl_keyfile=str(config.key),
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_keep_alive=_KEPT_SECONDS,
            h11_max_incomplete_event_size=32_768,
        ),
        ready,
        config,
        streams,
    )


if __name__ == "__main__":
    main()
