"""This member's keys as the directory lists them, and how long each lasts.

Promises nothing private: ids, times, and whether this node holds the other half.
What has ended is shown for one more epoch, so that who looks sees what ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.directory.epochs import EPOCH
from services.node.directory.state import Certificate, Member, SigningKey
from services.node.domain.upkeep import (
    TLS_AHEAD,
    KeySpan,
    KeyState,
    KeyUse,
    days_left,
)
from services.node.flows.own import OwnMember
from services.node.keys.suites import P256_DER, X_WING
from services.node.keys.tls import fingerprint, span_of

_ALWAYS = KeySpan(None, None)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """One key; ``key_id`` is empty for what stands in no directory."""

    use: KeyUse
    algorithm: str
    key_id: bytes
    span: KeySpan
    state: KeyState
    days_left: int
    held: bool


def own_keys(own: OwnMember, now: datetime) -> list[OwnKey]:
    """By use, and in the order in which they end; ``now`` on the wire clock."""
    member = own.adopted.directory.member(own.name)
    found = [_signing(own, each) for each in member.signing_keys()]
    found += _sealing(own, member, now)
    mine = fingerprint(own.keys.tls_cert_pem)
    for each in member.certificate_history:
        found += _certificate(each, mine, now)
    at_rest = OwnKey(KeyUse.AT_REST, "", b"", _ALWAYS, KeyState.IN_USE, 0, held=True)
    return [*found, at_rest]


def sealing_until(member: Member) -> datetime | None:
    """Until when others can seal to a member; None if it lists no sealing key."""
    live = (each.ends_at for each in member.sealing_epochs if each.life.live)
    return max(live, default=None)


def certificate_until(member: Member) -> datetime | None:
    """Until when the newest certificate lasts that nothing has ended; None if none."""
    ends = (span_of(der)[1] for der in member.certificates.values())
    return max(ends, default=None)


def _signing(own: OwnMember, key: SigningKey) -> OwnKey:
    keys = own.keys
    here = {keys.ledger.key_id, keys.ledger_ml_dsa.key_id}
    if keys.identity is not None:
        here |= {keys.identity.ed25519.key_id, keys.identity.ml_dsa_65.key_id}
    state = KeyState.IN_USE if key.life.live else KeyState.RETIRED
    use, held = KeyUse(key.purpose.value), key.key_id in here
    return OwnKey(use, key.algorithm, key.key_id, _ALWAYS, state, 0, held)


def _sealing(own: OwnMember, member: Member, now: datetime) -> list[OwnKey]:
    found = []
    for each in sorted(member.sealing_epochs, key=lambda each: each.begins_at):
        if each.ends_at + EPOCH < now:
            continue
        span = KeySpan(each.begins_at, each.ends_at)
        found.append(
            OwnKey(
                KeyUse.SEALING,
                X_WING,
                each.key_id,
                span,
                span.state(now) if each.life.live else KeyState.RETIRED,
                days_left(each.ends_at, now),
                held=each.key_id in own.keys.sealing,
            )
        )
    return found


def _certificate(listed: Certificate, mine: bytes, now: datetime) -> list[OwnKey]:
    begins_at, ends_at = span_of(listed.der)
    if ends_at + EPOCH < now:
        return []
    span = KeySpan(begins_at, ends_at)
    state = span.state(now, TLS_AHEAD) if listed.life.live else KeyState.RETIRED
    left, held = days_left(ends_at, now), listed.fingerprint == mine
    return [OwnKey(KeyUse.TLS, P256_DER, listed.fingerprint, span, state, left, held)]
