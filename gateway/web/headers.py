"""The headers of every answer: nothing from elsewhere, nothing kept, no frame.

Promises: an answer without these headers does not leave the gateway, an error
included. Built files have a hash in their names and may be kept for a year;
everything else is ``no-store``. Sources: OWASP Secure Headers; CSP Level 3.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {value}" for name, value in _DIRECTIVES.items())
SANDBOXED = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""What somebody else made is shown as nothing but itself."""
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(),"
        " publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
BUILT = "/built/"
_KEPT = "public, max-age=31536000, immutable"


class SafetyHeaders:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the headers to whatever the application answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                alone = headers.get("Content-Security-Policy") == SANDBOXED
                for name, value in _ALWAYS.items():
                    headers[name] = value
                if alone:
                    headers["Content-Security-Policy"] = SANDBOXED
                found = message["status"] == 200  # noqa: PLR2004 - HTTP OK
                kept = found and scope["path"].startswith(BUILT)
                headers["Cache-Control"] = _KEPT if kept else "no-store"
            await send(message)

        await self._app(scope, receive, guarded)
