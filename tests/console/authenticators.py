"""A passkey device in a page: chromium's own, driven over its developer protocol.

It answers at once as somebody who touches it does. ``verifies`` says whether its
owner proves to be there; a prompt that is dismissed ends like one that was not.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from playwright.sync_api import Page


class Authenticator:
    """One device, in one page, until the page is left for good."""

    def __init__(self, page: Page, *, verifies: bool = True) -> None:
        """Plugs it in."""
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        made = self._devtools.send(
            "WebAuthn.addVirtualAuthenticator", {"options": options}
        )
        self._id = {"authenticatorId": made["authenticatorId"]}

    @property
    def credentials(self) -> list[dict[str, Any]]:
        """Every passkey that it holds, private keys included."""
        found = self._devtools.send("WebAuthn.getCredentials", self._id)
        return list(found["credentials"])

    def verifies(self, *, verified: bool) -> None:
        """Whether its owner proves to be there from now on."""
        said = self._id | {"isUserVerified": verified}
        self._devtools.send("WebAuthn.setUserVerified", said)

    def hold(self, credential: dict[str, Any]) -> None:
        """Puts a passkey in."""
        self._devtools.send(
            "WebAuthn.addCredential", self._id | {"credential": credential}
        )


def made_up(host: str) -> dict[str, Any]:
    """A passkey that no node has ever seen."""
    key = ec.generate_private_key(ec.SECP256R1())
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {
        "credentialId": b64encode(b"nobody's passkey").decode(),
        "isResidentCredential": True,
        "rpId": host,
        "privateKey": b64encode(raw).decode(),
        "userHandle": b64encode(b"nobody").decode(),
        "signCount": 0,
    }
