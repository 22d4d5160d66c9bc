"""HPKE against RFC 9180, the X-Wing vectors, and a second implementation.

These come with PyPI's cryptography-vectors, so they run in a plain clone too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import cryptography_vectors
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from services.node.keys.sealing_keys import SealingPrivateKey

X_WING = 0x647A
HKDF_SHA256, AES_256_GCM = 1, 2
AEADS = {
    1: hpke.AEAD.AES_128_GCM,
    2: hpke.AEAD.AES_256_GCM,
    3: hpke.AEAD.CHACHA20_POLY1305,
}
KDFS = {
    1: hpke.KDF.HKDF_SHA256,
    3: hpke.KDF.HKDF_SHA512,
    0x11: hpke.KDF.SHAKE256,
}
#: Our sealing keys hold ML-KEM seed and scalar; X-Wing draws both from one seed.
EXPANDED = 96


def read(name: str) -> list[dict[str, Any]]:
    with cryptography_vectors.open_vector_file(f"HPKE/{name}", "r") as file:
        return list(json.load(file))


def check_opens(suite, private, case) -> None:
    first = case["encryptions"][0]
    plain = openssl.hpke._decrypt_with_aad(
        suite,
        bytes.fromhex(case["enc"] + first["ct"]),
        private,
        bytes.fromhex(case["info"]),
        bytes.fromhex(first["aad"]),
    )
    assert plain.hex() == first["pt"]


def x_wing_cases() -> list[dict[str, Any]]:
    return [
        case for case in read("hpke-pq-test-vectors.json") if case["kem_id"] == X_WING
    ]


def sealing_key(case) -> SealingPrivateKey:
    seed = bytes.fromhex(case["skRm"])
    return SealingPrivateKey.from_raw(hashlib.shake_256(seed).digest(EXPANDED))


def test_library_opens_the_x_wing_vectors():
    cases = x_wing_cases()
    assert len(cases) == 2
    for case in cases:
        private = sealing_key(case)
        assert private.public_raw.hex() == case["pkRm"]
        suite = hpke.Suite(
            hpke.KEM.MLKEM768_X25519, KDFS[case["kdf_id"]], AEADS[case["aead_id"]]
        )
        check_opens(suite, private._key, case)


def labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int):
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labeled + b"\x01", "sha256")[:length]


def key_schedule(shared: bytes, info: bytes, kem: int, kdf: int, aead: int):
    """RFC 9180 §5.1 in base mode, from the KEM's shared secret: key and nonce."""
    suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (kem, kdf, aead))
    context = (
        b"\x00"
        + labeled_extract(suite, b"", b"psk_id_hash", b"")
        + labeled_extract(suite, b"", b"info_hash", info)
    )
    secret = labeled_extract(suite, shared, b"secret", b"")
    return (
        labeled_expand(suite, secret, b"key", context, 32),
        labeled_expand(suite, secret, b"base_nonce", context, 12),
    )


def test_sealing_key_opens_what_the_rfc_alone_seals():
    """The vectors have X-Wing with ChaCha20 only; our suite is derived from them."""
    (case,) = (each for each in x_wing_cases() if each["kdf_id"] == HKDF_SHA256)
    shared, info = bytes.fromhex(case["shared_secret"]), bytes.fromhex(case["info"])
    key, nonce = key_schedule(shared, info, X_WING, HKDF_SHA256, case["aead_id"])
    assert (key.hex(), nonce.hex()) == (case["key"], case["base_nonce"])
    key, nonce = key_schedule(shared, info, X_WING, HKDF_SHA256, AES_256_GCM)
    stanza = bytes.fromhex(case["enc"]) + AESGCM(key).encrypt(nonce, b"a cek", b"")
    assert sealing_key(case).open(stanza, info) == b"a cek"


def test_library_opens_the_base_mode_vectors_of_rfc_9180():
    curves = {
        0x10: (hpke.KEM.P256, ec.SECP256R1()),
        0x12: (hpke.KEM.P521, ec.SECP521R1()),
    }
    count = 0
    for case in read("test-vectors.json"):
        if case["mode"] or case["aead_id"] not in AEADS or case["kem_id"] == 0x21:
            continue
        raw = bytes.fromhex(case["skRm"])
        private: x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey
        if case["kem_id"] == 0x20:
            kem, private = (
                hpke.KEM.X25519,
                x25519.X25519PrivateKey.from_private_bytes(raw),
            )
        else:
            kem, curve = curves[case["kem_id"]]
            private = ec.derive_private_key(int.from_bytes(raw, "big"), curve)
        check_opens(
            hpke.Suite(kem, KDFS[case["kdf_id"]], AEADS[case["aead_id"]]), private, case
        )
        count += 1
    assert count == 18


def test_library_opens_what_pyhpke_seals_and_the_other_way_round():
    theirs = CipherSuite.new(
        KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM
    )
    ours = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    private = x25519.X25519PrivateKey.generate()
    encapsulated, sender = theirs.create_sender_context(
        KEMKey.from_pyca_cryptography_key(private.public_key()), b"info"
    )
    assert (
        ours.decrypt(encapsulated + sender.seal(b"plain"), private, b"info") == b"plain"
    )
    sealed = ours.encrypt(b"plain", private.public_key(), b"info")
    recipient = theirs.create_recipient_context(
        sealed[:32], KEMKey.from_pyca_cryptography_key(private), b"info"
    )
    assert recipient.open(sealed[32:]) == b"plain"
