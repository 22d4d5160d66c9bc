"""What the cryptographic provider must accept and refuse (C2SP/wycheproof)."""

from __future__ import annotations

from collections import Counter

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_public_key

from services.node.domain.errors import VerificationError
from services.node.keys.signing import verify
from services.node.keys.suites import ED25519, P256_DER, X_WING, check_public_key

unhex = bytes.fromhex


def judge(load, name: str, attempt, refusals, wanted=lambda _group: True) -> Counter:
    """Run every case of a file; count verdicts; fail on the first that differs."""
    verdicts: Counter = Counter()
    for group in load(f"wycheproof/{name}")["testGroups"]:
        if not wanted(group):
            continue
        for case in group["tests"]:
            try:
                attempt(group, case)
                verdict = "valid"
            except refusals:
                verdict = "invalid"
            assert verdict == case["result"], f"{name} case {case['tcId']}"
            verdicts[verdict] += 1
    return verdicts


def test_ed25519_signatures_are_judged_as_asked(load):
    def attempt(group, case):
        key = unhex(group["publicKey"]["pk"])
        verify(ED25519, key, unhex(case["sig"]), unhex(case["msg"]))

    verdicts = judge(load, "ed25519_test.json", attempt, VerificationError)
    assert verdicts == {"valid": 88, "invalid": 63}


def test_ecdsa_signatures_and_keys_are_judged_as_asked(load):
    def attempt(group, case):
        raw = unhex(group["publicKeyDer"])
        check_public_key(P256_DER, raw)
        key = load_der_public_key(raw)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(unhex(case["sig"]), unhex(case["msg"]), ec.ECDSA(SHA256()))

    verdicts = judge(
        load, "ecdsa_secp256r1_sha256_test.json", attempt, InvalidSignature
    )
    assert verdicts == {"valid": 174, "invalid": 310}


def test_aes_256_gcm_is_judged_as_asked(load):
    def attempt(_group, case):
        sealed = unhex(case["ct"] + case["tag"])
        cipher, nonce, aad = (
            AESGCM(unhex(case["key"])),
            unhex(case["iv"]),
            unhex(case["aad"]),
        )
        plain = cipher.decrypt(nonce, sealed, aad)
        assert plain.hex() == case["msg"]
        assert cipher.encrypt(nonce, plain, aad) == sealed

    def ours(group):
        return (group["keySize"], group["ivSize"]) == (256, 96)

    verdicts = judge(load, "aes_gcm_test.json", attempt, InvalidTag, ours)
    assert verdicts == {"valid": 39, "invalid": 27}


def test_hkdf_is_judged_as_asked(load):
    def attempt(_group, case):
        salt, info = unhex(case["salt"]), unhex(case["info"])
        derived = HKDF(SHA256(), case["size"], salt, info).derive(unhex(case["ikm"]))
        assert derived.hex() == case["okm"]

    verdicts = judge(load, "hkdf_sha256_test.json", attempt, ValueError)
    assert verdicts == {"valid": 83, "invalid": 3}


def test_ml_kem_768_is_judged_as_asked(load):
    def attempt(_group, case):
        private = MLKEM768PrivateKey.from_seed_bytes(unhex(case["seed"]))
        assert private.public_key().public_bytes_raw().hex() == case["ek"]
        assert private.decapsulate(unhex(case["c"])).hex() == case["K"]

    verdicts = judge(load, "mlkem_768_test.json", attempt, ValueError)
    assert verdicts == {"valid": 153, "invalid": 40}


def test_sealing_keys_with_wycheproof_ml_kem_halves_pass_entry(load):
    point = X25519PrivateKey.generate().public_key().public_bytes_raw()
    for group in load("wycheproof/mlkem_768_test.json")["testGroups"]:
        for case in group["tests"]:
            if case["result"] == "valid":
                MLKEM768PublicKey.from_public_bytes(unhex(case["ek"]))
                check_public_key(X_WING, unhex(case["ek"]) + point)


def test_x25519_agrees_and_refuses_every_zero_secret(load):
    ml_kem = MLKEM768PrivateKey.generate().public_key().public_bytes_raw()
    agreed = refused = 0
    for group in load("wycheproof/x25519_test.json")["testGroups"]:
        for case in group["tests"]:
            private = X25519PrivateKey.from_private_bytes(unhex(case["private"]))
            public = unhex(case["public"])
            if "ZeroSharedSecret" in case["flags"]:
                with pytest.raises(ValueError, match="shared key"):
                    private.exchange(X25519PublicKey.from_public_bytes(public))
                with pytest.raises(VerificationError):
                    check_public_key(X_WING, ml_kem + public)
                refused += 1
            else:
                shared = private.exchange(X25519PublicKey.from_public_bytes(public))
                assert shared.hex() == case["shared"], case["tcId"]
                agreed += 1
    assert (agreed, refused) == (487, 31)
