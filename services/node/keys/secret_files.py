"""Files that hold secrets: closed to everyone but the owner of the process.

Promises: a secret is read only from a file without group or other bits, and is
written to a new file, mode 0600, durable before the call returns. What the files
of one member mean is said by ``member_files``. Follows POSIX.1 open(2), fsync(2).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from services.node.domain.errors import ConflictError, VerificationError

_OPEN_BITS = stat.S_IRWXG | stat.S_IRWXO
_SECRET_MODE = 0o600
_PUBLIC_MODE = 0o644


def read_secret(path: Path) -> bytes:
    """The bytes of a secret file, as stored.

    Raises ``VerificationError``: ``keys.missing`` (no such file, or no regular
    one), ``keys.open_mode`` (group or others could read it),
    ``keys.unreadable``.
    """
    try:
        with path.open("rb") as file:
            # The open file is judged, not its name, which may point elsewhere by now.
            _check_mode(os.fstat(file.fileno()).st_mode, path)
            return file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise VerificationError(
            "keys.missing",
            "A key file is missing.",
            where=str(path),
            remedy="Make the member's keys, or restore them from their backup.",
        ) from error
    except OSError as error:
        raise VerificationError(
            "keys.unreadable",
            f"A key file cannot be read ({error.strerror}).",
            where=str(path),
        ) from error


def _check_mode(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        raise VerificationError(
            "keys.missing", "A key file is no regular file.", where=str(path)
        )
    if mode & _OPEN_BITS:
        raise VerificationError(
            "keys.open_mode",
            f"A key file has mode {stat.S_IMODE(mode):04o}; others could read it.",
            where=str(path),
            remedy=f"Run: chmod 600 {path}",
        )


def write_secret(path: Path, data: bytes) -> None:
    """Write a new secret file, mode 0600, and wait until it is durable.

    Raises ``ConflictError`` (``keys.exists``) rather than overwrite.
    """
    _write_new(path, data, _SECRET_MODE)


def write_public(path: Path, data: bytes) -> None:
    """Write a new file that others may read, mode 0644, durable likewise."""
    _write_new(path, data, _PUBLIC_MODE)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise ConflictError(
            "keys.exists",
            "A key file exists already and is not overwritten.",
            where=str(path),
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
