"""The founding of a network: from key folders to the first directory file.

Promises: the file that ``found`` returns holds for ``load_directory``, because
each leaf was checked as any later one would be. What a member signs is made by
``directory.home``, one member at a time; this module only carries entries between
them and puts leaves in order, which a founding on many machines does by hand.
Follows protocol.md §2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.node.directory.descriptions import DIRECTORY_NAME
from services.node.directory.fold import apply, check_entry
from services.node.directory.home import (
    Home,
    approve,
    certificate_leaf,
    entry_bytes,
    introduction,
    prove,
    prove_admission,
    public_keys,
    sealing_epochs_leaf,
)
from services.node.directory.leaf import join_leaf
from services.node.directory.state import Directory
from services.node.directory.vouching import APPROVALS_NEEDED
from services.node.domain.errors import InvalidInputError
from services.node.keys.files import load_member_keys
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.wire.entries import (
    Approval,
    Description,
    DirectoryFile,
    Founder,
    Genesis,
    Policy,
    Proof,
    encode_directory_file,
)

APPROVAL_LIFE = timedelta(days=7)
"""How long the approvals given at the founding are valid."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member to be: its name, what it says about itself, its key folder."""

    name: str
    description: Description
    keys_folder: Path


@dataclass(frozen=True, slots=True)
class DirectorySigners:
    """The keys that sign the directory's heads; both stand in the genesis."""

    ed25519: Ed25519Signer
    ml_dsa_44: MlDsa44Signer


@dataclass(frozen=True, slots=True)
class Draft:
    """Leaves so far, every one of which holds, and the directory they make."""

    directory: Directory
    leaves: tuple[bytes, ...] = ()

    def with_leaf(self, leaf: bytes, now: datetime) -> Draft:
        """One leaf more; raises what ``fold.check_entry`` raises."""
        check_entry(self.directory, leaf, now)
        grown = apply(self.directory, self.directory.size, leaf)
        return Draft(grown, (*self.leaves, leaf))


def found(
    network: str,
    founders: Sequence[Candidate],
    others: Sequence[Candidate],
    policy: Policy,
    directory_signers: DirectorySigners,
    now: datetime,
) -> bytes:
    """The directory file of a new network, signed.

    In order: the genesis, the other members, everybody's sealing epochs and TLS
    certificate, the policy. The first two founders with one of the policy's
    approver functions approve. ``now`` is aware, wire clock, not before the keys
    were made. Raises ``ConfigError`` for a key folder that cannot be used,
    ``InvalidInputError`` (``directory.too_few_approvers``) and what
    ``fold.check_entry`` raises.
    """
    homes = {
        each.name: Home(network, each.name, load_member_keys(each.keys_folder))
        for each in (*founders, *others)
    }
    approvers = [homes[each.name] for each in _approvers(founders, policy)]
    first = genesis_leaf(network, founders, homes, directory_signers, now)
    draft = Draft(Directory(network)).with_leaf(first, now)
    for candidate in others:
        leaf = _admission_leaf(draft, candidate, homes[candidate.name], approvers, now)
        draft = draft.with_leaf(leaf, now)
    for home in homes.values():
        draft = draft.with_leaf(sealing_epochs_leaf(home, now), now)
        draft = draft.with_leaf(certificate_leaf(home, now), now)
    raw = entry_bytes(network, "", policy, now)
    approvals = _approvals(draft, raw, approvers, now)
    draft = draft.with_leaf(join_leaf(raw, (), approvals), now)
    return directory_file(draft, directory_signers.ed25519)


def genesis_leaf(
    network: str,
    founders: Sequence[Candidate],
    homes: dict[str, Home],
    signers: DirectorySigners,
    now: datetime,
) -> bytes:
    """The first leaf, signed by every founder and by the directory's keys."""
    change = Genesis(
        directory_keys=public_keys(signers.ed25519, signers.ml_dsa_44),
        founders=tuple(
            Founder(each.name, introduction(homes[each.name], each.description))
            for each in founders
        ),
    )
    raw = entry_bytes(network, "", change, now)
    proofs: list[Proof] = [*prove(raw, signers.ed25519, signers.ml_dsa_44)]
    for each in founders:
        proofs.extend(prove_admission(homes[each.name], raw))
    return join_leaf(raw, proofs)


def directory_file(draft: Draft, signer: Ed25519Signer) -> bytes:
    """The file that nodes load: the draft's leaves under a signed checkpoint."""
    directory = draft.directory
    origin = f"{directory.network}/{DIRECTORY_NAME}"
    head = Checkpoint(origin, directory.size, directory.root)
    return encode_directory_file(
        DirectoryFile(draft.leaves, sign_checkpoint(head, signer))
    )


def _approvers(founders: Sequence[Candidate], policy: Policy) -> list[Candidate]:
    entitled = [
        each
        for each in founders
        if not set(each.description.functions).isdisjoint(policy.approver_functions)
    ]
    if len(entitled) < APPROVALS_NEEDED:
        raise InvalidInputError(
            "directory.too_few_approvers",
            f"{len(entitled)} founder(s) hold an approver function of the policy; "
            f"expected at least {APPROVALS_NEEDED}.",
        )
    return entitled[:APPROVALS_NEEDED]


def _admission_leaf(
    draft: Draft,
    candidate: Candidate,
    home: Home,
    approvers: Sequence[Home],
    now: datetime,
) -> bytes:
    change = introduction(home, candidate.description)
    raw = entry_bytes(home.network, candidate.name, change, now)
    approvals = _approvals(draft, raw, approvers, now)
    return join_leaf(raw, prove_admission(home, raw), approvals)


def _approvals(
    draft: Draft, raw: bytes, approvers: Sequence[Home], now: datetime
) -> list[Approval]:
    size, not_after = draft.directory.size, now + APPROVAL_LIFE
    return [approve(home, raw, size, not_after) for home in approvers]
