"""The fold: leaves in, directory out; the same leaves always make the same one.

Promises: pure and deterministic, without a clock; one leaf at a time or all at
once give equal values. A leaf that breaks a rule is void: it counts for size and
root, changes nothing else, and is listed with the rule's code. ``check_entry``
says beforehand whether an entry would hold, by the clock too. Follows protocol.md
§2; leaf hashes and root as RFC 6962.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from services.node.directory.admission import apply_genesis, apply_member_add
from services.node.directory.epochs import apply_sealing_epochs
from services.node.directory.key_changes import (
    apply_key_add,
    apply_key_compromised,
    apply_key_retire,
    apply_tls_cert,
)
from services.node.directory.leaf import SignedEntry, split_leaf
from services.node.directory.standing import (
    apply_member_change,
    apply_member_close,
    apply_member_suspend,
    apply_policy,
)
from services.node.directory.state import Directory, VoidEntry
from services.node.domain.errors import (
    InvalidInputError,
    NotLawfulError,
    NotPermittedError,
    RelaisError,
)
from services.node.keys.encoding import sha256
from services.node.ledger.merkle import (
    appended_nodes,
    leaf_hash,
    nodes_for_root,
    root_from,
)
from services.node.wire.entries import (
    Change,
    Genesis,
    KeyAdd,
    KeyCompromised,
    KeyRetire,
    MemberAdd,
    MemberChange,
    MemberClose,
    MemberSuspend,
    Policy,
    SealingEpochs,
    TlsCert,
)

SKEW = timedelta(minutes=15)
"""How far an entry's author's clock may be ahead of the sequencer's."""

Apply = Callable[[Directory, SignedEntry, Any], Directory]

_APPLY: Mapping[type[Change], Apply] = MappingProxyType(
    {
        Genesis: apply_genesis,
        MemberAdd: apply_member_add,
        MemberChange: apply_member_change,
        KeyAdd: apply_key_add,
        SealingEpochs: apply_sealing_epochs,
        TlsCert: apply_tls_cert,
        KeyRetire: apply_key_retire,
        KeyCompromised: apply_key_compromised,
        MemberSuspend: apply_member_suspend,
        MemberClose: apply_member_close,
        Policy: apply_policy,
    }
)

_WITHOUT_SUBJECT = (Genesis, Policy)
_WHILE_SUSPENDED = (KeyCompromised, MemberClose)


def fold(leaves: Sequence[bytes], network: str) -> Directory:
    """The directory of ``network`` after all of ``leaves``; never raises."""
    directory = Directory(network)
    for index, leaf in enumerate(leaves):
        directory = apply(directory, index, leaf)
    return directory


def apply(directory: Directory, index: int, leaf: bytes) -> Directory:
    """The directory after one more leaf, void or not.

    Raises ``InvalidInputError`` (``directory.not_next``) unless ``index`` is the
    directory's size.
    """
    if index != directory.size:
        raise InvalidInputError(
            "directory.not_next",
            f"Leaf {index} does not follow a directory of {directory.size} leaves.",
        )
    try:
        changed = _changed(directory, split_leaf(leaf))
    except RelaisError as error:
        void = VoidEntry(index, error.code, error.message)
        changed = replace(directory, void=(*directory.void, void))
    return _grown(changed, leaf)


def check_entry(directory: Directory, leaf: bytes, now: datetime) -> None:
    """Raise unless ``leaf`` may be the next one at ``now`` (wire clock).

    Raises what the broken rule raises, ``InvalidInputError``
    (``directory.from_the_future``) for an entry written more than 15 minutes
    ahead, and ``NotLawfulError`` (``directory.approval_expired``) for an approval
    that has run out by the clock: the fold, which has none, can only compare
    with instants that the directory holds.
    """
    signed = split_leaf(leaf)
    if signed.entry.created_at - now > SKEW:
        raise InvalidInputError(
            "directory.from_the_future", "An entry was written in the future."
        )
    if any(now >= approval.not_after for approval in signed.approvals):
        raise NotLawfulError(
            "directory.approval_expired", "An approval is no longer valid."
        )
    _changed(directory, signed)


def _changed(directory: Directory, signed: SignedEntry) -> Directory:
    """What the entry makes of the directory, its size and root still as before."""
    entry = signed.entry
    if entry.network != directory.network:
        raise InvalidInputError(
            "directory.wrong_network", "An entry is for another network."
        )
    founding = isinstance(entry.change, Genesis)
    if directory.genesis is None and not founding:
        raise NotLawfulError(
            "directory.no_genesis", "The directory does not begin with a genesis."
        )
    digest = sha256(signed.raw)
    if digest in directory.applied:
        raise NotLawfulError(
            "directory.entry_known", "The same entry stands in the directory already."
        )
    _check_subject(directory, signed)
    changed = _APPLY[type(entry.change)](directory, signed, entry.change)
    return replace(
        changed,
        time=max(directory.time, entry.created_at),
        applied=directory.applied | {digest},
    )


def _check_subject(directory: Directory, signed: SignedEntry) -> None:
    """Raise unless the subject stands so that this change can be about it."""
    entry = signed.entry
    if isinstance(entry.change, _WITHOUT_SUBJECT):
        if entry.subject:
            raise InvalidInputError(
                "directory.bad_subject", "This entry is about no single member."
            )
        return
    if isinstance(entry.change, MemberAdd):
        return
    member = directory.member(entry.subject)
    if member.closed:
        raise NotPermittedError("directory.closed", "The member has left.")
    if member.suspended and not isinstance(entry.change, _WHILE_SUSPENDED):
        raise NotPermittedError("directory.suspended", "The member is suspended.")


def _grown(directory: Directory, leaf: bytes) -> Directory:
    """The directory with one more leaf in its tree."""
    own_hash = leaf_hash(leaf)
    nodes = dict(directory.peaks)

    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    for level, index, value in appended_nodes(directory.size, read, [own_hash]):
        nodes[level, index] = value
    size = directory.size + 1
    founded = directory.genesis is None and bool(directory.directory_keys)
    return replace(
        directory,
        size=size,
        root=root_from(size, read),
        genesis=own_hash if founded else directory.genesis,
        peaks=MappingProxyType({at: nodes[at] for at in nodes_for_root(size)}),
    )
