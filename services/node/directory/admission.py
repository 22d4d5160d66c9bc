"""How members and keys enter: genesis, MEMBER_ADD, and the keys they bring.

Promises: a key enters once in the whole history of a network, under one name and
for one purpose; a network begins with at least three founders, each of whom
signed the first entry; who joins later is approved by two others. Leaves what
happens after joining to ``directory.key_changes`` and its siblings. Follows
protocol.md §1 and §2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from services.node.directory.descriptions import (
    DIRECTORY_NAME,
    check_description,
    check_name,
)
from services.node.directory.leaf import SignedEntry
from services.node.directory.state import Directory, Life, Member, SigningKey
from services.node.directory.vouching import (
    APPROVALS_NEEDED,
    IDENTITY_PAIR,
    check_approvals,
    check_proofs,
)
from services.node.domain.errors import (
    InvalidInputError,
    NotLawfulError,
    VerificationError,
)
from services.node.keys.suites import ED25519, ML_DSA_44, check_public_key, key_id
from services.node.wire.entries import (
    Genesis,
    MemberAdd,
    PublicKey,
    SigningPurpose,
)

LEAST_FOUNDERS = 3
"""Fewer could not approve anything about one of them."""

LEDGER_PAIR = (ED25519, ML_DSA_44)
"""Algorithms of ledger, witness and directory keys."""

ALGORITHMS = {
    SigningPurpose.IDENTITY: IDENTITY_PAIR,
    SigningPurpose.LEDGER: LEDGER_PAIR,
    SigningPurpose.WITNESS: LEDGER_PAIR,
}
"""Which algorithms sign for which purpose."""


def apply_genesis(
    directory: Directory, signed: SignedEntry, change: Genesis
) -> Directory:
    """Found the network; raises ``RelaisError`` if a rule is broken.

    Every founder's and the directory's keys must have signed; nobody approves,
    for there is nobody yet.
    """
    if directory.size:
        raise NotLawfulError(
            "directory.second_genesis", "Only the first leaf founds a network."
        )
    if len(change.founders) < LEAST_FOUNDERS:
        raise NotLawfulError(
            "directory.too_few_founders",
            f"{len(change.founders)} founder(s); expected at least {LEAST_FOUNDERS}.",
        )
    _require_algorithms(change.directory_keys, LEDGER_PAIR, "directory_keys")
    heads = signing_keys(directory, change.directory_keys, SigningPurpose.LEDGER)
    founded = own_keys(directory, DIRECTORY_NAME, [key.key_id for key in heads])
    possessed = list(heads)
    for founder in change.founders:
        member = _newcomer(founded, founder.name, founder.member, founder=True)
        possessed.extend(member.signing_keys())
        founded = with_newcomer(founded, member)
    check_proofs(signed, possessed)
    check_approvals(directory, signed, needed=0)
    return replace(founded, directory_keys=change.directory_keys)


def apply_member_add(
    directory: Directory, signed: SignedEntry, change: MemberAdd
) -> Directory:
    """Admit a member; raises ``RelaisError`` if a rule is broken."""
    member = _newcomer(directory, signed.entry.subject, change, founder=False)
    admitted = with_newcomer(directory, member)
    check_proofs(signed, member.signing_keys())
    check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    return admitted


def _newcomer(
    directory: Directory, name: str, change: MemberAdd, *, founder: bool
) -> Member:
    check_name(name)
    if name in directory.members:
        raise NotLawfulError(
            "directory.name_taken",
            "The name is or was another member's; names are never used again.",
        )
    check_description(change.description)
    _require_algorithms(change.identity_keys, IDENTITY_PAIR, "identity_keys")
    _require_algorithms(change.ledger_keys, LEDGER_PAIR, "ledger_keys")
    identity = SigningPurpose.IDENTITY
    return Member(
        name=name,
        description=change.description,
        founder=founder,
        joined_at=directory.size,
        described_at=directory.size,
        identity_keys=signing_keys(directory, change.identity_keys, identity),
        ledger_keys=signing_keys(directory, change.ledger_keys, SigningPurpose.LEDGER),
    )


def signing_keys(
    directory: Directory, keys: Iterable[PublicKey], purpose: SigningPurpose
) -> tuple[SigningKey, ...]:
    """The keys as they enter with the next leaf, each fit to be a public key.

    Raises ``VerificationError`` or ``InvalidInputError`` (``keys.*``).
    """
    entering = []
    for key in keys:
        check_public_key(key.algorithm, key.raw)
        identity = key_id(key.algorithm, key.raw)
        life = Life(added_at=directory.size)
        entering.append(SigningKey(purpose, key.algorithm, key.raw, identity, life))
    return tuple(entering)


def own_keys(directory: Directory, name: str, key_ids: Sequence[bytes]) -> Directory:
    """The directory in which ``name`` owns these keys.

    Raises ``VerificationError`` (``directory.key_known``) if anybody, ``name``
    too, has ever listed one of them: one key, one name, one purpose.
    """
    if len(set(key_ids)) < len(key_ids) or not directory.owners.keys().isdisjoint(
        key_ids
    ):
        raise VerificationError(
            "directory.key_known", "A key is already listed in this directory."
        )
    owners: Mapping[bytes, str] = {**directory.owners, **dict.fromkeys(key_ids, name)}
    return replace(directory, owners=MappingProxyType(owners))


def with_member(directory: Directory, member: Member) -> Directory:
    """The directory in which ``member`` stands as given."""
    members = {**directory.members, member.name: member}
    return replace(directory, members=MappingProxyType(members))


def with_newcomer(directory: Directory, member: Member) -> Directory:
    """The directory with a new member that owns its signing keys."""
    key_ids = [key.key_id for key in member.signing_keys()]
    return with_member(own_keys(directory, member.name, key_ids), member)


def _require_algorithms(
    keys: tuple[PublicKey, ...], expected: tuple[str, ...], field: str
) -> None:
    if tuple(sorted(key.algorithm for key in keys)) != tuple(sorted(expected)):
        raise InvalidInputError(
            "directory.wrong_keys",
            f"Expected one key each of {' and '.join(expected)}.",
            where=field,
        )
