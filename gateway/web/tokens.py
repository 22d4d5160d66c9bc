"""Form tokens: a form that is sent was shown to the same visitor (CSRF).

A token is an HMAC over what it is for, keyed by the visitor's secret: the session
token, or the cookie of a visitor who is not signed in yet. It is masked by a fresh
pad every time it is shown, so that a page's compressed length tells nothing about
it (BREACH). Nothing has to be stored.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from services.node.domain.errors import NotPermittedError

_LENGTH = 32


def form_token(secret: str) -> str:
    """A token for one showing of a form to the holder of ``secret``."""
    pad = secrets.token_bytes(_LENGTH)
    masked = bytes(a ^ b for a, b in zip(pad, _digest(secret), strict=True))
    return urlsafe_b64encode(pad + masked).decode("ascii")


def check_form_token(secret: str, token: str) -> None:
    """Raise ``NotPermittedError`` (``console.stale_form``) unless they fit."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        raw = b""
    pad, masked = raw[:_LENGTH], raw[_LENGTH:]
    fits = (
        len(raw) == 2 * _LENGTH
        and bool(secret)
        and hmac.compare_digest(
            bytes(a ^ b for a, b in zip(pad, masked, strict=True)), _digest(secret)
        )
    )
    if not fits:
        raise NotPermittedError(
            "console.stale_form",
            "This form was not shown to you in this session, or is too old.",
            remedy="Open the page again and send the form once more.",
        )


def _digest(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"relais form token", sha256).digest()
