from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import (
    InvalidInputError,
    RelaisError,
    VerificationError,
)
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.checkpoint import (
    Checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from services.node.ledger.merkle import EMPTY_ROOT, MAX_SIZE
from services.node.ledger.note import sign_note

ORIGIN = "vietnam.relais/lao-cai"
SIGNER = Ed25519Signer.from_private_raw(bytes(range(32)))
KEYS = (SIGNER.public_raw,)
HEAD = Checkpoint(ORIGIN, 7, bytes(range(32)))
SIGNED = sign_checkpoint(HEAD, SIGNER)


@given(st.integers(0, MAX_SIZE), st.binary(min_size=32, max_size=32))
def test_signed_head_comes_back(size, root):
    head = Checkpoint(ORIGIN, size, root)
    assert Checkpoint.parse(head.text()) == head
    assert verify_checkpoint(sign_checkpoint(head, SIGNER), ORIGIN, KEYS) == head


@settings(max_examples=400)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_head_with_any_changed_byte_is_refused(at, change):
    changed = bytearray(SIGNED)
    changed[at] ^= change
    with pytest.raises(RelaisError):
        verify_checkpoint(bytes(changed), ORIGIN, KEYS)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "extension\n",
        lambda text: text.replace("\n7\n", "\n07\n"),
        lambda text: text.replace("\n7\n", "\n+7\n"),
        lambda text: text.replace("\n7\n", "\n-7\n"),
        lambda text: text.replace("\n7\n", "\n٧\n"),
        lambda text: text.replace("\n7\n", f"\n{MAX_SIZE + 1}\n"),
        lambda text: text.replace("\n7\n", "\n\n"),
        lambda text: text.replace("8=", "9="),
        lambda text: text.replace("=", ""),
        lambda text: text.replace(ORIGIN, ""),
        lambda text: text.replace(ORIGIN, "two words"),
        lambda text: text[:-1],
        lambda _: "",
    ],
)
def test_another_spelling_is_refused(change):
    changed = change(HEAD.text())
    assert changed != HEAD.text()
    with pytest.raises(InvalidInputError):
        Checkpoint.parse(changed)


def test_extension_line_is_refused_even_if_signed():
    note = sign_note(HEAD.text() + "extension\n", ORIGIN, SIGNER)
    with pytest.raises(InvalidInputError) as refused:
        verify_checkpoint(note, ORIGIN, KEYS)
    assert refused.value.code == "ledger.bad_checkpoint"


def test_head_of_another_origin_is_refused_even_if_signed_as_ours():
    other = Checkpoint("vietnam.relais/yen-bai", 7, bytes(32))
    with pytest.raises(VerificationError) as refused:
        verify_checkpoint(sign_note(other.text(), ORIGIN, SIGNER), ORIGIN, KEYS)
    assert refused.value.code == "ledger.wrong_origin"


def test_head_signed_by_an_unknown_key_is_refused():
    stranger = Ed25519Signer.from_private_raw(bytes(32))
    with pytest.raises(VerificationError) as refused:
        verify_checkpoint(sign_checkpoint(HEAD, stranger), ORIGIN, KEYS)
    assert refused.value.code == "ledger.unsigned_note"


def test_head_stays_verifiable_by_a_retired_key():
    newer = Ed25519Signer.from_private_raw(bytes(32)).public_raw
    assert verify_checkpoint(SIGNED, ORIGIN, (newer, *KEYS)) == HEAD


@pytest.mark.parametrize(
    "head",
    [
        Checkpoint("two words", 1, EMPTY_ROOT),
        Checkpoint(ORIGIN, -1, EMPTY_ROOT),
        Checkpoint(ORIGIN, MAX_SIZE + 1, EMPTY_ROOT),
        Checkpoint(ORIGIN, 1, bytes(31)),
    ],
)
def test_head_out_of_bounds_is_not_signed(head):
    with pytest.raises(InvalidInputError):
        sign_checkpoint(head, SIGNER)
