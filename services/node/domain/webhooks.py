"""Events for the member's own programs: which there are, and where they may go.

Promises pure rules. An event says that something happened and where to look; what
happened and to whom is asked over the API, by the program, with its own key. An
address that is this machine, its neighbours or nobody's is reached only where the
operator named its host. Leaves signing to ``keys`` and the line to ``rpc``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from services.node.domain.api_clients import Scope
from services.node.domain.errors import InvalidInputError

LONGEST_URL = 500
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\]")
_PATH = re.compile(r"[!-~]*")
_MOST_PORTS = 65535
_HTTPS_PORT = 443
_V4_IN_V6 = IPv6Network("64:ff9b::/96")
_LOW_BITS = 32
_MOST_DOUBLINGS = 20

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
GIVES_UP_AFTER = timedelta(days=3)
"""An endpoint that took nothing for so long is disabled; what waits is dropped."""
OLD_SECRET_SIGNS = timedelta(hours=24)
"""For so long after a rotation both secrets sign."""


class EventType(StrEnum):
    """What an event may say."""

    CASE_CHANGED = "case.changed"
    """Something happened in a case, within this member."""
    REFERRAL_CHANGED = "referral.changed"
    """Something was said in a referral, by either side."""
    TEST = "webhook.test"
    """The administrator wants to see whether events arrive."""


class Ended(StrEnum):
    """Why an endpoint is told nothing any more."""

    ADMINISTRATOR = "administrator"
    """The administrator disabled it."""
    FAILING = "failing"
    """It took nothing for three days."""
    GONE = "gone"
    """It said that it is gone (410)."""
    PROGRAM_ENDED = "program_ended"
    """Its program may not act any more."""


OPENED_BY: dict[EventType, frozenset[Scope]] = {
    EventType.CASE_CHANGED: frozenset({Scope.READ_CASES}),
    EventType.REFERRAL_CHANGED: frozenset({Scope.READ_CASES, Scope.REFERRALS}),
}
"""A program is told only of what its scopes let it look at."""


def check_types(types: Iterable[str], scopes: Iterable[str]) -> tuple[str, ...]:
    """The types, each once; raises InvalidInputError ``webhook.bad_types``."""
    wanted, held = tuple(dict.fromkeys(types)), set(scopes)
    for each in wanted:
        if each not in OPENED_BY or not OPENED_BY[EventType(each)] & held:
            wanted = ()
            break
    if not wanted:
        raise InvalidInputError(
            "webhook.bad_types",
            "An endpoint is told of one or more of case.changed (scope read_cases)"
            " and referral.changed (scope read_cases or referrals), as far as the"
            " scopes of its program reach.",
            where="types",
        )
    return wanted


def check_url(url: str, named: Iterable[str] = ()) -> SplitResult:
    """The parts of an address that events may go to.

    ``named`` are the hosts that the operator allows wherever they are. Raises
    InvalidInputError ``webhook.bad_url`` and ``webhook.bad_address``.
    """
    parts = _parts(url)
    if parts is None:
        raise InvalidInputError(
            "webhook.bad_url",
            f"An endpoint is an address https://HOST[:PORT][/PATH] of at most"
            f" {LONGEST_URL} characters, without a name, a password or a #.",
            where="url",
        )
    host = host_of(parts)
    if host not in set(named) and _is_number(host) and not is_public(host):
        raise not_public()
    return parts


def not_public() -> InvalidInputError:
    """The refusal of an address that is nobody else's."""
    return InvalidInputError(
        "webhook.bad_address",
        "This host is not on the public internet, and the operator did not name it.",
        where="url",
        remedy="The operator names it in the node's configuration:"
        " [webhooks] private_hosts.",
    )


def host_of(parts: SplitResult) -> str:
    """The host, without brackets."""
    return parts.hostname or ""


def port_of(parts: SplitResult) -> int:
    """The port."""
    return parts.port or _HTTPS_PORT


def target_of(parts: SplitResult) -> str:
    """What the request line asks for."""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_public(address: str) -> bool:
    """Whether an address of a host is one on the public internet.

    One of IPv4 that is written as one of IPv6 is judged as what it is.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is not None:
            found = inner
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified
    )


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures in a row, before jitter."""
    times: int = 2 ** min(max(failures - 1, 0), _MOST_DOUBLINGS)
    return min(FIRST_PAUSE * times, LONGEST_PAUSE)


def _parts(url: str) -> SplitResult | None:
    if not 0 < len(url) <= LONGEST_URL or not _PATH.fullmatch(url) or "#" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.netloc.removesuffix(f":{port}") if port else parts.netloc
    if parts.scheme != "https" or not _HOST.fullmatch(host):
        return None
    return parts if port is None or 0 < port <= _MOST_PORTS else None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _inner(found: IPv6Address) -> IPv4Address | None:
    if found.ipv4_mapped or found.sixtofour:
        return found.ipv4_mapped or found.sixtofour
    if found.teredo:
        return found.teredo[1]
    if found in _V4_IN_V6:
        return IPv4Address(int(found) & (2**_LOW_BITS - 1))
    return None
