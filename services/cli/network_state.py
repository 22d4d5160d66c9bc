"""Where everything of one network on one machine is.

Promises: one folder, mode 0700, holds a network's databases, keys,
configurations and logs; sockets lie in a short folder beside the system's
temporary files, for a unix socket's path has at most 107 bytes. One process at
a time changes a network (a lock). Nothing is removed that this module did not
mark as its own.

    STATE/relais-network     marks the folder; removed with it
    STATE/complete           written last, when everything below was made
    STATE/directory.bin      the directory from its genesis on
    STATE/postgres/          the embedded PostgreSQL
    STATE/members/NAME/      node.toml, keys/, guard-a/, guard-b/, passwords
    STATE/logs/NAME.log      what the node printed
    TMP/relais-<8 hex>/      sockets: pg/ and local/NAME.sock
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.cli.cluster import Cluster
from services.cli.databases import MemberDatabase
from services.node.domain.errors import ConflictError, NotPermittedError

_LONGEST_SHORT_FOLDER = 60
"""Bytes that leave room for /local/ and a member's name within 107."""


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """Where one member's things are."""

    name: str
    folder: Path
    log: Path
    local_socket: Path

    @property
    def config(self) -> Path:
        """The node's configuration."""
        return self.folder / "node.toml"

    @property
    def keys(self) -> Path:
        """The member's key folder."""
        return self.folder / "keys"

    @property
    def process(self) -> Path:
        """The record of the node's process, while it runs."""
        return self.folder / "process.json"

    @property
    def guards(self) -> tuple[Path, Path]:
        """Two copies of the newest head."""
        return self.folder / "guard-a" / "head", self.folder / "guard-b" / "head"

    @property
    def database(self) -> MemberDatabase:
        """Names and passwords of the member's database."""
        return MemberDatabase(self.name, self.folder)


class NetworkState:
    """The state folder of one network."""

    def __init__(self, folder: Path) -> None:
        """``folder`` need not exist."""
        self.folder = folder.resolve()
        self.short = _short_folder(self.folder)
        self.cluster = Cluster(self.folder / "postgres", self.short / "pg")

    @property
    def directory(self) -> Path:
        """The directory file that every node starts from."""
        return self.folder / "directory.bin"

    def member(self, name: str) -> MemberPlace:
        """Where ``name``'s things are, or would be."""
        return MemberPlace(
            name=name,
            folder=self.folder / "members" / name,
            log=self.folder / "logs" / f"{name}.log",
            local_socket=self.short / "local" / f"{name}.sock",
        )

    def members(self) -> tuple[MemberPlace, ...]:
        """Every member that has a folder, in order of name."""
        folder = self.folder / "members"
        if not folder.is_dir():
            return ()
        return tuple(self.member(each.name) for each in sorted(folder.iterdir()))

    @property
    def complete(self) -> bool:
        """Whether the network was made to the end."""
        return (self.folder / "complete").exists()

    def mark_complete(self) -> None:
        """Says that everything was made."""
        (self.folder / "complete").touch(mode=0o600)

    def prepare(self) -> None:
        """Makes the folders that must exist before anything else.

        Raises:
            NotPermittedError: ``network.not_ours``: the folder holds other things.
        """
        self._refuse_others()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._mark.touch(mode=0o600)
        for name in ("members", "logs"):
            (self.folder / name).mkdir(exist_ok=True, mode=0o700)
        self.prepare_sockets()

    def prepare_sockets(self) -> None:
        """Makes the short folder; the system's cleaning may have taken it."""
        as_root = os.geteuid() == 0
        # The server's account must pass through; it alone opens pg/, we local/.
        self.short.mkdir(mode=0o711 if as_root else 0o700, exist_ok=True)
        if self.short.is_symlink() or self.short.stat().st_uid != os.geteuid():
            raise NotPermittedError(
                "network.not_ours",
                "The folder for sockets belongs to somebody else.",
                where=str(self.short),
                remedy="Remove it, or set TMPDIR to a folder of your own.",
            )
        self.short.chmod(0o711 if as_root else 0o700)
        (self.short / "local").mkdir(mode=0o700, exist_ok=True)

    def remove(self) -> None:
        """Removes the whole state; the caller has stopped what runs."""
        self._refuse_others()
        shutil.rmtree(self.short, ignore_errors=True)
        if self.folder.exists():
            # The mark goes last, so that a killed removal can be resumed.
            for path in self.folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path != self._mark:
                    path.unlink()
            shutil.rmtree(self.folder)

    def open_lock(self) -> int:
        """The file of the lock that one changing process holds; it is not held yet."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        name = f".{self.folder.name}.lock"
        return os.open(self.folder.with_name(name), os.O_RDWR | os.O_CREAT, 0o600)

    def take_lock(self, descriptor: int) -> None:
        """Holds it, again if it does already; ``unlock`` frees it.

        Raises:
            ConflictError: ``network.busy``: another process holds it.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                "network.busy",
                "Another command is working on this network.",
                where=str(self.folder),
                remedy="Wait for it, or choose another folder with --state.",
            ) from error

    @staticmethod
    def unlock(descriptor: int) -> None:
        """Frees it at once, though a child between fork and exec still has it open."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)

    @property
    def _mark(self) -> Path:
        return self.folder / "relais-network"

    def _refuse_others(self) -> None:
        if not self.folder.exists() or self._mark.exists():
            return
        if not self.folder.is_dir() or any(self.folder.iterdir()):
            raise NotPermittedError(
                "network.not_ours",
                "The state folder holds things that are no network's.",
                where=str(self.folder),
                remedy="Name an empty folder, or one that does not exist.",
            )


def _short_folder(folder: Path) -> Path:
    name = f"relais-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]}"
    short = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(short)) > _LONGEST_SHORT_FOLDER:
        return Path("/tmp") / name  # noqa: S108 - checked to be ours before use
    return short
