"""One-time codes are those of RFC 6238, one step either way, with their step."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from services.node.keys.one_time_codes import new_totp_secret, otpauth_uri, step_of

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


# Appendix B of RFC 6238 for SHA-1, of whose eight digits six are shown.
@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_of_the_standard_hold(seconds, digits):
    at = datetime.fromtimestamp(seconds, UTC)
    code = digits[-6:]
    assert step_of(RFC_SECRET, code, at) == seconds // 30
    assert step_of(RFC_SECRET, f"{code[:3]} {code[3:]}", at) == seconds // 30
    for off in (-1, 1):
        near = datetime.fromtimestamp(seconds + 30 * off, UTC)
        assert step_of(RFC_SECRET, code, near) == seconds // 30
    for off in (-2, 2):
        far = datetime.fromtimestamp(seconds + 30 * off, UTC)
        assert step_of(RFC_SECRET, code, far) is None


@pytest.mark.parametrize("typed", ["", "28708", "9428708", "28708a", "２８７０８２"])
def test_what_is_no_code_has_no_step(typed):
    assert step_of(RFC_SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_a_secret_has_160_bits_and_a_uri_that_an_app_scans():
    secret = new_totp_secret()
    assert len(base64.b32decode(secret)) == 20
    assert secret != new_totp_secret()
    uri = otpauth_uri(secret, "can-bo-1", "Relais lao-cai")
    assert uri == (
        f"otpauth://totp/Relais%20lao-cai:can-bo-1?secret={secret}"
        "&issuer=Relais%20lao-cai"
    )
