"""What a local call says beside its request, as gRPC metadata.

Promises the names only; the call gate reads them and the clients write them.
"""

from __future__ import annotations

SESSION_KEY = "relais-session"
"""The token of a signed-in officer, who then is the one that acts."""

REASON_KEY = "relais-reason-bin"
"""Why an officer looks at what another unit works on; UTF-8, so a binary key."""

CERTIFICATE_KEY = "relais-certificate-bin"
"""DER of the certificate with which a program proved itself to the gateway, whose
handshake it went through; heard at the gateway's socket only."""

UNCHANGED_KEY = "relais-unchanged"
"""``case N`` or ``referral N``: the act is done only while what happened there last
stands at index N of the ledger."""

UNATTENDED_KEY = "relais-unattended"
"""Present on a call that nobody made by hand; it does not put off the idle lock."""
