"""A member's own certificate authority, and programs that hold its certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Held:
    """A certificate and its key, as files and as PEM of both in one."""

    file: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def spki(self) -> str:
        """What a program is registered by."""
        der = self.key.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        digest = Hash(SHA256())
        digest.update(der)
        return digest.finalize().hex()


class Authority:
    """Issues certificates into a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self.held = self.issue(name, ca=True)

    @property
    def file(self) -> Path:
        """Its own certificate, and its key behind it."""
        return self.held.file

    def issue(
        self,
        name: str,
        *,
        ca: bool = False,
        from_now: timedelta = timedelta(hours=-1),
        life: timedelta = timedelta(days=1),
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Held:
        """A certificate under this authority; its own is signed by itself."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        begins = datetime.now(UTC) + from_now
        issuer = None if ca else self.held
        made = (
            x509.CertificateBuilder()
            .subject_name(_called(name))
            .issuer_name(_called(self._name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + life)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), True)
            .sign(key if issuer is None else issuer.key, SHA256())
        )
        file = self._folder / f"{name}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
        return Held(file, key, made)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
