"""Debian's chromium, without a window, that trusts the gateways' own certificate.

It trusts that one key and no other, so that it keeps what may be kept: a browser
that ignores a certificate caches nothing, and every page would weigh its first.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.console.consoles import PROVINCE, Consoles

CHROMIUM = Path("/usr/bin/chromium")


@contextmanager
def open_chromium(consoles: Consoles) -> Iterator[Browser]:
    """The browser while it runs."""
    with sync_playwright() as playwright:
        browser = _launched(playwright.chromium, consoles)
        yield browser
        browser.close()


@contextmanager
def open_another(
    browser: Browser, consoles: Consoles, member: str, port: int
) -> Iterator[Browser]:
    """One more that has kept nothing yet, and reaches a member's console by ``port``.

    What it shows and sends is as if it had gone there directly.
    """
    there = urlsplit(consoles.origin(member)).netloc
    rule = f"--host-resolver-rules=MAP {there} 127.0.0.1:{port}"
    other = _launched(browser.browser_type, consoles, rule)
    yield other
    other.close()


def _launched(kind: BrowserType, consoles: Consoles, *more: str) -> Browser:
    trusted = _key_of(consoles.gateways.config(PROVINCE).certificate)
    return kind.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            f"--ignore-certificate-errors-spki-list={trusted}",
            *more,
        ],
    )


def _key_of(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(raw).digest()).decode()
