"""A node starts on a directory that holds, and on nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.node.directory.fingerprint import short_words
from services.node.directory.fold import fold
from services.node.directory.genesis import Draft, directory_file
from services.node.directory.load import load_directory
from services.node.domain.errors import VerificationError
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.wire.entries import (
    DirectoryFile,
    decode_directory_file,
    encode_directory_file,
)


@pytest.fixture(scope="module")
def file(world):
    return directory_file(world.draft, world.signers.ed25519)


@pytest.fixture(scope="module")
def words(world):
    return short_words(world.directory.genesis)


def refusal(raw, network, fingerprint=None):
    with pytest.raises(VerificationError) as refused:
        load_directory(raw, network, fingerprint)
    return refused.value.code


def changed(file, **fields):
    return encode_directory_file(replace(decode_directory_file(file), **fields))


def signed(world, leaves, **fields):
    """A file of any leaves under a checkpoint that fits them, unless changed."""
    directory = fold(leaves, world.NETWORK)
    head = Checkpoint(f"{world.NETWORK}/directory", directory.size, directory.root)
    note = sign_checkpoint(replace(head, **fields), world.signers.ed25519)
    return encode_directory_file(DirectoryFile(tuple(leaves), note))


def test_what_was_written_is_loaded(world, file, words):
    assert load_directory(file, world.NETWORK, words) == world.directory
    assert load_directory(file, world.NETWORK) == world.directory


def test_another_fingerprint_is_refused(world, file):
    other = short_words(bytes(32))

    assert refusal(file, world.NETWORK, other) == "directory.wrong_fingerprint"
    assert refusal(file, world.NETWORK, "") == "directory.wrong_fingerprint"


def test_another_networks_directory_is_refused(file):
    assert refusal(file, "elsewhere") == "directory.void_entry"


@pytest.mark.parametrize("raw", [b"", b"\xff", b"\x0a\x05abc"])
def test_bytes_that_are_no_directory_are_refused(world, raw):
    assert refusal(raw, world.NETWORK) in {
        "directory.malformed_file",
        "directory.no_genesis",
    }


def test_a_checkpoint_by_another_key_is_refused(world):
    raw = directory_file(world.draft, Ed25519Signer.generate())

    assert refusal(raw, world.NETWORK) == "directory.bad_checkpoint"


def test_a_directory_without_checkpoint_is_refused(world, file):
    raw = changed(file, checkpoint=b"")

    assert refusal(raw, world.NETWORK) == "directory.bad_checkpoint"


def test_a_checkpoint_of_another_ledger_is_refused(world):
    raw = signed(world, world.draft.leaves, origin=f"{world.NETWORK}/ministry")

    assert refusal(raw, world.NETWORK) == "directory.bad_checkpoint"


def test_a_checkpoint_of_another_size_or_root_is_refused(world):
    leaves = world.draft.leaves

    smaller = signed(world, leaves, size=len(leaves) - 1)
    other = signed(world, leaves, root=bytes(32))

    assert refusal(smaller, world.NETWORK) == "directory.wrong_size"
    assert refusal(other, world.NETWORK) == "directory.wrong_root"


def test_leaves_dropped_or_added_are_refused(world, file):
    leaves = world.draft.leaves

    for tampered in (leaves[:-1], (*leaves, leaves[-1]), (leaves[0],)):
        raw = changed(file, leaves=tampered)
        assert refusal(raw, world.NETWORK) == "directory.wrong_size"


def test_leaves_swapped_are_refused(world, file):
    leaves = list(world.draft.leaves)
    leaves[2], leaves[3] = leaves[3], leaves[2]

    raw = changed(file, leaves=tuple(leaves))

    assert refusal(raw, world.NETWORK) == "directory.wrong_root"


def test_a_directory_with_a_void_entry_is_refused_even_if_signed(world):
    raw = signed(world, (*world.draft.leaves, b"noise"))

    assert refusal(raw, world.NETWORK) == "directory.void_entry"


def test_a_directory_that_does_not_begin_with_its_genesis_is_refused(world):
    raw = signed(world, world.draft.leaves[1:])

    assert refusal(raw, world.NETWORK) == "directory.void_entry"


def test_leaves_after_a_good_head_are_refused(world, file):
    """An older checkpoint does not cover what came later."""
    older = Draft(fold(world.draft.leaves[:-1], world.NETWORK), world.draft.leaves[:-1])
    note = decode_directory_file(directory_file(older, world.signers.ed25519))

    raw = changed(file, checkpoint=note.checkpoint)

    assert refusal(raw, world.NETWORK) == "directory.wrong_size"


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
@example(place=0.0, flip=1)
@example(place=0.9999999, flip=0x20)
def test_any_flipped_byte_is_refused(world, file, words, place, flip):
    raw = bytearray(file)
    raw[int(place * len(raw))] ^= flip

    for fingerprint in (None, words):
        code = refusal(bytes(raw), world.NETWORK, fingerprint)
        assert code.startswith("directory.")


def test_any_flipped_byte_of_the_checkpoint_is_refused(world, file):
    """Every byte here, for signed notes have room for what nobody signed."""
    checkpoint = decode_directory_file(file).checkpoint
    for place in range(len(checkpoint)):
        for flip in (0x01, 0x20, 0x80):
            note = bytearray(checkpoint)
            note[place] ^= flip
            raw = changed(file, checkpoint=bytes(note))

            assert refusal(raw, world.NETWORK) == "directory.bad_checkpoint"


def test_a_file_cut_short_is_refused(world, file):
    for length in range(0, len(file), 997):
        code = refusal(file[:length], world.NETWORK)
        assert code.startswith("directory.")
