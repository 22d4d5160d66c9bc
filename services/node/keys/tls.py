"""TLS certificates: made, pinned by their fingerprint, refused at entry.

Promises: a certificate that passed ``check_certificate`` can be pinned without
letting its owner issue others, and two of them never shadow each other in a
trust store. Leaves whose certificate it is to the directory: subject and SAN are
never identity. Follows RFC 5280 and protocol.md §4. P-256, because gRPC refuses
Ed25519 certificates.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import sha256

#: How long a certificate lasts, in days.
LIFETIME_DAYS = 90
#: How far before its making a certificate is already valid (skewed clocks).
BACKDATE = timedelta(hours=48)

_PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"


def create_certificate(
    member: str, now: datetime, days: int = LIFETIME_DAYS
) -> tuple[bytes, bytes]:
    """A fresh P-256 key and its self-signed certificate, both PEM.

    Valid from ``now`` - 48 h to ``now`` + ``days``; ``now`` is aware, wire clock.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, member)])
    host = x509.SubjectAlternativeName([x509.DNSName(f"{member}.relais.invalid")])
    ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    aki = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(ski, critical=False)
        .add_extension(aki, critical=False)
        .add_extension(host, critical=False)
    )
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key_pem, builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def fingerprint(certificate: bytes) -> bytes:
    """SHA-256 of the DER of one certificate, given as PEM or DER; 32 bytes."""
    return sha256(to_der(certificate))


def spki_of(der: bytes, now: datetime) -> bytes | None:
    """SHA-256 of a certificate's public key (SubjectPublicKeyInfo), 32 bytes.

    None for what is no certificate, and for one that does not hold now.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        spki = certificate.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
    except (ValueError, UnsupportedAlgorithm):
        return None
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return sha256(spki) if begins <= now <= ends else None


def to_der(certificate: bytes) -> bytes:
    """The DER of one certificate, given as PEM or DER.

    DER is returned as it came. Raises ``InvalidInputError`` (``tls.malformed``).
    """
    if _PEM_BEGIN not in certificate:
        return certificate
    return _parsed(certificate).public_bytes(Encoding.DER)


def to_pem(certificate: bytes) -> bytes:
    """The PEM of one certificate, given as PEM or DER; ``tls.malformed`` if none."""
    return _parsed(certificate).public_bytes(Encoding.PEM)


def check_certificate(der: bytes, now: datetime) -> None:
    """Raise unless ``der`` may be pinned at ``now`` (aware, wire clock).

    Raises ``InvalidInputError`` (``tls.malformed``) and ``VerificationError``
    (``tls.not_p256``, ``tls.is_ca``, ``tls.bad_extensions``,
    ``tls.not_self_signed``, ``tls.not_yet_valid``, ``tls.expired``).
    """
    certificate = _parsed(der)
    _check_key(certificate)
    _check_extensions(certificate)
    _check_self_signed(certificate)
    if now < certificate.not_valid_before_utc:
        raise VerificationError(
            "tls.not_yet_valid",
            "A certificate is not valid yet.",
            remedy="Check the clock of this node.",
        )
    if now >= certificate.not_valid_after_utc:
        raise VerificationError(
            "tls.expired",
            f"A certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}.",
            remedy="Make a new certificate and enter it in the directory.",
        )


def span_of(der: bytes) -> tuple[datetime, datetime]:
    """From when to when a certificate is valid; ``tls.malformed`` if it is none."""
    certificate = _parsed(der)
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


def check_key_pair(key_pem: bytes, cert_pem: bytes) -> None:
    """Raise unless the private key is the certificate's own.

    Raises ``InvalidInputError`` (``tls.malformed``, ``tls.bad_key``) and
    ``VerificationError`` (``tls.key_mismatch``).
    """
    certificate = _parsed(cert_pem)
    try:
        key = load_pem_private_key(key_pem, None)
        own = certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidInputError(
            "tls.bad_key", "A TLS key is no PEM key without a passphrase."
        ) from error
    if key.public_key() != own:
        raise VerificationError(
            "tls.key_mismatch", "A TLS key does not belong to its certificate."
        )


def _parsed(certificate: bytes) -> x509.Certificate:
    try:
        if _PEM_BEGIN in certificate:
            return x509.load_pem_x509_certificate(certificate)
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise InvalidInputError(
            "tls.malformed", "These bytes are no certificate."
        ) from error


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _check_key(certificate: x509.Certificate) -> None:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise VerificationError(
            "tls.not_p256", "A certificate holds no key that is known here."
        ) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise VerificationError(
            "tls.not_p256", "A certificate holds a key that is not on P-256."
        )


def _check_extensions(certificate: x509.Certificate) -> None:
    """CA:FALSE, critical keyUsage digitalSignature alone, SKI and AKI of this key."""
    try:
        found = certificate.extensions
        constraints = found.get_extension_for_class(x509.BasicConstraints)
        usage = found.get_extension_for_class(x509.KeyUsage)
        ski = found.get_extension_for_class(x509.SubjectKeyIdentifier).value
        aki = found.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError) as error:
        raise VerificationError(
            "tls.bad_extensions",
            "A certificate lacks basicConstraints, keyUsage, SKI or AKI, or "
            "carries one that cannot be read.",
        ) from error
    if constraints.value.ca or usage.value.key_cert_sign:
        raise VerificationError(
            "tls.is_ca", "A certificate could issue others; CA:FALSE is asked for."
        )
    if not usage.critical or usage.value != _key_usage():
        raise VerificationError(
            "tls.bad_extensions",
            "A certificate's keyUsage is not critical digitalSignature alone.",
        )
    if aki.key_identifier != ski.digest:
        raise VerificationError(
            "tls.bad_extensions", "A certificate's AKI does not name its own SKI."
        )


def _check_self_signed(certificate: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise VerificationError(
            "tls.not_self_signed", "A certificate is not signed by its own key."
        ) from error
