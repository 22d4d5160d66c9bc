"""Keys and certificates of members that have joined: how they enter and end.

Promises: each function takes one signed entry whose subject stands as
``directory.fold`` asks, raises ``RelaisError`` if a rule is broken, and otherwise
returns the directory that the entry makes. What ends is marked with its leaf,
never removed. Signing keys need the member and two approvers; certificates,
sealing keys and reports of compromise the member alone (protocol.md §2). Leaves
sealing epochs to ``directory.epochs``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from services.node.directory.admission import (
    ALGORITHMS,
    own_keys,
    signing_keys,
    with_member,
)
from services.node.directory.certificates import entering_certificate
from services.node.directory.leaf import SignedEntry
from services.node.directory.state import (
    Certificate,
    Directory,
    Life,
    Member,
    SealingEpochKey,
    SigningKey,
)
from services.node.directory.vouching import (
    APPROVALS_NEEDED,
    check_approvals,
    check_own,
)
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
)
from services.node.wire.entries import (
    KeyAdd,
    KeyCompromised,
    KeyRetire,
    SigningPurpose,
    TlsCert,
)

K = TypeVar("K", SigningKey, SealingEpochKey, Certificate)


def apply_key_add(
    directory: Directory, signed: SignedEntry, change: KeyAdd
) -> Directory:
    """Add a signing key: it signs, its member signs, others approve."""
    fitting = ALGORITHMS[change.purpose]
    if change.key.algorithm not in fitting:
        raise InvalidInputError(
            "directory.wrong_keys",
            f"A {change.purpose} key is of {' or '.join(fitting)}.",
        )
    (key,) = signing_keys(directory, [change.key], change.purpose)
    owned = own_keys(directory, signed.entry.subject, [key.key_id])
    check_own(directory, signed, [key])
    check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    member = directory.member(signed.entry.subject)
    if change.purpose is SigningPurpose.IDENTITY:
        member = replace(member, identity_keys=(*member.identity_keys, key))
    elif change.purpose is SigningPurpose.LEDGER:
        member = replace(member, ledger_keys=(*member.ledger_keys, key))
    else:
        member = replace(member, witness_keys=(*member.witness_keys, key))
    return with_member(owned, member)


def apply_tls_cert(
    directory: Directory, signed: SignedEntry, change: TlsCert
) -> Directory:
    """Publish a certificate; from then on whoever shows it is this member."""
    created_at = signed.entry.created_at
    listed = entering_certificate(change.certificate, created_at, directory.size)
    owned = own_keys(directory, signed.entry.subject, [listed.key_id])
    check_own(directory, signed)
    check_approvals(directory, signed, needed=0)
    member = directory.member(signed.entry.subject)
    history = (*member.certificate_history, listed)
    return with_member(owned, replace(member, certificate_history=history))


def apply_key_retire(
    directory: Directory, signed: SignedEntry, change: KeyRetire
) -> Directory:
    """End a key in good order; a signing key only if another stays, and approved."""
    member = directory.member(signed.entry.subject)
    key = _own_key(member, change.key_id)
    if not key.life.live:
        raise NotLawfulError("directory.key_ended", "The key has ended already.")
    check_own(directory, signed)
    if isinstance(key, SigningKey):
        _check_another_stays(member, key)
        check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    else:
        check_approvals(directory, signed, needed=0)
    life = replace(key.life, ended_at=directory.size)
    return with_member(directory, _with_life(member, change.key_id, life))


def _check_another_stays(member: Member, key: SigningKey) -> None:
    alike = [
        each
        for each in member.signing_keys()
        if (each.purpose, each.algorithm) == (key.purpose, key.algorithm)
        and each.life.live
    ]
    if len(alike) == 1 and key.purpose is not SigningPurpose.WITNESS:
        raise NotLawfulError(
            "directory.last_key",
            f"The member's last {key.purpose} key of its algorithm cannot retire.",
            remedy="Add its successor first.",
        )


def apply_key_compromised(
    directory: Directory, signed: SignedEntry, change: KeyCompromised
) -> Directory:
    """End a key that others may hold: at once, by its member alone, even the last."""
    member = directory.member(signed.entry.subject)
    key = _own_key(member, change.key_id)
    if key.life.compromised_since is not None:
        raise NotLawfulError(
            "directory.key_ended", "The key is reported compromised already."
        )
    if change.since > signed.entry.created_at:
        raise InvalidInputError(
            "directory.bad_instant", "A key is reported compromised in the future."
        )
    check_own(directory, signed)
    check_approvals(directory, signed, needed=0)
    ended_at = directory.size if key.life.live else key.life.ended_at
    life = replace(key.life, ended_at=ended_at, compromised_since=change.since)
    return with_member(directory, _with_life(member, change.key_id, life))


def _own_key(
    member: Member, wanted: bytes
) -> SigningKey | SealingEpochKey | Certificate:
    for key in member.signing_keys():
        if key.key_id == wanted:
            return key
    for epoch in member.sealing_epochs:
        if epoch.key_id == wanted:
            return epoch
    for certificate in member.certificate_history:
        if certificate.key_id == wanted:
            return certificate
    raise NotFoundError(
        "directory.unknown_key", "The member lists no key with that id."
    )


def _with_life(member: Member, wanted: bytes, life: Life) -> Member:
    return replace(
        member,
        identity_keys=_relived(member.identity_keys, wanted, life),
        ledger_keys=_relived(member.ledger_keys, wanted, life),
        witness_keys=_relived(member.witness_keys, wanted, life),
        sealing_epochs=_relived(member.sealing_epochs, wanted, life),
        certificate_history=_relived(member.certificate_history, wanted, life),
    )


def _relived(keys: tuple[K, ...], wanted: bytes, life: Life) -> tuple[K, ...]:
    return tuple(
        replace(key, life=life) if key.key_id == wanted else key for key in keys
    )
