"""The gateways of a network on this machine: one before each node.

Promises: what is missing is made, what is down is started, what runs is left
alone. They share one self-signed certificate for ``<member>.localhost``, so that a
browser is told once; a real member brings its own.

Leaves to others: what a gateway does (``gateway``), and the network (network.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from gateway.config import GatewayConfig, load_gateway_config
from services.cli import ports, processes
from services.cli.network import Network
from services.cli.network_state import MemberPlace
from services.node.config.network import MemberDeclaration
from services.node.config.node import load_node_config
from services.node.keys.files import write_secret

_MODULE = "gateway"
_READY_SECONDS = 60
_LIFETIME = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class GatewayPlace:
    """Where one gateway's things are."""

    member: MemberPlace

    @property
    def config(self) -> Path:
        """What it is started with."""
        return self.member.folder / "gateway.toml"

    @property
    def process(self) -> Path:
        """The record of its process, while it runs."""
        return self.member.folder / "gateway.json"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.member.log.with_suffix(".gateway.log")


class Gateways:
    """The gateways of one network; ``start`` and ``stop`` are idempotent."""

    def __init__(self, network: Network, members: Iterable[str] = ()) -> None:
        """``members`` are those that get a gateway; all if none is named."""
        wanted = set(members)
        self._network = network
        self._declared = [
            each
            for each in network.declared.members
            if not wanted or each.name in wanted
        ]

    def start(self) -> None:
        """Start every gateway that is down; its node runs already.

        Raises:
            UnavailableError: a port is in use, or a gateway did not start.
        """
        self._make()
        down = [each for each in self._places() if processes.find(each.process) is None]
        ports.check_free(
            {each.member.name: load_gateway_config(each.config).port for each in down}
        )
        if not down:
            return
        programs = [
            processes.Program(
                each.member.name,
                _MODULE,
                ("--config", str(each.config)),
                each.process,
                each.log,
            )
            for each in down
        ]
        starting = processes.start_together(programs, f"{_MODULE}.app")
        processes.await_ready(starting, _READY_SECONDS)

    def stop(self) -> None:
        """End every gateway."""
        processes.stop([each.process for each in self._places()])

    def origins(self) -> dict[str, str]:
        """Member to what a browser shows of its gateway."""
        return {
            each.member.name: load_gateway_config(each.config).origin
            for each in self._places()
            if each.config.exists()
        }

    def config(self, member: str) -> GatewayConfig:
        """What a member's gateway was started with."""
        return load_gateway_config(GatewayPlace(self._network.place(member)).config)

    def _places(self) -> list[GatewayPlace]:
        return [GatewayPlace(self._network.place(each.name)) for each in self._declared]

    def _make(self) -> None:
        folder = self._network.state.folder / "gateway"
        certificate, key = folder / "tls.crt", folder / "tls.key"
        if not certificate.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            names = [each.name for each in self._network.declared.members]
            key_pem, certificate_pem = _certificate(names, datetime.now(UTC))
            write_secret(key, key_pem)
            certificate.write_bytes(certificate_pem)
        for declared in self._declared:
            place = GatewayPlace(self._network.place(declared.name))
            if not place.config.exists():
                (origin,) = self._network.config(declared.name).gateway.origins
                text = _rendered(declared, place.member, origin, certificate, key)
                write_secret(place.config, text.encode())


def _rendered(
    declared: MemberDeclaration,
    place: MemberPlace,
    origin: str,
    certificate: Path,
    key: Path,
) -> str:
    called = "\n".join(
        f"{tag} = {_quoted(name)}" for tag, name in declared.names.items()
    )
    socket = load_node_config(place.config).local.gateway_socket
    return (
        f"[member]\nname = {_quoted(declared.name)}\n\n"
        f"[names]\n{called}\n\n"
        f"[node]\nsocket = {_quoted(str(socket))}\n\n"
        f"[listen]\nhost = {_quoted(ports.HOST)}\nport = {urlsplit(origin).port}\n"
        f"origin = {_quoted(origin)}\n"
        f"certificate = {_quoted(str(certificate))}\nkey = {_quoted(str(key))}\n"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _certificate(members: Iterable[str], now: datetime) -> tuple[bytes, bytes]:
    """A fresh P-256 key and a self-signed certificate for every gateway, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Relais gateways")])
    hosts = [x509.DNSName(f"{member}.localhost") for member in members]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=48))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .sign(key, SHA256())
    )
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key_pem, certificate.public_bytes(Encoding.PEM)
