"""What a member does at home, with its own keys and nobody else's.

Promises: every function signs with the keys of one member and returns only what
others may see, so that in a real network each member runs them on its own
machine, where its identity is. Leaves putting together what several members
signed to ``directory.genesis``. Instants are on the wire clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.node.directory.epochs import EPOCH
from services.node.directory.leaf import approval_text, join_leaf, proof_text
from services.node.domain.errors import NotFoundError
from services.node.keys.files import IdentityKeys, MemberKeys
from services.node.keys.signing import Signer
from services.node.keys.suites import X_WING
from services.node.keys.tls import to_der
from services.node.wire.entries import (
    ENTRY_VERSION,
    Approval,
    Change,
    Description,
    Entry,
    MemberAdd,
    Proof,
    PublicKey,
    SealingEpoch,
    SealingEpochs,
    TlsCert,
    encode_entry,
)


@dataclass(frozen=True, slots=True)
class Home:
    """One member with its keys at hand."""

    network: str
    name: str
    keys: MemberKeys

    @property
    def identity(self) -> IdentityKeys:
        """The identity keys; ``NotFoundError`` (directory.identity_offline)."""
        if self.keys.identity is None:
            raise NotFoundError(
                "directory.identity_offline",
                "The member's identity keys are not in its key folder.",
                remedy="Bring them from where they are kept offline.",
            )
        return self.keys.identity


def entry_bytes(network: str, subject: str, change: Change, now: datetime) -> bytes:
    """The bytes of an entry written at ``now``, for others to sign."""
    return encode_entry(Entry(ENTRY_VERSION, network, subject, now, change))


def introduction(home: Home, description: Description) -> MemberAdd:
    """What a newcomer gives to whoever writes the entry that admits it."""
    keys = home.keys
    return MemberAdd(
        description=description,
        identity_keys=public_keys(home.identity.ed25519, home.identity.ml_dsa_65),
        ledger_keys=public_keys(keys.ledger, keys.ledger_ml_dsa),
    )


def prove_admission(home: Home, entry_raw: bytes) -> tuple[Proof, ...]:
    """Proofs by every signing key of a newcomer, over the entry that admits it."""
    keys = home.keys
    return (*vouch(home, entry_raw), *prove(entry_raw, keys.ledger, keys.ledger_ml_dsa))


def vouch(home: Home, entry_raw: bytes) -> tuple[Proof, ...]:
    """The member's own word for an entry: both identity keys sign."""
    return prove(entry_raw, home.identity.ed25519, home.identity.ml_dsa_65)


def prove(entry_raw: bytes, *signers: Signer) -> tuple[Proof, ...]:
    """One proof a key, over the entry as carried."""
    text = proof_text(entry_raw)
    return tuple(Proof(each.key_id, each.sign(text)) for each in signers)


def approve(
    home: Home, entry_raw: bytes, base_size: int, not_after: datetime
) -> Approval:
    """This member's consent to another's entry.

    It holds from a directory of ``base_size`` leaves on, until ``not_after``.
    """
    text = approval_text(entry_raw, base_size, not_after)
    return Approval(
        approver=home.name,
        base_size=base_size,
        not_after=not_after,
        ed25519_signature=home.identity.ed25519.sign(text),
        ml_dsa_65_signature=home.identity.ml_dsa_65.sign(text),
    )


def own_leaf(
    home: Home,
    change: Change,
    now: datetime,
    approvals: Iterable[Approval] = (),
) -> bytes:
    """The leaf of an entry about the member itself, vouched for by its identity."""
    raw = entry_bytes(home.network, home.name, change, now)
    return join_leaf(raw, vouch(home, raw), approvals)


def sealing_epochs_leaf(home: Home, now: datetime) -> bytes:
    """The leaf that publishes every sealing epoch of the key folder."""
    epochs = tuple(
        SealingEpoch(
            key=PublicKey(X_WING, each.key.public_raw),
            begins_at=each.begins,
            ends_at=each.begins + EPOCH,
        )
        for each in home.keys.sealing_epochs
    )
    return own_leaf(home, SealingEpochs(epochs), now)


def certificate_leaf(home: Home, now: datetime) -> bytes:
    """The leaf that publishes the TLS certificate of the key folder."""
    return own_leaf(home, TlsCert(to_der(home.keys.tls_cert_pem)), now)


def public_keys(*signers: Signer) -> tuple[PublicKey, ...]:
    """The public halves, as an entry lists them."""
    return tuple(PublicKey(each.algorithm, each.public_raw) for each in signers)
