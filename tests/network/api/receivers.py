"""A receiver of events: real https on this machine, and what it was sent."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
CERTIFICATE, KEY = "receiver.crt", "receiver.key"
_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """What came: ``headers`` by names in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def number(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Answers 204, or what ``answers`` says first; None leaves a call unanswered."""

    port: int = 0
    came: list[Request] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def url(self, path: str = "/events", host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    def until(self, count: int, path: str = "/events") -> list[Request]:
        """Wait until so many came at a path; all that came there."""

        def there() -> list[Request]:
            return [each for each in self.came if each.path == path]

        with self.changed:
            enough = self.changed.wait_for(lambda: len(there()) >= count, _SECONDS)
            assert enough, [each.path for each in self.came]
            return there()


def certify(folder: Path) -> Path:
    """A certificate for this machine's own address, and its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    names = [x509.IPAddress(ip_address(HOST)), x509.DNSName("localhost")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    file = folder / CERTIFICATE
    file.write_bytes(made.public_bytes(Encoding.PEM))
    (folder / KEY).write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


@contextmanager
def open_receiver(folder: Path) -> Iterator[Receiver]:
    """A receiver with the certificate of the folder, while the block runs."""
    receiver = Receiver()
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): text for name, text in self.headers.items()}
            request = Request(self.path, headers, self.rfile.read(length))
            with receiver.changed:
                status = receiver.answers.pop(0) if receiver.answers else 204
                receiver.came.append(request)
                receiver.changed.notify_all()
            if status is None:
                stopped.wait(_SECONDS)
                return
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", receiver.url("/elsewhere"))
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / CERTIFICATE, folder / KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
