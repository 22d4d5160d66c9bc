"""The directory of an audited log: loaded, and as it was at every size.

Promises: a log is judged by the directory that it carries, and only if that
directory holds in full. Every head of it that a node can have adopted is known by
the kind-2 leaf that logs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.cli.audit_faults import FaultKind, Faults
from services.node.directory.fingerprint import short_words
from services.node.directory.fold import fold
from services.node.directory.load import load_directory
from services.node.directory.state import Directory
from services.node.domain.errors import RelaisError
from services.node.keys.encoding import sha256
from services.node.ledger.leaf import directory_leaf
from services.node.ledger.merkle import (
    appended_nodes,
    leaf_hash,
    nodes_for_root,
    reader,
    root_from,
)
from services.node.wire.audit import LogIdentity
from services.node.wire.entries import (
    DirectoryFile,
    decode_directory_file,
    encode_directory_file,
)
from services.node.wire.leaves import DirectoryAdopted, encode_adopted


@dataclass(frozen=True, slots=True)
class AdoptableHead:
    """A head of the directory: its size, and the subject its leaf must have."""

    size: int
    subject: bytes


@dataclass(frozen=True, slots=True)
class AuditedDirectory:
    """A directory that holds, with ``heads`` by kind-2 leaf and roots by size."""

    state: Directory
    heads: Mapping[bytes, AdoptableHead]
    roots: Sequence[bytes]
    """The root at every size, from 0."""
    fingerprint: str

    def ledger_keys(self, member: str, sizes: Sequence[int]) -> tuple[bytes, ...]:
        """The member's Ed25519 ledger keys good at any of these sizes.

        Raises ``NotFoundError`` (directory.unknown_member).
        """
        found: dict[bytes, None] = {}
        for size in sizes:
            found.update(dict.fromkeys(self.state.ledger_keys_at(member, size)))
        return tuple(found)


def audited_directory(
    identity: LogIdentity,
    leaves: Sequence[bytes],
    fingerprint: str | None,
    faults: Faults,
) -> AuditedDirectory | None:
    """The directory of a log, or None if it does not hold; says why."""
    file = DirectoryFile(tuple(leaves), identity.directory_checkpoint)
    try:
        directory = _loaded(encode_directory_file(file), identity.network, fingerprint)
    except RelaisError as error:
        void = fold(leaves, identity.network).void
        index = void[0].index if void else None
        detail = f"{error.message} Nothing signed in this log can be judged without it."
        faults.add(FaultKind.DIRECTORY_ALTERED, index, detail)
        return None
    state = directory.state
    if (identity.directory_size, identity.directory_root) != (state.size, state.root):
        faults.add(
            FaultKind.DIRECTORY_ALTERED,
            None,
            "The size or root stored with the adopted head is not the head's own.",
        )
    if identity.member not in state.members:
        faults.add(
            FaultKind.DIRECTORY_ALTERED, None, "The directory lists no such member."
        )
        return None
    return directory


@lru_cache(maxsize=2)
def _loaded(raw: bytes, network: str, fingerprint: str | None) -> AuditedDirectory:
    """Folded once for the many logs that carry the very same bytes."""
    state = load_directory(raw, network, fingerprint)
    leaves = decode_directory_file(raw).leaves
    roots = _roots(leaves)
    words = short_words(leaf_hash(leaves[0]))
    return AuditedDirectory(state, _heads(roots), roots, words)


def _roots(leaves: Sequence[bytes]) -> list[bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    roots = [root_from(0, reader(nodes))]
    for size, leaf in enumerate(leaves):
        for level, index, digest in appended_nodes(
            size, reader(nodes), [leaf_hash(leaf)]
        ):
            nodes[level, index] = digest
        roots.append(root_from(size + 1, reader(nodes)))
        nodes = {at: nodes[at] for at in nodes_for_root(size + 1)}
    return roots


def _heads(roots: Sequence[bytes]) -> dict[bytes, AdoptableHead]:
    heads = {}
    for size, root in enumerate(roots[1:], start=1):
        raw = encode_adopted(DirectoryAdopted(size, root))
        heads[directory_leaf(raw)] = AdoptableHead(size, sha256(raw))
    return heads
