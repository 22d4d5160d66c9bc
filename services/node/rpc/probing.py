"""Probe a peer part by part: name, tcp, tls, identity, clock, inbox, open, receipt.

It stops at the first part that fails, because what follows rests on it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import RelaisError
from services.node.flows.arrival import SKEW_WARNED
from services.node.flows.own import OwnMember
from services.node.flows.probe import check_opened, check_receipt_key, new_probe
from services.node.keys.tls import check_certificate
from services.node.rpc.peer_client import PeerClient, only_dials_out
from services.node.wire.mapping import from_millis

_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the exchange and whether it works."""

    part: str
    works: bool
    detail: str


async def probe_peer(
    own: OwnMember, peers: PeerClient, member: str, now: datetime
) -> list[Finding]:
    """What works, up to the first part that fails; ``now`` on the wire clock."""
    findings: list[Finding] = []
    try:
        await _probe(own, peers, member, now, findings)
    except RelaisError as error:
        # A peer that takes no more calls is known by that very answer.
        full = error.code == "inbox.full"
        part = "inbox" if full else _PARTS[len(findings)]
        findings.append(Finding(part, works=False, detail=str(error)))
    except TimeoutError:
        part = _PARTS[len(findings)]
        findings.append(Finding(part, works=False, detail="no answer in time"))
    except OSError as error:
        part = _PARTS[len(findings)]
        findings.append(Finding(part, works=False, detail=error.strerror or "failed"))
    return findings


_PARTS = ("name", "tcp", "tls", "identity", "clock", "inbox", "open", "receipt")


async def _probe(
    own: OwnMember,
    peers: PeerClient,
    member: str,
    now: datetime,
    findings: list[Finding],
) -> None:
    def works(detail: str) -> None:
        findings.append(Finding(_PARTS[len(findings)], works=True, detail=detail))

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
        findings.append(Finding("clock", works=False, detail=f"differs by {skew}"))
        return
    works(f"differs by {skew.total_seconds():.1f} s")
    if not answer.inbox_open:
        findings.append(Finding("inbox", works=False, detail="the peer takes nothing"))
        return
    works("the peer takes envelopes")
    check_opened(test, answer.opened_hash)
    works("the peer opened what was sealed to its key")
    size = check_receipt_key(own, member, answer.checkpoint)
    works(f"the peer's ledger is signed by its key, {size} leaves")
