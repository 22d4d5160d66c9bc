"""One-time codes of an authenticator app: TOTP, RFC 6238, 6 digits in 30 seconds.

Promises the step that a code belongs to, so that whoever keeps it can refuse it a
second time. A clock may be one step off either way.
"""

from __future__ import annotations

import hmac
from datetime import datetime

_SECONDS = 30
_OFF = (0, -1, 1)
_DIGITS = 6


def new_totp_secret() -> str:
    """A fresh secret of 160 bits in base32."""
    import pyotp  # noqa: PLC0415 - most nodes never sign anybody in while they start

    return pyotp.random_base32(32)


def otpauth_uri(secret: str, account: str, issuer: str) -> str:
    """The secret as an authenticator app scans it."""
    import pyotp  # noqa: PLC0415 - as above

    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, at ``now`` or one step off; None if none."""
    import pyotp  # noqa: PLC0415 - as above

    digits = "".join(code.split())
    shaped = len(digits) == _DIGITS and digits.isascii() and digits.isdigit()
    present = int(now.timestamp()) // _SECONDS
    maker = pyotp.HOTP(secret)
    found = None
    for off in _OFF:
        step = max(present + off, 0)
        right = hmac.compare_digest(maker.at(step), digits if shaped else "")
        if right and found is None:
            found = step
    return found
