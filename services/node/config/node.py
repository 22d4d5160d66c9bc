"""The configuration of one node: a TOML file into frozen values.

Promises: unknown tables and keys are refused; every problem is listed at once,
with file, table and key; nothing is read from the environment; secrets are
named by path and never stand in the file. Relative paths start at the folder of
the file.

Leaves to others: whether the files named exist and may be read (``keys.files``
and ``store`` say that better when they open them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from services.node.config.limits import LimitsSection, read_limits
from services.node.config.mailbox import USUAL_MAILBOX, MailboxSection, read_mailbox
from services.node.config.reading import Problems, Table, read_toml
from services.node.domain.access import FEWEST_YEARS, KEEP_YEARS, MOST_YEARS
from services.node.domain.functions import Kind

KINDS = tuple(Kind)
"""Which services a member's node mounts; each is a folder under services/."""

MEMBER_NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
NETWORK_NAME = r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+"
_DATABASE_NAME = r"[a-z_][a-z0-9_-]{0,62}"
_ORIGIN = r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?"
_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
_FINGERPRINT = r"[a-z0-9]+([ -][a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class MemberSection:
    """Whose node this is."""

    name: str
    """The member's name in the directory: lower-case words joined by hyphens."""
    kind: str
    """One of ``KINDS``; must agree with the directory."""
    network: str
    """The network's name, the first part of every ledger's origin."""


@dataclass(frozen=True, slots=True)
class PeersSection:
    """The listener for other members (pinned mutual TLS)."""

    host: str
    """Address to bind; names are resolved once, at start. Empty with ``dials_out``."""
    port: int
    """TCP port, 1 to 65535; 0 with ``dials_out``."""
    dials_out: bool = False
    """True if nobody can dial this node: it listens to no peer and collects."""

    @property
    def address(self) -> str:
        """``host:port``; empty if this node only dials out."""
        return "" if self.dials_out else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class LocalSection:
    """The listeners for the member's own command line and gateway."""

    socket: Path
    """Unix socket; its path may not be longer than 107 bytes."""
    gateway_socket: Path = Path()
    """Unix socket that serves signed-in officers only; ``NAME.gateway.sock`` beside
    ``socket`` unless given."""

    def __post_init__(self) -> None:
        if self.gateway_socket == Path():
            beside = self.socket.with_suffix(".gateway.sock")
            object.__setattr__(self, "gateway_socket", beside)


@dataclass(frozen=True, slots=True)
class GatewaySection:
    """What the member's web gateway may do."""

    origins: tuple[str, ...] = ()
    """Origins at which officers use passkeys, ``https://HOST`` or
    ``https://HOST:PORT``; none switches passkeys off."""


@dataclass(frozen=True, slots=True)
class DatabaseSection:
    """The member's own PostgreSQL database and role (scram-sha-256)."""

    host: str
    """A host name, or the absolute folder of a unix socket."""
    port: int
    """TCP port, or the number in the unix socket's name (5432 if not given)."""
    name: str
    """Database; no other member's role can connect to it."""
    user: str
    """The node's role: it may append to the ledger, never edit it."""
    password_file: Path
    """File with the role's password on its first line, mode 0600."""
    wait_seconds: int = 30
    """How long a start waits for a database that is away."""
    pool_size: int = 4
    """Connections held open, 1 to 100."""


@dataclass(frozen=True, slots=True)
class KeysSection:
    """Where the member's private keys are."""

    folder: Path
    """Folder as ``relais node init`` makes it; every file has mode 0600."""


@dataclass(frozen=True, slots=True)
class DirectorySection:
    """The directory as it was when this node was set up."""

    file: Path
    """The directory's entries from the genesis on; the node adopts newer ones."""
    fingerprint: str
    """Short words of the genesis, compared in person by the founders."""


@dataclass(frozen=True, slots=True)
class GuardSection:
    """Copies of the newest head, kept outside PostgreSQL."""

    paths: tuple[Path, ...]
    """At least two files in different folders, on different storage if real."""


@dataclass(frozen=True, slots=True)
class LogSection:
    """How the log is written; it never holds anything about a person."""

    format: str = "auto"
    """``json``, ``console``, or ``auto``: console if standard error is a terminal."""
    level: str = "info"
    """The lowest level written: debug, info, warning or error."""


@dataclass(frozen=True, slots=True)
class CaseClockSection:
    """The clock of deadlines and working days; TLS and epochs use the real one."""

    mode: str = "real"
    """``real``, or ``driven``: it stands where ``--clock`` and the operator put it."""


@dataclass(frozen=True, slots=True)
class AccessLogSection:
    """For how long it is kept who looked at what."""

    keep_years: int = KEEP_YEARS
    """Years until a look is deleted, 5 to 100; the database itself keeps five."""


@dataclass(frozen=True, slots=True)
class WebhooksSection:
    """Where events for the member's own programs may go, beside the internet."""

    private_hosts: tuple[str, ...] = ()
    """Hosts that are called wherever their address is, such as those of the office."""
    authorities: Path | None = None
    """PEM of more certificates to trust than the machine does."""


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """Everything a node must be told before it starts."""

    member: MemberSection
    peers: PeersSection
    local: LocalSection
    database: DatabaseSection
    keys: KeysSection
    directory: DirectorySection
    guard: GuardSection
    limits: LimitsSection
    log: LogSection
    case_clock: CaseClockSection
    gateway: GatewaySection = GatewaySection()
    access_log: AccessLogSection = AccessLogSection()
    webhooks: WebhooksSection = WebhooksSection()
    mailbox: MailboxSection = USUAL_MAILBOX


def load_node_config(file: Path) -> NodeConfig:
    """The configuration in ``file``.

    Raises:
        ConfigError: the file cannot be read or used; every problem is listed.
    """
    file = file.absolute()
    problems = Problems(file)
    root = Table("", read_toml(file), problems)
    config = NodeConfig(
        member=_member(root.table("member")),
        peers=_peers(root.table("peers")),
        local=_local(root.table("local")),
        database=_database(root.table("database")),
        keys=_keys(root.table("keys")),
        directory=_directory(root.table("directory")),
        guard=_guard(root.table("guard")),
        limits=read_limits(root.table("limits")),
        log=_log(root.table("log")),
        case_clock=_case_clock(root.table("case_clock")),
        gateway=_gateway(root.table("gateway")),
        access_log=_access_log(root.table("access_log")),
        webhooks=_webhooks(root.table("webhooks")),
        mailbox=read_mailbox(root.table("mailbox")),
    )
    root.done()
    problems.refuse()
    return config


def _member(table: Table) -> MemberSection:
    section = MemberSection(
        name=table.text(
            "name",
            pattern=MEMBER_NAME,
            meaning="lower-case letters and digits, words joined by hyphens",
        ),
        kind=table.choice("kind", KINDS),
        network=table.text(
            "network",
            pattern=NETWORK_NAME,
            meaning="a domain name such as vietnam.relais.invalid",
        ),
    )
    table.done()
    return section


def _peers(table: Table) -> PeersSection:
    if table.flag("dials_out", default=False):
        if table.optional_text("listen", pattern=".*", meaning="nothing"):
            table.problem("listen", "a node that only dials out listens to no peer")
        table.done()
        return PeersSection("", 0, dials_out=True)
    host, port = table.address("listen")
    table.done()
    return PeersSection(host=host, port=port)


def _local(table: Table) -> LocalSection:
    socket = table.path("socket")
    given = table.optional_text("gateway_socket", pattern=".+", meaning="a path")
    section = LocalSection(socket, table.resolve(given) if given else Path())
    longest = 107  # sun_path of unix(7) holds 108 bytes, the last of them zero
    named = {"socket": section.socket, "gateway_socket": section.gateway_socket}
    for key, path in named.items():
        length = len(str(path).encode())
        if length > longest:
            table.problem(
                key, f"the path has {length} bytes; a socket's has at most {longest}"
            )
            break
    if section.gateway_socket == section.socket:
        table.problem("gateway_socket", "this is the command line's socket")
    table.done()
    return section


def _database(table: Table) -> DatabaseSection:
    name = "a PostgreSQL name of lower-case letters, digits, _ and -"
    section = DatabaseSection(
        host=table.text("host"),
        port=table.integer("port", 1, 65535, default=5432),
        name=table.text("name", pattern=_DATABASE_NAME, meaning=name),
        user=table.text("user", pattern=_DATABASE_NAME, meaning=name),
        password_file=table.path("password_file"),
        wait_seconds=table.integer("wait_seconds", 0, 3600, default=30),
        pool_size=table.integer("pool_size", 1, 100, default=4),
    )
    table.done()
    return section


def _keys(table: Table) -> KeysSection:
    section = KeysSection(folder=table.path("folder"))
    table.done()
    return section


def _directory(table: Table) -> DirectorySection:
    section = DirectorySection(
        file=table.path("file"),
        fingerprint=table.text(
            "fingerprint",
            pattern=_FINGERPRINT,
            meaning="the short words of the genesis",
        ),
    )
    table.done()
    return section


def _guard(table: Table) -> GuardSection:
    texts = table.texts("paths", at_least=2)
    paths = tuple(table.resolve(text) for text in texts)
    if len({path.parent.resolve() for path in paths}) != len(paths):
        table.problem("paths", "two copies lie in one folder; one loss would take both")
    table.done()
    return GuardSection(paths=paths)


def _log(table: Table) -> LogSection:
    usual = LogSection()
    section = LogSection(
        format=table.choice("format", ("auto", "json", "console"), usual.format),
        level=table.choice("level", ("debug", "info", "warning", "error"), usual.level),
    )
    table.done()
    return section


def _case_clock(table: Table) -> CaseClockSection:
    mode = table.choice("mode", ("real", "driven"), CaseClockSection().mode)
    table.done()
    return CaseClockSection(mode)


def _gateway(table: Table) -> GatewaySection:
    origins = table.texts("origins")
    for origin in origins:
        if not re.fullmatch(_ORIGIN, origin):
            table.problem("origins", f"{origin} is not https://HOST or with a port")
    table.done()
    return GatewaySection(origins)


def _access_log(table: Table) -> AccessLogSection:
    usual = AccessLogSection()
    section = AccessLogSection(
        keep_years=table.integer(
            "keep_years", FEWEST_YEARS, MOST_YEARS, usual.keep_years
        )
    )
    table.done()
    return section


def _webhooks(table: Table) -> WebhooksSection:
    hosts = table.texts("private_hosts")
    for host in hosts:
        if not re.fullmatch(_HOST, host):
            table.problem("private_hosts", f"{host} is no host in small letters")
    given = table.optional_text("authorities", pattern=".+", meaning="a path")
    table.done()
    return WebhooksSection(hosts, table.resolve(given) if given else None)
