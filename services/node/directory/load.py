"""A directory file becomes a directory, or is refused.

Promises: what is returned is the whole directory of the asked network, under the
signature of the directory key that its founders named, with the fingerprint that
was compared in person, and without one void entry. A node starts on nothing else.
Leaves to the node how old a directory may be, and that it never goes back to a
smaller one. Follows protocol.md §2.
"""

from __future__ import annotations

from services.node.directory.descriptions import DIRECTORY_NAME
from services.node.directory.fingerprint import check_fingerprint
from services.node.directory.fold import apply
from services.node.directory.state import Directory
from services.node.domain.errors import RelaisError, VerificationError
from services.node.ledger.checkpoint import Checkpoint, verify_checkpoint
from services.node.ledger.merkle import leaf_hash, root_of
from services.node.wire.entries import DirectoryFile, decode_directory_file


def load_directory(
    file_bytes: bytes, network: str, fingerprint: str | None = None
) -> Directory:
    """The directory that ``file_bytes`` holds, fully verified.

    ``fingerprint`` is the twelve short words as the founders gave them; None
    takes the first directory on trust. Raises ``VerificationError``:
    ``directory.malformed_file``, ``directory.no_genesis``,
    ``directory.wrong_fingerprint``, ``directory.bad_checkpoint``,
    ``directory.wrong_size``, ``directory.wrong_root``, ``directory.void_entry``.
    """
    file = _decoded(file_bytes)
    founded = _founded(file, network, fingerprint)
    checkpoint = _verified_checkpoint(file, founded)
    _check_tree(file, checkpoint)
    directory = founded
    for index, leaf in enumerate(file.leaves[1:], start=1):
        directory = apply(directory, index, leaf)
        _refuse_void(directory)
    return directory


def _decoded(file_bytes: bytes) -> DirectoryFile:
    try:
        return decode_directory_file(file_bytes)
    except RelaisError as error:
        raise VerificationError(
            "directory.malformed_file", "These bytes are no directory file."
        ) from error


def _founded(file: DirectoryFile, network: str, fingerprint: str | None) -> Directory:
    """The directory after its first leaf, which holds and is the expected one."""
    directory = Directory(network)
    if file.leaves:
        if fingerprint is not None:
            check_fingerprint(leaf_hash(file.leaves[0]), fingerprint)
        directory = apply(directory, 0, file.leaves[0])
        _refuse_void(directory)
    if directory.genesis is None:
        raise VerificationError(
            "directory.no_genesis", "The directory file holds no leaves."
        )
    return directory


def _verified_checkpoint(file: DirectoryFile, founded: Directory) -> Checkpoint:
    origin = f"{founded.network}/{DIRECTORY_NAME}"
    try:
        return verify_checkpoint(file.checkpoint, origin, [founded.head_key])
    except RelaisError as error:
        raise VerificationError(
            "directory.bad_checkpoint",
            f"The directory's checkpoint does not hold: {error.message}",
        ) from error


def _check_tree(file: DirectoryFile, checkpoint: Checkpoint) -> None:
    if checkpoint.size != len(file.leaves):
        raise VerificationError(
            "directory.wrong_size",
            f"The directory file holds {len(file.leaves)} leaves; its checkpoint "
            f"says {checkpoint.size}.",
        )
    root = root_of([leaf_hash(leaf) for leaf in file.leaves])
    if root != checkpoint.root:
        raise VerificationError(
            "directory.wrong_root",
            f"The leaves make root {root.hex()}; the checkpoint says "
            f"{checkpoint.root.hex()}.",
        )


def _refuse_void(directory: Directory) -> None:
    for void in directory.void:
        raise VerificationError(
            "directory.void_entry",
            f"Entry {void.index} breaks a rule ({void.code}): {void.message}",
        )
