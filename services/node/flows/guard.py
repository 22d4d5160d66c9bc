"""The guard: what was published last, kept outside the database.

A database that was restored from a backup would sign a second history. The
guard, at least two copies on different storage, names the newest head published
and the database cluster that held it; a node starts only if its database fits
(protocol.md §5). Each copy is replaced whole and synced before a batch is
published.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from services.node.domain.errors import UnavailableError, VerificationError


@dataclass(frozen=True, slots=True)
class GuardState:
    """The newest head published; roots in hexadecimal."""

    origin: str
    size: int
    root: str
    directory_size: int
    directory_root: str
    system_id: str
    timeline: int


@dataclass(frozen=True, slots=True)
class Guard:
    """Two or more copies of the guard, on different storage."""

    paths: tuple[Path, ...]

    def write(self, state: GuardState) -> None:
        """Replace and sync every copy; raises UnavailableError if one fails."""
        raw = json.dumps(asdict(state), sort_keys=True).encode()
        for path in self.paths:
            try:
                _replace(path, raw)
            except OSError as error:
                raise UnavailableError(
                    "guard.not_written",
                    "A copy of the guard could not be written; nothing is published.",
                    where=str(path),
                    remedy="Make room or mend the storage of this path.",
                ) from error

    def newest(self) -> GuardState | None:
        """The newest readable copy, or None where none was ever written."""
        states = [state for path in self.paths if (state := _read(path))]
        return max(states, key=lambda state: state.size, default=None)

    def check(self, present: GuardState, root_at: str | None) -> None:
        """Refuse a database that is older or another than the guard knows.

        ``root_at`` is the database's own root at the guard's size, or None if
        the database has fewer leaves. Raises VerificationError ``guard.*``.
        """
        known = self.newest()
        if known is None:
            if present.size > 0:
                raise _refusal(
                    "guard.missing", "No copy of the guard is there for this ledger."
                )
            return
        if known.origin != present.origin:
            raise _refusal("guard.other_origin", "The guard is another ledger's.")
        if known.system_id != present.system_id:
            raise _refusal(
                "guard.other_database", "The guard knows another database cluster."
            )
        if root_at is None:
            raise _refusal(
                "guard.older_database",
                f"The guard knows {known.size} leaves, the database {present.size}.",
            )
        if root_at != known.root:
            raise _refusal(
                "guard.other_history",
                f"At {known.size} leaves the database has another root.",
            )


def _refusal(code: str, message: str) -> VerificationError:
    return VerificationError(
        code,
        message,
        remedy="This node must not sign. Put the newest database back, or ask the "
        "network's members how far they have seen this ledger.",
    )


def _read(path: Path) -> GuardState | None:
    try:
        return GuardState(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise VerificationError(
            "guard.unreadable", "A copy of the guard cannot be read.", where=str(path)
        ) from error


def _replace(path: Path, raw: bytes) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        if os.write(descriptor, raw) != len(raw):
            # A disk that is nearly full takes a part and says nothing.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
