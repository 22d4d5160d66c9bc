"""Who stands behind an entry: proofs of possession, own signatures, approvals.

Promises: an entry passes only if every key that it adds has signed it, its
member has signed it with both identity keys where the member must, and enough
others have approved it. Every signature listed must be asked for and hold: a
leaf carries nothing that nobody checked. Leaves what each kind of entry asks for
to the modules that apply them. Follows protocol.md §2.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from services.node.directory.leaf import SignedEntry, approval_text, proof_text
from services.node.directory.state import Directory, SigningKey
from services.node.domain.errors import (
    NotLawfulError,
    NotPermittedError,
    VerificationError,
)
from services.node.keys.signing import verify
from services.node.keys.suites import ED25519, ML_DSA_65
from services.node.wire.entries import Approval, Proof

APPROVALS_NEEDED = 2
"""Approvers of different members, the subject not counted."""

IDENTITY_PAIR = (ED25519, ML_DSA_65)
"""Algorithms of which an identity signs with one key each."""


def check_proofs(
    signed: SignedEntry,
    possessed: Iterable[SigningKey],
    vouching: Iterable[SigningKey] = (),
) -> None:
    """Raise unless the right keys signed the entry, and no others.

    All of ``possessed`` must have signed. Of ``vouching``, the live identity
    keys of the entry's author, one of each algorithm must have signed, if any is
    given. Raises ``VerificationError``: ``directory.missing_proof``,
    ``directory.unexpected_proof``, ``directory.proof_twice``,
    ``directory.bad_proof``.
    """
    needed = {key.key_id: key for key in possessed}
    allowed = needed | {key.key_id: key for key in vouching}
    text = proof_text(signed.raw)
    proved: set[bytes] = set()
    for proof in signed.proofs:
        if proof.key_id in proved:
            raise VerificationError(
                "directory.proof_twice", "A key has signed the entry twice."
            )
        _check_proof(proof, allowed, text)
        proved.add(proof.key_id)
    if not needed.keys() <= proved:
        raise VerificationError(
            "directory.missing_proof",
            f"{len(needed.keys() - proved)} key(s) that the entry adds have not "
            "signed it.",
        )
    vouched = {allowed[key_id].algorithm for key_id in proved - needed.keys()}
    if allowed != needed and vouched != set(IDENTITY_PAIR):
        raise VerificationError(
            "directory.missing_proof",
            "The member has not signed the entry with both identity keys.",
        )


def _check_proof(proof: Proof, allowed: dict[bytes, SigningKey], text: bytes) -> None:
    key = allowed.get(proof.key_id)
    if key is None:
        raise VerificationError(
            "directory.unexpected_proof",
            "The entry is signed by a key that has no say in it.",
        )
    try:
        verify(key.algorithm, key.raw, proof.signature, text)
    except VerificationError as error:
        raise VerificationError(
            "directory.bad_proof",
            f"The signature of a {key.purpose} key ({key.algorithm}) over the "
            "entry does not hold.",
        ) from error


def check_own(
    directory: Directory, signed: SignedEntry, possessed: Iterable[SigningKey] = ()
) -> None:
    """Raise unless the subject itself signed the entry with its identity.

    Raises what ``check_proofs`` raises, and ``VerificationError``
    (``directory.no_identity``) if it has no live pair of identity keys.
    """
    live = tuple(
        key
        for key in directory.member(signed.entry.subject).identity_keys
        if key.life.live
    )
    if {key.algorithm for key in live} != set(IDENTITY_PAIR):
        raise VerificationError(
            "directory.no_identity",
            "The member has no live pair of identity keys to sign with.",
        )
    check_proofs(signed, possessed, live)


def check_approvals(directory: Directory, signed: SignedEntry, *, needed: int) -> None:
    """Raise unless ``needed`` others approved, and every approval listed holds.

    Raises ``NotPermittedError``: ``directory.approver_is_subject``,
    ``directory.approver_twice``, ``directory.not_an_approver``;
    ``NotLawfulError``: ``directory.approval_expired``,
    ``directory.approval_too_early``, ``directory.too_few_approvals``;
    ``VerificationError``: ``directory.bad_approval``.
    """
    seen: set[str] = set()
    now = max(directory.time, signed.entry.created_at)
    for approval in signed.approvals:
        if approval.approver in seen:
            raise NotPermittedError(
                "directory.approver_twice", "One member has approved twice."
            )
        _check_may_approve(directory, signed, approval)
        _check_in_time(directory, approval, now)
        _check_approval_signatures(directory, signed, approval)
        seen.add(approval.approver)
    if len(seen) < needed:
        raise NotLawfulError(
            "directory.too_few_approvals",
            f"The entry has {len(seen)} approvals; expected {needed} of different "
            "members.",
        )


def _check_may_approve(
    directory: Directory, signed: SignedEntry, approval: Approval
) -> None:
    if approval.approver == signed.entry.subject:
        raise NotPermittedError(
            "directory.approver_is_subject", "A member cannot approve itself."
        )
    if approval.approver not in directory.approvers:
        raise NotPermittedError(
            "directory.not_an_approver",
            "An approval is not by an active member with an approver function.",
        )


def _check_in_time(directory: Directory, approval: Approval, now: datetime) -> None:
    if approval.base_size > directory.size:
        raise NotLawfulError(
            "directory.approval_too_early",
            f"An approval is for a directory of {approval.base_size} leaves; "
            f"there are {directory.size}.",
        )
    if now >= approval.not_after:
        raise NotLawfulError(
            "directory.approval_expired", "An approval is no longer valid."
        )


def _check_approval_signatures(
    directory: Directory, signed: SignedEntry, approval: Approval
) -> None:
    text = approval_text(signed.raw, approval.base_size, approval.not_after)
    signatures = {
        ED25519: approval.ed25519_signature,
        ML_DSA_65: approval.ml_dsa_65_signature,
    }
    keys = directory.member(approval.approver).identity_keys
    for algorithm, signature in signatures.items():
        live = [key for key in keys if key.algorithm == algorithm and key.life.live]
        if not any(_holds(key, signature, text) for key in live):
            raise VerificationError(
                "directory.bad_approval",
                f"An approval's {algorithm} signature holds under no live identity "
                "key of its approver.",
            )


def _holds(key: SigningKey, signature: bytes, text: bytes) -> bool:
    """Whether this one of several candidate keys made the signature."""
    try:
        verify(key.algorithm, key.raw, signature, text)
    except VerificationError:
        return False
    return True
