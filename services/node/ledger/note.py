"""Signed notes: a text and Ed25519 signatures, readable and exact.

Promises: a note that verifies is, byte for byte, what its signer signed; there is
one accepted encoding of each signature. Leaves the meaning of the text to
``checkpoint``. Follows C2SP signed-note with signature type 0x01 (Ed25519);
signatures by keys that are not asked for are ignored, as it says.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import sha256
from services.node.keys.signing import Ed25519Signer, verify
from services.node.keys.suites import ED25519, check_public_key

#: Largest note accepted, in bytes, and most signatures on it.
MAX_NOTE_LENGTH = 1_000_000
MAX_SIGNATURES = 100
#: Longest name of a key, in bytes of UTF-8.
MAX_NAME_LENGTH = 255

_ED25519_TYPE = b"\x01"
_KEY_HASH_LENGTH = 4
_FIRST_PRINTABLE = 0x20
_MARK = "— "


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: key name, 4-byte key hash, signature bytes."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read; nothing in it is verified. ``text`` ends with a newline."""

    text: str
    signatures: tuple[NoteSignature, ...]


def check_name(name: str) -> None:
    """Raise unless ``name`` can name a key: 1 to 255 bytes, no space, no ``+``.

    Raises ``InvalidInputError`` (``ledger.bad_name``).
    """
    fits = 0 < len(name.encode()) <= MAX_NAME_LENGTH
    plain = all(ord(char) >= _FIRST_PRINTABLE and not char.isspace() for char in name)
    if not (fits and plain and "+" not in name):
        raise InvalidInputError(
            "ledger.bad_name",
            "A key name is empty, over 255 bytes, or holds a space or a plus sign.",
        )


def key_hash(name: str, public_raw: bytes) -> bytes:
    """The 4 bytes by which a note names an Ed25519 key."""
    hashed = sha256(name.encode() + b"\n" + _ED25519_TYPE + public_raw)
    return hashed[:_KEY_HASH_LENGTH]


def encode_vkey(name: str, public_raw: bytes) -> str:
    """The verifier key of C2SP signed-note: name+hash+base64."""
    check_name(name)
    packed = base64.b64encode(_ED25519_TYPE + public_raw).decode()
    return f"{name}+{key_hash(name, public_raw).hex()}+{packed}"


def decode_vkey(vkey: str) -> tuple[str, bytes]:
    """Name and raw Ed25519 key of a verifier key.

    Raises ``InvalidInputError`` (``ledger.bad_vkey``, ``ledger.bad_name``) and
    what ``check_public_key`` raises.
    """
    # Name and hash hold no plus sign; the key is base64 and may.
    name, _, rest = vkey.partition("+")
    try:
        packed = base64.b64decode(rest.partition("+")[2], validate=True)
    except ValueError as error:
        raise InvalidInputError(
            "ledger.bad_vkey", "A verifier key holds bad base64."
        ) from error
    if packed[:1] != _ED25519_TYPE:
        raise InvalidInputError(
            "ledger.bad_vkey", "A verifier key is not one for Ed25519."
        )
    check_name(name)
    public_raw = packed[1:]
    check_public_key(ED25519, public_raw)
    if encode_vkey(name, public_raw) != vkey:
        raise InvalidInputError(
            "ledger.bad_vkey", "A verifier key's hash does not fit name and key."
        )
    return name, public_raw


def sign_note(text: str, name: str, signer: Ed25519Signer) -> bytes:
    """The note of ``text`` (which ends with a newline), signed once as ``name``.

    Raises ``InvalidInputError``: ``ledger.bad_name``, ``ledger.bad_note``.
    """
    check_name(name)
    _check_text(text)
    signature = key_hash(name, signer.public_raw) + signer.sign(text.encode())
    line = f"{_MARK}{name} {base64.b64encode(signature).decode()}\n"
    return f"{text}\n{line}".encode()


def parse_note(raw: bytes) -> Note:
    """The parts of a note; ``InvalidInputError`` (``ledger.bad_note``) if it is none.

    Also ``ledger.bad_name`` for the name in a signature line.
    """
    if len(raw) > MAX_NOTE_LENGTH:
        raise _bad_note(f"has {len(raw)} bytes; at most {MAX_NOTE_LENGTH} are read")
    try:
        whole = raw.decode()
    except UnicodeDecodeError as error:
        raise _bad_note("is not UTF-8") from error
    split = whole.rfind("\n\n")
    if split < 0 or not whole.endswith("\n"):
        raise _bad_note("has no signature block")
    text = whole[: split + 1]
    _check_text(text)
    lines = whole[split + 2 : -1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _bad_note(f"has more than {MAX_SIGNATURES} signatures")
    return Note(text, tuple(_signature(line) for line in lines))


def verify_note(raw: bytes, name: str, public_raw: bytes) -> str:
    """The text of a note that ``name`` signed with this Ed25519 key.

    Raises ``VerificationError`` (``ledger.unsigned_note`` if there is no signature
    by that key, ``keys.bad_signature`` if one does not hold) and
    ``InvalidInputError`` (``ledger.bad_note``).
    """
    return verify_note_by_any(raw, name, (public_raw,))


def verify_note_by_any(raw: bytes, name: str, public_raws: Sequence[bytes]) -> str:
    """As ``verify_note``, for a name that has several keys, of which one suffices."""
    note = parse_note(raw)
    by_hash: dict[bytes, list[bytes]] = {}
    for public_raw in public_raws:
        by_hash.setdefault(key_hash(name, public_raw), []).append(public_raw)
    signed = False
    for each in note.signatures:
        if each.name != name:
            continue
        for public_raw in by_hash.get(each.key_hash, ()):
            verify(ED25519, public_raw, each.signature, note.text.encode())
            signed = True
    if not signed:
        raise VerificationError(
            "ledger.unsigned_note", "A note is not signed by any key asked for."
        )
    return note.text


def _signature(line: str) -> NoteSignature:
    # A space ends the name, so there is one way to split the line.
    name, space, packed = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not space:
        raise _bad_note("has a malformed signature line")
    check_name(name)
    raw = _base64(packed)
    if len(raw) <= _KEY_HASH_LENGTH:
        raise _bad_note("has a signature that is too short")
    return NoteSignature(name, raw[:_KEY_HASH_LENGTH], raw[_KEY_HASH_LENGTH:])


def _base64(text: str) -> bytes:
    """Decode base64, refusing every spelling but the canonical one."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _bad_note("holds bad base64") from error
    if base64.b64encode(raw).decode() != text:
        raise _bad_note("holds base64 that is not canonical")
    return raw


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise _bad_note("has a text that does not end with a newline")
    if any(ord(char) < _FIRST_PRINTABLE and char != "\n" for char in text):
        raise _bad_note("has a text with control characters")


def _bad_note(what: str) -> InvalidInputError:
    return InvalidInputError("ledger.bad_note", f"A note {what}.")
