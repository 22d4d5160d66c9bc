"""Probe a peer part by part: name, tcp, tls, identity, clock, inbox, open, receipt.

It stops at the first part that fails, because what follows rests on it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import RelaisError, UnavailableError
from services.node.domain.reach import ProbePart
from services.node.flows.arrival import SKEW_WARNED
from services.node.flows.own import OwnMember
from services.node.flows.probe import check_opened, check_receipt_key, new_probe
from services.node.keys.tls import check_certificate
from services.node.rpc.peer_client import PeerClient, no_answer, only_dials_out
from services.node.wire.mapping import from_millis

_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the exchange; ``error`` is None if it works."""

    part: ProbePart
    detail: str = ""
    error: RelaisError | None = None


async def probe_peer(
    own: OwnMember, peers: PeerClient, member: str, now: datetime
) -> list[Finding]:
    """What works, up to the first part that fails; ``now`` on the wire clock."""
    findings: list[Finding] = []
    error: RelaisError | None = None
    try:
        await _probe(own, peers, member, now, findings)
    except RelaisError as refused:
        error = refused
    except TimeoutError:
        error = no_answer(member)
    except OSError:
        error = UnavailableError(
            "probe.no_connection",
            "No connection to its address comes about.",
            where=member,
            remedy="Ask that member's administrator whether its machine runs.",
        )
    if error is not None:
        # A peer that takes no more calls is known by that very answer.
        full = error.code == "inbox.full"
        part = ProbePart.INBOX if full else _PARTS[len(findings)]
        findings.append(Finding(part, error=error))
    return findings


_PARTS = tuple(ProbePart)


async def _probe(
    own: OwnMember,
    peers: PeerClient,
    member: str,
    now: datetime,
    findings: list[Finding],
) -> None:
    def works(detail: str) -> None:
        findings.append(Finding(_PARTS[len(findings)], detail))

    peer = own.adopted.directory.active_member(member)
    if not peer.peers_address:
        works("the directory gives no address: the member only dials out")
        raise only_dials_out(member)
    works(f"the directory gives {peer.peers_address}")
    host, _, port = peer.peers_address.rpartition(":")
    async with asyncio.timeout(_TIMEOUT):
        _, writer = await asyncio.open_connection(host, int(port))
    writer.close()
    works("the port takes connections")
    for der in peer.certificates.values():
        check_certificate(der, now)
    test = new_probe(own, member, now)
    answer = await peers.probe(member, test)
    works("the certificate is the one that the directory lists")
    works(f"the peer knows this member as {own.name}")
    skew = from_millis(answer.now) - now
    if abs(skew) > SKEW_WARNED:
        raise UnavailableError(
            "probe.clock_differs",
            f"Its clock and ours differ by {abs(skew).total_seconds():.0f} seconds.",
            where=member,
            remedy="Set the clock that is wrong by a time server.",
        )
    works(f"differs by {skew.total_seconds():.1f} s")
    if not answer.inbox_open:
        raise UnavailableError(
            "probe.takes_nothing",
            "Its node answers and takes nothing in: its database is away.",
            where=member,
            remedy="Ask that member's administrator to look at its database.",
        )
    works("the peer takes envelopes")
    check_opened(test, answer.opened_hash)
    works("the peer opened what was sealed to its key")
    size = check_receipt_key(own, member, answer.checkpoint)
    works(f"the peer's ledger is signed by its key, {size} leaves")
