"""TLS certificates as they enter the directory.

Promises: a certificate that enters is DER, could not issue others, does not
shadow another's in a trust store, was valid 48 hours before its entry was
written (skewed clocks) and still is. Leaves the checks that every pinned
certificate must pass to ``keys.tls``. Follows protocol.md §4 and RFC 5280
§4.2.1.2 (the subject key identifier is the hash of the key).
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.node.directory.state import Certificate, Life
from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.suites import P256_DER, check_public_key, key_id
from services.node.keys.tls import BACKDATE, check_certificate, fingerprint

_PEM = b"-----BEGIN"


def entering_certificate(der: bytes, created_at: datetime, index: int) -> Certificate:
    """The certificate as it enters with leaf ``index``.

    ``created_at`` is its entry's, on the wire clock. Raises
    ``InvalidInputError`` and ``VerificationError``: ``tls.*``, ``keys.*`` and
    ``directory.foreign_key_identifier``.
    """
    if _PEM in der:
        raise InvalidInputError(
            "tls.malformed", "A certificate enters the directory as DER."
        )
    check_certificate(der, created_at)
    _check_backdated(der, created_at)
    parsed = x509.load_der_x509_certificate(der)
    _check_own_identifier(parsed)
    raw = parsed.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    check_public_key(P256_DER, raw)
    return Certificate(
        fingerprint=fingerprint(der),
        der=der,
        key_id=key_id(P256_DER, raw),
        life=Life(added_at=index),
    )


def _check_backdated(der: bytes, created_at: datetime) -> None:
    try:
        earliest = created_at - BACKDATE
    except OverflowError as error:
        raise InvalidInputError(
            "directory.bad_instant", "The entry's instant lies outside the calendar."
        ) from error
    if x509.load_der_x509_certificate(der).not_valid_before_utc > earliest:
        raise VerificationError(
            "tls.not_yet_valid",
            "A certificate must be valid from 48 hours before its entry.",
        )


def _check_own_identifier(parsed: x509.Certificate) -> None:
    """A borrowed identifier would let one certificate stand before another's."""
    found = parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    own = x509.SubjectKeyIdentifier.from_public_key(parsed.public_key())
    if found.value != own:
        raise VerificationError(
            "directory.foreign_key_identifier",
            "A certificate's subject key identifier is not the hash of its key.",
        )
