"""TOML -> what one gateway is started with; every problem is reported at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.node.config.node import MEMBER_NAME
from services.node.config.reading import Problems, Table, read_toml

_MOST_PORTS = 65535
_HTTPS = r"https://[a-z0-9.-]+(:[0-9]{1,5})?"
_LANGUAGES = ("vi", "en", "fr", "zh")


@dataclass(frozen=True, slots=True)
class ProgramsSection:
    """The listener for programs with a client certificate."""

    port: int
    authorities: Path
    """PEM of the authorities whose certificates get through the handshake."""


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """One gateway; paths are absolute or from the file's folder."""

    member: str
    """Name of the member in the directory."""
    names: dict[str, str]
    """Language (vi, en, fr, zh) to the organisation's name."""
    socket: Path
    """The node's socket for gateways."""
    host: str
    port: int
    origin: str
    """What a browser shows: ``https://host:port``; passkeys hold for its host."""
    certificate: Path
    key: Path
    programs: ProgramsSection | None = None

    @property
    def host_name(self) -> str:
        """The host of the origin."""
        return urlsplit(self.origin).hostname or ""


def load_gateway_config(file: Path) -> GatewayConfig:
    """The configuration in ``file``.

    Raises:
        ConfigError: it cannot be used; every problem is named.
    """
    problems = Problems(file)
    said = read_toml(file)
    root = Table("", said, problems)
    member, node = root.table("member"), root.table("node")
    names, listen = root.table("names"), root.table("listen")
    config = GatewayConfig(
        member=member.text("name", pattern=MEMBER_NAME, meaning="a member's name"),
        names={
            each: name
            for each in _LANGUAGES
            if (name := names.optional_text(each, pattern=".+", meaning="a name"))
        },
        socket=node.path("socket"),
        host=listen.text("host"),
        port=listen.integer("port", 1, _MOST_PORTS),
        origin=listen.text("origin", pattern=_HTTPS, meaning="https://HOST[:PORT]"),
        certificate=listen.path("certificate"),
        key=listen.path("key"),
        programs=_programs(root.table("programs")) if "programs" in said else None,
    )
    for table in (member, node, names, listen, root):
        table.done()
    if not config.names:
        problems.add("[names]", "expected the organisation's name in a language")
    problems.refuse()
    return config


def _programs(table: Table) -> ProgramsSection:
    section = ProgramsSection(
        port=table.integer("port", 1, _MOST_PORTS),
        authorities=table.path("authorities"),
    )
    table.done()
    return section
