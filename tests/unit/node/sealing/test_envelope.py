from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import lp
from services.node.keys.sealing_keys import SealingPrivateKey, hpke_seal
from services.node.sealing.envelope import (
    STANZA_LENGTH,
    ContentKeys,
    Opened,
    SealedEnvelope,
    header_hash,
    new_salt,
    open_envelope,
    padded_len,
    payload_hash,
    seal_envelope,
)

KEY = SealingPrivateKey.from_raw(bytes(range(96)))
KEYS = ContentKeys.new()
SALT = new_salt()
HEADER = b"header with key_commit " + KEYS.key_commit
SEALED = seal_envelope(HEADER, KEYS, KEY.public_raw, b"payload", SALT)


def opened(sealed: SealedEnvelope, key=KEY, commit=KEYS.key_commit) -> Opened:
    return open_envelope(sealed.header, sealed.stanza, sealed.ciphertext, key, commit)


def code_of(sealed: SealedEnvelope, key=KEY, commit=KEYS.key_commit) -> str:
    with pytest.raises(VerificationError) as refused:
        opened(sealed, key, commit)
    return refused.value.code


def flip(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data, "big") ^ (1 << bit % (len(data) * 8))
    return number.to_bytes(len(data), "big")


@settings(deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=9000))
def test_recipient_opens_what_was_sealed(header, payload):
    keys, salt = ContentKeys.new(), new_salt()
    sealed = seal_envelope(header, keys, KEY.public_raw, payload, salt)
    assert opened(sealed, commit=keys.key_commit) == Opened(payload, salt)
    assert len(sealed.ciphertext) == padded_len(len(payload)) + 16
    assert len(sealed.stanza) == STANZA_LENGTH


@settings(deadline=None)
@given(st.sampled_from(["header", "stanza", "ciphertext"]), st.integers(0, 1 << 16))
def test_envelope_with_any_flipped_bit_is_refused(name, bit):
    changed = replace(SEALED, **{name: flip(getattr(SEALED, name), bit)})
    expected = "bad_ciphertext" if name == "ciphertext" else "bad_stanza"
    assert code_of(changed) == f"envelope.{expected}"
    assert changed.digest != SEALED.digest


def test_another_recipient_cannot_open():
    assert code_of(SEALED, key=SealingPrivateKey.generate()) == "envelope.bad_stanza"


@given(st.integers(0, 255))
def test_commitment_with_any_flipped_bit_is_refused(bit):
    changed = flip(KEYS.key_commit, bit)
    assert code_of(SEALED, commit=changed) == "envelope.bad_key_commit"


@pytest.mark.parametrize(
    "commit", [b"", KEYS.key_commit[:-1]], ids=["none", "one byte short"]
)
def test_commitment_of_another_length_is_refused(commit):
    assert code_of(SEALED, commit=commit) == "envelope.bad_key_commit"


def test_second_key_for_the_same_ciphertext_is_refused_before_it_is_used():
    """Two plaintexts for one ciphertext: the attack that key_commit answers."""
    other = hpke_seal(
        KEY.public_raw, lp("relais/v1/env/cek", header_hash(HEADER)), bytes(32)
    )
    assert code_of(replace(SEALED, stanza=other)) == "envelope.bad_key_commit"


def test_stanza_that_holds_no_key_is_refused():
    info = lp("relais/v1/env/cek", header_hash(HEADER))
    short = hpke_seal(KEY.public_raw, info, bytes(31))
    assert code_of(replace(SEALED, stanza=short)) == "envelope.bad_stanza"


@pytest.mark.parametrize("length", [0, 15, 16, len(SEALED.ciphertext) - 1])
def test_ciphertext_cut_short_is_refused(length):
    cut = replace(SEALED, ciphertext=SEALED.ciphertext[:length])
    assert code_of(cut) == "envelope.bad_ciphertext"


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        bytes(100),
        (1 << 20).to_bytes(4, "big") + bytes(4092),
        bytes(4095) + b"\x01",
    ],
)
def test_content_that_is_not_padded_by_rule_is_refused(plain):
    aad = lp("relais/v1/env/content", header_hash(HEADER))
    ciphertext = AESGCM(KEYS.content_key).encrypt(bytes(12), plain, aad)
    changed = replace(SEALED, ciphertext=ciphertext)
    assert code_of(changed) == "envelope.bad_padding"


def test_content_cannot_move_to_another_header():
    other = seal_envelope(b"other header", KEYS, KEY.public_raw, b"payload", SALT)
    mixed = replace(SEALED, ciphertext=other.ciphertext)
    assert code_of(mixed) == "envelope.bad_ciphertext"
    assert code_of(replace(SEALED, stanza=other.stanza)) == "envelope.bad_stanza"


def test_two_envelopes_of_one_payload_share_nothing():
    again = seal_envelope(
        HEADER, ContentKeys.new(), KEY.public_raw, b"payload", new_salt()
    )
    assert again.stanza[:1120] != SEALED.stanza[:1120]
    assert again.ciphertext != SEALED.ciphertext


def test_payload_hash_depends_on_salt_and_payload():
    hashes = {payload_hash(s, p) for s in (SALT, bytes(32)) for p in (b"", b"a")}
    assert len(hashes) == 4


def test_payload_without_a_whole_salt_is_not_sealed():
    with pytest.raises(InvalidInputError) as refused:
        seal_envelope(HEADER, KEYS, KEY.public_raw, b"payload", bytes(31))
    assert refused.value.code == "envelope.bad_salt"


def test_secrets_show_in_no_repr():
    shown = repr(KEYS) + repr(opened(SEALED))
    for secret in (KEYS.cek, KEYS.content_key, b"payload", SALT):
        assert repr(secret) not in shown
