"""Passkeys: Web Authentication level 3, with the user verified.

Promises that a passkey is asked for and taken only with user verification, for
the origin and challenge that the caller names, and with a sign count that grew.
Leaves challenges, origins allowed, and whose passkey it is to flows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from services.node.domain.errors import VerificationError

_TIMEOUT = 300_000
"""Milliseconds that a browser waits for the officer."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was registered."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says of itself, before it is checked."""

    credential_id: bytes
    challenge: bytes
    user_handle: bytes


def rp_id_of(origin: str) -> str:
    """The relying party of an origin: its host name."""
    return urlsplit(origin).hostname or ""


def sign_in_options(origin: str, challenge: bytes) -> str:
    """What a browser needs to ask for any passkey of this host, as JSON."""
    import webauthn  # noqa: PLC0415 - most nodes never meet a passkey
    from webauthn.helpers import structs  # noqa: PLC0415 - as above

    options = webauthn.generate_authentication_options(
        rp_id=rp_id_of(origin),
        challenge=challenge,
        timeout=_TIMEOUT,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def registration_options(
    origin: str,
    challenge: bytes,
    user_handle: bytes,
    pseudonym: str,
    member: str,
    known: Iterable[bytes],
) -> str:
    """What a browser needs to make a passkey, as JSON; ``known`` are not repeated."""
    import webauthn  # noqa: PLC0415 - as above
    from webauthn.helpers import structs  # noqa: PLC0415 - as above

    options = webauthn.generate_registration_options(
        rp_id=rp_id_of(origin),
        rp_name=f"Relais {member}",
        user_name=pseudonym,
        user_id=user_handle,
        challenge=challenge,
        timeout=_TIMEOUT,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=each) for each in known
        ],
    )
    return webauthn.options_to_json(options)


def read_answer(credential_json: str) -> Answer:
    """What an answer says; raises VerificationError ``passkey.malformed``."""
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 - as above

    try:
        said: dict[str, Any] = json.loads(credential_json)
        response = said["response"]
        data = json.loads(base64url_to_bytes(response["clientDataJSON"]))
        return Answer(
            base64url_to_bytes(said["rawId"]),
            base64url_to_bytes(data["challenge"]),
            base64url_to_bytes(response.get("userHandle") or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise _malformed() from None


def new_passkey(credential_json: str, origin: str, challenge: bytes) -> NewPasskey:
    """A passkey as registered; raises VerificationError."""
    import webauthn  # noqa: PLC0415 - as above

    try:
        made = webauthn.verify_registration_response(
            credential=credential_json,
            expected_challenge=challenge,
            expected_rp_id=rp_id_of(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever the library trips over in these bytes
        raise _refused() from None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def sign_count_of(
    credential_json: str,
    origin: str,
    challenge: bytes,
    public_key: bytes,
    sign_count: int,
) -> int:
    """The new sign count of a passkey that answered rightly; raises VerificationError.

    ``sign_count`` is the one before; a passkey that counts must have counted on, or
    it was copied.
    """
    import webauthn  # noqa: PLC0415 - as above

    try:
        answered = webauthn.verify_authentication_response(
            credential=credential_json,
            expected_challenge=challenge,
            expected_rp_id=rp_id_of(origin),
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever the library trips over in these bytes
        raise _refused() from None
    return answered.new_sign_count


def _malformed() -> VerificationError:
    return VerificationError(
        "passkey.malformed", "What the browser sent is no answer of a passkey."
    )


def _refused() -> VerificationError:
    return VerificationError(
        "passkey.refused",
        "The passkey's answer does not hold for this page and question.",
        remedy="Try again, with fingerprint, face or PIN; or use another passkey.",
    )
