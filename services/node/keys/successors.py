"""Successors of a node's certificate: made beside it, used once the directory says so.

Promises: a successor is a fresh key with its certificate, made in the node's own key
folder and never leaving it, as ``tls-<YYYYMMDDHHMMSS>.key`` (0600) and ``.crt``
(0644), named by the UTC second in which it was made; what serves until then is left
alone. A node starts with the newest of them that the directory lists, so that a
restart is the whole switch, and what was listed before stays good until it retires or
ends (protocol.md §1, overlap).

Leaves to others: who may have one made (``flows.successors``), and the entry that
lists it (``directory.home``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from services.node.domain.errors import RelaisError
from services.node.keys.files import MemberKeys
from services.node.keys.secret_files import read_secret, write_public, write_secret
from services.node.keys.tls import (
    BACKDATE,
    check_key_pair,
    create_certificate,
    fingerprint,
    span_of,
    to_der,
)

_NAME = re.compile(r"tls-([0-9]{14})\.crt")


@dataclass(frozen=True, slots=True)
class Successor:
    """One pair; ``name`` is that of its files without their ending."""

    name: str
    certificate: bytes
    """DER."""
    key_pem: bytes = field(repr=False)
    certificate_pem: bytes = field(repr=False)

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate, as the directory lists it; 32 bytes."""
        return fingerprint(self.certificate)

    @property
    def made_at(self) -> datetime:
        """When it was made: the instant at which its entry is written."""
        return span_of(self.certificate)[0] + BACKDATE


def make_successor(folder: Path, member: str, now: datetime) -> Successor:
    """A fresh pair in the key folder; ``now`` is aware, wire clock.

    Raises ``ConflictError`` (``keys.exists``) for a second one within a second.
    """
    key_pem, certificate_pem = create_certificate(member, now)
    name = f"tls-{now:%Y%m%d%H%M%S}"
    # The key first: a certificate without one is never looked at.
    write_secret(folder / f"{name}.key", key_pem)
    write_public(folder / f"{name}.crt", certificate_pem)
    return Successor(name, to_der(certificate_pem), key_pem, certificate_pem)


def successors_in(folder: Path) -> tuple[Successor, ...]:
    """Every pair that is whole, the oldest first; half a pair is left out."""
    found = []
    for path in sorted(folder.iterdir()):
        if not _NAME.fullmatch(path.name):
            continue
        try:
            key_pem = read_secret(path.with_suffix(".key"))
            certificate_pem = path.read_bytes()
            check_key_pair(key_pem, certificate_pem)
        except (OSError, RelaisError):
            continue
        found.append(
            Successor(path.stem, to_der(certificate_pem), key_pem, certificate_pem)
        )
    return tuple(found)


def with_newest_listed(
    keys: MemberKeys, folder: Path, is_listed: Callable[[bytes], bool]
) -> MemberKeys:
    """The keys with the newest certificate that is listed; the first one if none is.

    ``is_listed`` answers for a fingerprint.
    """
    for each in reversed(successors_in(folder)):
        if is_listed(each.fingerprint):
            return replace(
                keys, tls_key_pem=each.key_pem, tls_cert_pem=each.certificate_pem
            )
    return keys
