"""The key folder of one member: made once, loaded at every start.

Promises: ``create_member_keys`` leaves a whole folder or none, and
``load_member_keys`` gives every key a node needs or lists everything that is
wrong at once. Leaves the directory entries that make the keys known to others,
rotation, and PKCS#11 tokens.

The folder holds, each a line of hex, mode 0600 (bytes in brackets):
``identity-ed25519.key`` [32] and ``identity-ml-dsa-65.key`` [32], which are moved
offline and may be absent; ``ledger-ed25519.key`` [32]; ``ledger-ml-dsa-44.key``
[32]; ``audit.key`` [32]; ``at-rest-<epoch>.key`` [32], the highest epoch counts;
``sealing/<YYYYMMDD>.key`` [96], named by the UTC day on which the epoch begins, and
likewise in ``sealing-<YYYYMMDDHHMMSS>`` for what was made later (``sealing_batches``);
and ``tls.key`` (PEM PKCS#8, 0600) with ``tls.crt`` (PEM, 0644).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from services.node.domain.errors import ConfigError, ConflictError, RelaisError
from services.node.keys.at_rest import KeyEncryptionEpoch, new_data_key
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.keys.secret_files import (
    read_secret,
    sync_folder,
    write_public,
    write_secret,
)
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer, MlDsa65Signer
from services.node.keys.tls import check_key_pair, create_certificate

__all__ = [
    "IdentityKeys",
    "MemberKeys",
    "SealingEpoch",
    "create_member_keys",
    "load_member_keys",
    "read_secret",
    "write_secret",
]

#: Life of one sealing epoch.
EPOCH_LENGTH = timedelta(days=7)
#: Sealing epochs made at once: a quarter's 13, and eight that lie ahead.
EPOCHS = 21

_AUDIT_KEY_LENGTH = 32
_AT_REST_NAME = re.compile(r"at-rest-([1-9][0-9]{0,8})\.key")
_SEALING_NAME = re.compile(r"([0-9]{8})\.key")
SEALING_BATCH = re.compile(r"sealing-[0-9]{14}")
"""Folders of sealing keys that were made after the first ones."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """Both halves of a member's identity; each entry is signed with both."""

    ed25519: Ed25519Signer
    ml_dsa_65: MlDsa65Signer


@dataclass(frozen=True, slots=True)
class SealingEpoch:
    """One sealing key and the UTC instant from which it is the current one."""

    begins: datetime
    key: SealingPrivateKey


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """Every private key of one member that its node needs; nothing shows in repr."""

    #: ``None`` where the identity is kept offline, as it should be.
    identity: IdentityKeys | None = field(repr=False)
    #: Signs the ledger's checkpoints.
    ledger: Ed25519Signer = field(repr=False)
    #: Cosigns the ledger's heads at each tick.
    ledger_ml_dsa: MlDsa44Signer = field(repr=False)
    #: In the order in which they begin.
    sealing_epochs: tuple[SealingEpoch, ...] = field(repr=False)
    #: The same keys by their key id, as an envelope's header names them.
    sealing: Mapping[bytes, SealingPrivateKey] = field(repr=False)
    #: 32 bytes; salts of meta and link commitments, and dummies.
    audit_key: bytes = field(repr=False)
    #: The newest at-rest epoch.
    at_rest: KeyEncryptionEpoch = field(repr=False)
    #: PEM PKCS#8, P-256.
    tls_key_pem: bytes = field(repr=False)
    #: PEM.
    tls_cert_pem: bytes = field(repr=False)


def create_member_keys(
    folder: Path, member: str, now: datetime, epochs: int = EPOCHS
) -> None:
    """Make every key of a new member in ``folder``; whole or not at all.

    ``now`` is aware, wire clock. The first sealing epoch begins on the Monday of
    its week, 00:00 UTC, so that neighbours with a slow clock find it begun.
    Raises ``ConflictError`` (``keys.folder_not_empty``).
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConflictError(
            "keys.folder_not_empty",
            "The key folder holds files already; keys are never overwritten.",
            where=str(folder),
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    staging.mkdir(mode=0o700)
    try:
        _write_keys(staging, member, now, epochs)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def _write_keys(folder: Path, member: str, now: datetime, epochs: int) -> None:
    secrets = {
        "identity-ed25519.key": Ed25519Signer.generate().private_raw,
        "identity-ml-dsa-65.key": MlDsa65Signer.generate().private_raw,
        "ledger-ed25519.key": Ed25519Signer.generate().private_raw,
        "ledger-ml-dsa-44.key": MlDsa44Signer.generate().private_raw,
        "audit.key": new_data_key(),
        "at-rest-1.key": new_data_key(),
    }
    first = week_begin(now)
    for number in range(epochs):
        begins = first + number * EPOCH_LENGTH
        secrets[f"sealing/{begins:%Y%m%d}.key"] = SealingPrivateKey.generate().raw
    (folder / "sealing").mkdir(mode=0o700)
    for name, raw in secrets.items():
        write_secret(folder / name, raw.hex().encode() + b"\n")
    key_pem, cert_pem = create_certificate(member, now)
    write_secret(folder / "tls.key", key_pem)
    write_public(folder / "tls.crt", cert_pem)


def week_begin(now: datetime) -> datetime:
    """Monday 00:00 UTC of the week of ``now``."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def load_member_keys(folder: Path) -> MemberKeys:
    """Every key in ``folder``; ``ConfigError`` lists all that is wrong at once."""
    reader = _FolderReader(folder)
    ledger = reader.key("ledger-ed25519.key", Ed25519Signer.from_private_raw)
    ledger_ml_dsa = reader.key("ledger-ml-dsa-44.key", MlDsa44Signer.from_private_raw)
    audit_key = reader.key("audit.key", _audit_key)
    at_rest = reader.at_rest()
    epochs = reader.sealing()
    identity = reader.identity()
    tls = reader.tls()
    if reader.problems or not (
        ledger and ledger_ml_dsa and audit_key and at_rest and tls
    ):
        raise ConfigError(tuple(reader.problems), where=str(folder))
    return MemberKeys(
        identity=identity,
        ledger=ledger,
        ledger_ml_dsa=ledger_ml_dsa,
        sealing_epochs=epochs,
        sealing=MappingProxyType({each.key.key_id: each.key for each in epochs}),
        audit_key=audit_key,
        at_rest=at_rest,
        tls_key_pem=tls[0],
        tls_cert_pem=tls[1],
    )


def load_sealing(folder: Path, under: str) -> tuple[SealingEpoch, ...]:
    """The sealing keys in one folder of a key folder, in the order of their weeks.

    ``ConfigError`` lists all that is wrong at once.
    """
    reader = _FolderReader(folder)
    epochs = reader.sealing_in(under)
    if reader.problems:
        raise ConfigError(tuple(reader.problems), where=str(folder / under))
    return epochs


def _audit_key(raw: bytes) -> bytes:
    if len(raw) != _AUDIT_KEY_LENGTH:
        message = f"an audit key has {_AUDIT_KEY_LENGTH} bytes"
        raise ValueError(message)
    return raw


class _FolderReader:
    """Reads a key folder and gathers problems instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[str] = []
        self._folder = folder

    def key(self, name: str, load: Callable[[bytes], K]) -> K | None:
        """The key in the hex file ``name``, or ``None`` and a problem noted."""
        raw = self._bytes(name)
        if raw is None:
            return None
        try:
            return load(bytes.fromhex(raw.decode("ascii").removesuffix("\n")))
        except RelaisError as error:
            self.problems.append(f"{name}: {error.message}")
        except ValueError:
            self.problems.append(f"{name}: does not hold one line of hex of its length")
        return None

    def identity(self) -> IdentityKeys | None:
        """Both identity keys, or none of them if both are offline."""
        names = ("identity-ed25519.key", "identity-ml-dsa-65.key")
        if not any((self._folder / name).exists() for name in names):
            return None
        ed25519 = self.key(names[0], Ed25519Signer.from_private_raw)
        ml_dsa_65 = self.key(names[1], MlDsa65Signer.from_private_raw)
        return IdentityKeys(ed25519, ml_dsa_65) if ed25519 and ml_dsa_65 else None

    def at_rest(self) -> KeyEncryptionEpoch | None:
        """The key-encryption key of the highest epoch."""
        numbers = [
            int(match[1])
            for match in map(_AT_REST_NAME.fullmatch, self._names("."))
            if match
        ]
        number = max(numbers, default=1)
        name = f"at-rest-{number}.key"
        return self.key(name, lambda raw: KeyEncryptionEpoch(number, raw))

    def sealing(self) -> tuple[SealingEpoch, ...]:
        """Every sealing epoch, in the order in which they begin."""
        batches = sorted(filter(SEALING_BATCH.fullmatch, self._names(".")))
        folders = ("sealing", *batches)
        epochs = [each for under in folders for each in self.sealing_in(under)]
        if not epochs:
            self.problems.append("sealing: holds no sealing key that can be used")
        return tuple(sorted(epochs, key=lambda each: each.begins))

    def sealing_in(self, under: str) -> tuple[SealingEpoch, ...]:
        """Those of one folder, in the same order."""
        epochs = []
        for name in sorted(self._names(under)):
            match = _SEALING_NAME.fullmatch(name)
            begins = _day(match[1]) if match else None
            if begins is None:
                self.problems.append(f"{under}/{name}: is not named <YYYYMMDD>.key")
                continue
            key = self.key(f"{under}/{name}", SealingPrivateKey.from_raw)
            if key is not None:
                epochs.append(SealingEpoch(begins, key))
        return tuple(epochs)

    def tls(self) -> tuple[bytes, bytes] | None:
        """The TLS key and the certificate made from it, both PEM."""
        key_pem = self._bytes("tls.key")
        try:
            cert_pem = (self._folder / "tls.crt").read_bytes()
        except OSError as error:
            self.problems.append(f"tls.crt: cannot be read ({error.strerror})")
            return None
        if key_pem is None:
            return None
        try:
            check_key_pair(key_pem, cert_pem)
        except RelaisError as error:
            self.problems.append(f"tls.key: {error.message}")
            return None
        return key_pem, cert_pem

    def _bytes(self, name: str) -> bytes | None:
        try:
            return read_secret(self._folder / name)
        except RelaisError as error:
            remedy = f" {error.remedy}" if error.remedy else ""
            self.problems.append(f"{name}: {error.message}{remedy}")
        return None

    def _names(self, under: str) -> list[str]:
        try:
            return [path.name for path in (self._folder / under).iterdir()]
        except OSError:
            return []


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None
