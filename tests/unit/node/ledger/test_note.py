from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import (
    InvalidInputError,
    RelaisError,
    VerificationError,
)
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.note import (
    MAX_NOTE_LENGTH,
    check_name,
    decode_vkey,
    encode_vkey,
    key_hash,
    parse_note,
    sign_note,
    verify_note,
    verify_note_by_any,
)

NAME = "relais.example/lao-cai"
SIGNER = Ed25519Signer.from_private_raw(bytes(range(32)))
OTHER = Ed25519Signer.from_private_raw(bytes(range(1, 33)))
NOTE = sign_note("first line\n\nthird line\n", NAME, SIGNER)
lines = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), max_size=20
)


def code_of(raw: bytes, name: str = NAME) -> str:
    with pytest.raises(RelaisError) as refused:
        verify_note(raw, name, SIGNER.public_raw)
    return refused.value.code


def signature_of(note: bytes) -> str:
    return note.decode().rstrip("\n").rpartition(" ")[2]


@given(st.lists(lines, min_size=1, max_size=5))
def test_signed_text_comes_back(texts):
    text = "".join(f"{each}\n" for each in texts)
    assert verify_note(sign_note(text, NAME, SIGNER), NAME, SIGNER.public_raw) == text


@settings(max_examples=400)
@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_note_with_any_changed_byte_is_refused(at, change):
    changed = bytearray(NOTE)
    changed[at] ^= change
    with pytest.raises(RelaisError):
        verify_note(bytes(changed), NAME, SIGNER.public_raw)


@given(st.integers(0, len(NOTE) - 1))
def test_note_cut_anywhere_is_refused(length):
    with pytest.raises(RelaisError):
        verify_note(NOTE[:length], NAME, SIGNER.public_raw)


def test_note_of_another_name_or_key_is_refused():
    assert code_of(NOTE, "relais.example/yen-bai") == "ledger.unsigned_note"
    assert code_of(sign_note("a\n", NAME, OTHER)) == "ledger.unsigned_note"


def test_signature_under_our_key_hash_that_does_not_hold_is_refused():
    forged = key_hash(NAME, SIGNER.public_raw) + OTHER.sign(b"a\n")
    line = f"— {NAME} {base64.b64encode(forged).decode()}\n"
    assert code_of(f"a\n\n{line}".encode()) == "keys.bad_signature"


def test_good_signature_does_not_excuse_a_bad_one_by_the_same_key():
    good = sign_note("a\n", NAME, SIGNER)
    bad = key_hash(NAME, SIGNER.public_raw) + bytes(64)
    line = f"— {NAME} {base64.b64encode(bad).decode()}\n".encode()
    assert code_of(good + line) == "keys.bad_signature"


def test_signatures_of_strangers_are_ignored():
    stranger = sign_note("a\n", "relais.example/witness", OTHER).split(b"\n\n")[1]
    note = sign_note("a\n", NAME, SIGNER) + stranger
    assert verify_note(note, NAME, SIGNER.public_raw) == "a\n"
    assert len(parse_note(note).signatures) == 2


def test_any_of_several_keys_suffices():
    keys = (OTHER.public_raw, SIGNER.public_raw)
    assert verify_note_by_any(NOTE, NAME, keys) == parse_note(NOTE).text
    with pytest.raises(VerificationError):
        verify_note_by_any(NOTE, NAME, keys[:1])
    with pytest.raises(VerificationError):
        verify_note_by_any(NOTE, NAME, ())


def test_base64_that_is_not_canonical_is_refused():
    packed = signature_of(NOTE)
    assert packed.endswith("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(packed.rstrip("=")) - 1
    other = alphabet[alphabet.index(packed[at]) ^ 1]
    spelt = packed[:at] + other + packed[at + 1 :]
    assert base64.b64decode(spelt) == base64.b64decode(packed)
    assert code_of(NOTE.replace(packed.encode(), spelt.encode())) == "ledger.bad_note"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"a\n",
        b"a\n\n",
        b"\n\n",
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"first", b"fir\xffst"),
        NOTE.replace(b"first", b"fir\x00st"),
        NOTE.replace(b"first", b"fir\tst"),
        NOTE.replace(b"\n", b"\r\n"),
        NOTE.replace("— ".encode(), b"-- "),
        NOTE + "— name AAAA\n".encode(),
        NOTE + "— name\n".encode(),
        b"x" * MAX_NOTE_LENGTH + NOTE,
        NOTE + NOTE.rsplit(b"\n\n", maxsplit=1)[1] * 100,
    ],
)
def test_note_that_is_malformed_is_refused(raw):
    assert code_of(raw) == "ledger.bad_note"


@pytest.mark.parametrize("text", ["", "no newline", "a\x07\n", "a\r\n"])
def test_text_that_no_note_can_hold_is_not_signed(text):
    with pytest.raises(InvalidInputError):
        sign_note(text, NAME, SIGNER)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "x" * 256])
def test_name_with_space_or_plus_or_too_long_is_refused(name):
    with pytest.raises(InvalidInputError) as refused:
        check_name(name)
    assert refused.value.code == "ledger.bad_name"


def test_verifier_key_comes_back():
    vkey = encode_vkey(NAME, SIGNER.public_raw)
    assert decode_vkey(vkey) == (NAME, SIGNER.public_raw)


@pytest.mark.parametrize(
    "change",
    [
        lambda vkey: vkey.replace("lao-cai", "yen-bai"),
        lambda vkey: vkey[:-4],
        lambda vkey: vkey.replace("+A", "+B", 1),
        lambda vkey: vkey.partition("+")[0],
        lambda vkey: vkey + "=",
        lambda vkey: vkey.upper(),
    ],
)
def test_verifier_key_that_does_not_fit_is_refused(change):
    vkey = encode_vkey(NAME, SIGNER.public_raw)
    changed = change(vkey)
    assert changed != vkey
    with pytest.raises(RelaisError):
        decode_vkey(changed)


def test_verifier_key_of_low_order_is_refused():
    with pytest.raises(VerificationError) as refused:
        decode_vkey(encode_vkey(NAME, bytes(32)))
    assert refused.value.code == "keys.low_order"
