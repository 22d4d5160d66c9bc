"""A listener for programs that prove themselves by a client certificate (mutual TLS).

Browsers would ask every officer for a certificate if the console's listener did, so
it is one of its own: it serves the API only, and nobody gets through its handshake
without a certificate under an authority of the member's choice. Who that is and what
it opens is the node's to say, with every call. The certificate travels to the
application as the TLS extension of ASGI says it (``client_cert_chain``).
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.config import GatewayConfig, ProgramsSection
from gateway.web.connections import PunctualProtocol
from services.node.domain.errors import ConfigError

API = "/api/"


class CertifiedProtocol(PunctualProtocol):
    """Tells the application which certificate the connection was opened with."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes the certificate that the handshake has verified."""
        super().connection_made(transport)
        line: ssl.SSLObject = transport.get_extra_info("ssl_object")
        certificate = line.getpeercert(binary_form=True)
        if certificate is None:
            transport.abort()
            return
        self.app = _certified(self.app, ssl.DER_cert_to_PEM_cert(certificate))


def certificate_of(scope: Any) -> bytes:
    """The DER of the client certificate of a request; empty if there is none."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    return ssl.PEM_cert_to_DER_cert(chain[0]) if chain else b""


def program_tls(config: GatewayConfig, section: ProgramsSection) -> ssl.SSLContext:
    """TLS that asks for a certificate under the authorities of the file.

    A certificate that stands in the file itself is its own authority. Raises
    ConfigError for files that cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(config.certificate, config.key)
        context.load_verify_locations(section.authorities)
    except OSError as error:
        problem = f"[programs] authorities: cannot be read ({type(error).__name__})"
        raise ConfigError((problem,), where=str(section.authorities)) from error
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    # A session that is resumed would outlive its certificate.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    return context


def program_config(app: ASGIApp, usual: uvicorn.Config) -> uvicorn.Config:
    """How the listener serves: as the console's does, but the API only."""
    return uvicorn.Config(
        _api_only(app),
        http=CertifiedProtocol,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        h11_max_incomplete_event_size=usual.h11_max_incomplete_event_size,
    )


def _certified(app: Any, certificate: str) -> ASGIApp:
    async def certified(scope: Scope, receive: Receive, send: Send) -> None:
        tls = {"client_cert_chain": (certificate,)}
        extensions = {**scope.get("extensions", {}), "tls": tls}
        await app({**scope, "extensions": extensions}, receive, send)

    return certified


def _api_only(app: ASGIApp) -> ASGIApp:
    async def api_only(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(API):
            await app(scope, receive, send)
        else:
            await Response(status_code=404)(scope, receive, send)

    return api_only
