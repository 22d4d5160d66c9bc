"""What a network declares: one TOML file a member, and ``_network.toml``.

Promises: adding a member to a network adds one file and no Python; every
problem of every file is listed, file by file; two members never share a name or
a port; its functions are ones that its kind may hold (``domain.functions``).

Leaves to others: keys, certificates and databases, which ``relais network up``
or ``relais node init`` make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.node.config.node import KINDS, MEMBER_NAME, NETWORK_NAME, PeersSection
from services.node.config.reading import Problems, Table, read_toml
from services.node.domain.errors import ConfigError, InvalidInputError
from services.node.domain.functions import Function, Kind, parse_functions
from services.node.domain.offices import Office, check_office, parse_hours

NETWORK_FILE = "_network.toml"
_LANGUAGES = ("vi", "en", "fr", "zh")
_DIGITS = "a telephone number of digits and spaces"


@dataclass(frozen=True, slots=True)
class MemberDeclaration:
    """One member as its file declares it; the file's stem is its name."""

    name: str
    """Name in the directory: lower-case words joined by hyphens."""
    kind: str
    """Which services its node mounts."""
    functions: tuple[str, ...]
    """What the law lets it do (``domain.functions``), at least one."""
    country: str
    """ISO 3166-1 alpha-2 code of the country whose law it answers to."""
    province: str
    """Province or region it serves, as a slug; empty if the whole country."""
    names: Mapping[str, str]
    """Language (vi, en, fr, zh) to the organisation's name."""
    founder: bool
    """True for the founders who sign the directory's genesis."""
    peers_port: int
    """TCP port of its peers listener on a machine that runs the whole network."""
    dials_out: bool = False
    """True if nobody can dial its node: the directory lists no address of it."""
    office: Office | None = None
    """When and how people reach it; None if it tells nothing of it."""

    def listens(self, host: str, port: int) -> PeersSection:
        """Where its node listens to others; nowhere if it only dials out."""
        if self.dials_out:
            return PeersSection("", 0, dials_out=True)
        return PeersSection(host, port)


@dataclass(frozen=True, slots=True)
class NetworkDeclaration:
    """A network and its members, in order of name."""

    name: str
    """First part of every ledger's origin."""
    policy: Path
    """Folder with the dated policy tables; its name is the policy's version."""
    approver_functions: tuple[str, ...]
    """Members with one of these functions approve what needs two approvers."""
    members: tuple[MemberDeclaration, ...]


def load_network(folder: Path) -> NetworkDeclaration:
    """The network that ``folder`` declares.

    Raises:
        ConfigError: a file cannot be used; the problems of all files are listed.
    """
    file = folder.absolute() / NETWORK_FILE
    problems: list[str] = []
    members = []
    name, policy = "", Path()
    approvers: tuple[str, ...] = ()
    try:
        name, policy, approvers = _network(file)
    except ConfigError as error:
        problems += [f"{file.name} {each}" for each in error.problems]
    for path in sorted(folder.absolute().glob("*.toml")):
        if path.name == NETWORK_FILE:
            continue
        try:
            members.append(load_member(path))
        except ConfigError as error:
            problems += [f"{path.name} {each}" for each in error.problems]
    for port, times in Counter(each.peers_port for each in members).items():
        if times > 1:
            sharing = ", ".join(m.name for m in members if m.peers_port == port)
            problems.append(f"[peers] port: {port} is declared by {sharing}")
    if not any(each.founder for each in members):
        problems.append("[member] founder: no member founds the network")
    if problems:
        raise ConfigError(tuple(problems), where=str(folder))
    return NetworkDeclaration(name, policy, approvers, tuple(members))


def _network(file: Path) -> tuple[str, Path, tuple[str, ...]]:
    problems = Problems(file)
    root = Table("", read_toml(file), problems)
    table = root.table("network")
    name = table.text(
        "name", pattern=NETWORK_NAME, meaning="a domain name ending in .invalid"
    )
    policy = table.path("policy")
    approvers = table.texts("approver_functions", at_least=1)
    for unknown in sorted(set(approvers) - set(Function)):
        table.problem("approver_functions", f"no such function: {unknown}")
    table.done()
    root.done()
    if not policy.is_dir():
        table.problem("policy", "there is no such folder")
    problems.refuse()
    return name, policy.resolve(), approvers


def load_member(file: Path) -> MemberDeclaration:
    """The member that ``file`` declares; ``ConfigError`` lists its problems."""
    problems = Problems(file)
    root = Table("", read_toml(file), problems)
    table, peers = root.table("member"), root.table("peers")
    names = root.table("names")
    declaration = MemberDeclaration(
        name=table.text("name", pattern=MEMBER_NAME, meaning="a lower-case name"),
        kind=table.choice("kind", KINDS),
        functions=table.texts("functions", at_least=1),
        country=table.text(
            "country", pattern="[A-Z]{2}", meaning="a country code of two letters"
        ),
        province=table.optional_text(
            "province", pattern=MEMBER_NAME, meaning="a slug such as lao-cai"
        ),
        names={language: names.text(language) for language in names.present()},
        founder=table.flag("founder", default=False),
        peers_port=peers.integer("port", 1024, 65535),
        dials_out=peers.flag("dials_out", default=False),
        office=_office(root.table("office")) if root.has("office") else None,
    )
    for each in (table, peers, root):
        each.done()
    if declaration.name and declaration.name != file.stem:
        table.problem("name", f"the file is named {file.stem}")
    if declaration.kind in KINDS and declaration.functions:
        try:
            parse_functions(Kind(declaration.kind), declaration.functions)
        except InvalidInputError as error:
            table.problem("functions", error.message)
    for language in declaration.names:
        if language not in _LANGUAGES:
            names.problem(language, f"expected one of {', '.join(_LANGUAGES)}")
    if "en" not in declaration.names:
        names.problem("en", "is missing; expected a text")
    problems.refuse()
    return declaration


def _office(table: Table) -> Office | None:
    """The office that a member declares; its problems go to the table."""
    said = table.texts("hours")
    try:
        office = Office(
            languages=table.texts("languages"),
            serves=table.texts("serves"),
            time_zone=table.optional_text(
                "time_zone", pattern=".+", meaning="a zone such as Asia/Ho_Chi_Minh"
            ),
            hours=tuple(each for text in said for each in parse_hours(text)),
            phone=table.optional_text("phone", pattern=".+", meaning=_DIGITS),
            phone_24h=table.optional_text("phone_24h", pattern=".+", meaning=_DIGITS),
            not_for=table.texts("not_for"),
        )
        check_office(office)
    except InvalidInputError as error:
        table.problem(error.where, error.message)
        office = None
    table.done()
    return office
