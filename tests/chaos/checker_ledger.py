"""Ledgers: gap-free, recomputed from their leaves, signed, and only ever grown.

Follows RFC 6962 (hashing), C2SP signed-note and tlog-checkpoint. A member's key is
the one that the directory's leaves name, in its own and everybody else's copy.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from relais.directory.v1 import entry_pb2
from tests.chaos.findings import Finding
from tests.chaos.reading import Member, Members, Row

_LEAF_BYTES = 98
_MARK = "— "


def hashed(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def packed(*values: bytes) -> bytes:
    """Each value after its length in eight bytes (``LP`` of the protocol)."""
    return b"".join(len(each).to_bytes(8, "big") + each for each in values)


def unpacked(data: bytes) -> list[bytes]:
    """The values of ``packed``."""
    values = []
    while data:
        length = int.from_bytes(data[:8], "big")
        values.append(data[8 : 8 + length])
        data = data[8 + length :]
    return values


@dataclass(frozen=True, slots=True)
class Note:
    """A signed head, as its three lines say."""

    origin: str
    size: int
    root: bytes


def opened_note(raw: bytes, origin: str, keys: list[bytes]) -> Note | None:
    """The head that one of the keys signed under this origin; None if none did."""
    text, _, signatures = raw.decode().rpartition("\n\n")
    text += "\n"
    lines = text.splitlines()
    if len(lines) != 3 or lines[0] != origin:
        return None
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix(_MARK).rpartition(" ")
        signature = base64.b64decode(encoded)
        for key in keys:
            if name != origin or signature[:4] != _key_hash(name, key):
                continue
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(
                    signature[4:], text.encode()
                )
            except InvalidSignature:
                return None
            return Note(lines[0], int(lines[1]), base64.b64decode(lines[2]))
    return None


def _key_hash(name: str, key: bytes) -> bytes:
    return hashed(name.encode() + b"\n\x01" + key)[:4]


def ledger_keys(member: Member) -> dict[str, list[bytes]]:
    """Every member's Ed25519 ledger keys by this member's copy of the directory."""
    keys: dict[str, list[bytes]] = {}
    for row in member.table("directory"):
        entry = entry_pb2.Entry.FromString(unpacked(row["leaf"])[0])
        added = [(each.name, each.member) for each in entry.genesis.founders]
        if entry.WhichOneof("change") == "member_add":
            added.append((entry.subject, entry.member_add))
        for name, what in added:
            keys[name] = [k.raw for k in what.ledger_keys if k.algorithm == "ed25519"]
    return keys


class Tree:
    """A tree that grows leaf by leaf and remembers every root and subtree."""

    def __init__(self) -> None:
        self.roots = [hashed(b"")]
        self.complete: dict[tuple[int, int], bytes] = {}
        self._frontier: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        index, level, node = len(self.roots) - 1, 0, hashed(b"\x00" + leaf)
        self.complete[0, index] = node
        while self._frontier and self._frontier[-1][0] == level:
            _, left = self._frontier.pop()
            node, level = hashed(b"\x01" + left + node), level + 1
            self.complete[level, index >> level] = node
        self._frontier.append((level, node))
        root = self._frontier[-1][1]
        for _, left in reversed(self._frontier[:-1]):
            root = hashed(b"\x01" + left + root)
        self.roots.append(root)


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which an audit path leads (RFC 9162 §2.1.3.2); empty if none."""
    node, here, last = hashed(b"\x00" + leaf), index, size - 1
    for each in path:
        if last == 0:
            return b""
        if here & 1 or here == last:
            node = hashed(b"\x01" + each + node)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            node = hashed(b"\x01" + node + each)
        here, last = here >> 1, last >> 1
    return node if last == 0 else b""


def ledgers(members: Members) -> Iterator[Finding]:
    """Check every ledger, and what others know of it."""
    trees = {}
    for name, member in members.by_name.items():
        tree = Tree()
        for row in member.table("leaves"):
            tree.add(row["leaf"])
        trees[name] = tree
        yield from _own(member, tree)
    for member in members.by_name.values():
        for row in member.table("peer_heads"):
            peer = trees.get(row["member"])
            if peer and (
                row["size"] >= len(peer.roots) or peer.roots[row["size"]] != row["root"]
            ):
                yield Finding(
                    "ledger.shrunk",
                    row["member"],
                    f"{member.name} saw a head of {row['size']} leaves that is not "
                    "in this history",
                )


def _own(member: Member, tree: Tree) -> Iterator[Finding]:
    (head,) = member.table("head")
    leaves, name = member.table("leaves"), member.name
    keys = ledger_keys(member)[name]
    if [row["index"] for row in leaves] != list(range(len(leaves))):
        yield Finding("ledger.gap", name, "the indexes of its leaves have a gap")
    for row in leaves:
        if len(row["leaf"]) != _LEAF_BYTES or row["leaf"][:1] != b"\x01":
            yield Finding("ledger.bad_leaf", name, f"leaf {row['index']}")
    if (head["size"], head["root"]) != (len(leaves), tree.roots[-1]):
        yield Finding("ledger.head", name, "its head is not that of its leaves")
    yield from _notes(member, tree, head, keys)
    stored = {(r["level"], r["index"]): r["hash"] for r in member.table("nodes")}
    if stored != tree.complete:
        yield Finding("ledger.nodes", name, "its stored subtrees are not its leaves'")
    for size, root in member.guards:
        if size != len(leaves) or root != tree.roots[-1].hex():
            yield Finding("ledger.guard", name, f"a guard names {size} leaves")


def _notes(
    member: Member, tree: Tree, head: Row, keys: list[bytes]
) -> Iterator[Finding]:
    """Every head that was signed is one of this tree; the newest is the head."""
    name, notes = member.name, member.table("checkpoints")
    for row in notes:
        note = opened_note(row["note"], head["origin"], keys)
        size = row["size"]
        if note is None or note.size != size:
            yield Finding("ledger.unsigned", name, f"the note of {size} leaves")
        elif size >= len(tree.roots) or tree.roots[size] != note.root:
            yield Finding("ledger.rewritten", name, f"the signed root of {size} leaves")
    if not notes or notes[-1]["note"] != head["checkpoint"]:
        yield Finding("ledger.head", name, "its head is not the newest that it signed")
