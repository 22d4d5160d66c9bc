"""Secrets of endpoints, and the signature of an event (Standard Webhooks, ``v1``).

HMAC-SHA256 over ``id.timestamp.body``. Sender and receiver are of one member and
nobody else is to verify: a signature with a public key (``v1a``) would add nothing
but a library that most receivers lack.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

SECRET_BYTES = 32
_PREFIX = "whsec_"


def new_secret() -> bytes:
    """A fresh random secret."""
    return secrets.token_bytes(SECRET_BYTES)


def as_told(secret: bytes) -> str:
    """A secret as receivers' libraries take it."""
    return _PREFIX + b64encode(secret).decode()


def signatures(
    keys: Iterable[bytes], message_id: str, timestamp: int, body: bytes
) -> str:
    """The header ``webhook-signature``: one signature for each secret."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + b64encode(hmac.digest(key, signed, sha256)).decode() for key in keys
    )
