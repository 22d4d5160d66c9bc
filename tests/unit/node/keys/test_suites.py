from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.keys.signing import Ed25519Signer, MlDsa44Signer, MlDsa65Signer
from services.node.keys.suites import (
    ED25519,
    P256_DER,
    PUBLIC_LENGTH,
    X_WING,
    check_public_key,
    key_id,
)

SPKI = PublicFormat.SubjectPublicKeyInfo


def spki(curve: ec.EllipticCurve) -> bytes:
    return ec.generate_private_key(curve).public_key().public_bytes(Encoding.DER, SPKI)


def good_keys() -> dict[str, bytes]:
    signers = (Ed25519Signer, MlDsa44Signer, MlDsa65Signer)
    return {
        **{each.algorithm: each.generate().public_raw for each in signers},
        X_WING: SealingPrivateKey.generate().public_raw,
        P256_DER: spki(ec.SECP256R1()),
    }


def code_of(algorithm: str, raw: bytes) -> str:
    with pytest.raises(VerificationError) as refused:
        check_public_key(algorithm, raw)
    return refused.value.code


def test_generated_keys_of_every_algorithm_pass():
    keys = good_keys()
    assert keys.keys() == PUBLIC_LENGTH.keys()
    for algorithm, raw in keys.items():
        check_public_key(algorithm, raw)


def test_key_of_another_length_is_refused():
    for algorithm, raw in good_keys().items():
        assert code_of(algorithm, raw[:-1]) == "keys.bad_length"
        assert code_of(algorithm, raw + b"\0") == "keys.bad_length"


def test_unknown_algorithm_is_refused():
    with pytest.raises(InvalidInputError) as refused:
        check_public_key("rsa", bytes(32))
    assert refused.value.code == "keys.unknown_algorithm"


def test_low_order_ed25519_key_is_refused():
    assert code_of(ED25519, bytes(32)) == "keys.low_order"


def test_ml_kem_half_outside_the_field_is_refused():
    good = SealingPrivateKey.generate().public_raw
    assert code_of(X_WING, b"\xff\xff\xff" + good[3:]) == "keys.self_test"


def test_x25519_half_whose_secret_is_always_zero_is_refused():
    good = SealingPrivateKey.generate().public_raw
    assert code_of(X_WING, good[:-32] + bytes(32)) == "keys.self_test"


def test_p256_point_off_the_curve_is_refused():
    good = spki(ec.SECP256R1())
    assert code_of(P256_DER, good[:-1] + bytes([good[-1] ^ 1])) == "keys.self_test"


@pytest.mark.parametrize("curve", [ec.SECP256K1(), ec.BrainpoolP256R1()])
def test_tls_key_on_another_curve_is_refused(curve):
    assert code_of(P256_DER, spki(curve)) == "keys.bad_length"


def test_key_id_depends_on_algorithm_and_key():
    ids = {key_id(a, raw) for a in (ED25519, X_WING) for raw in (b"a", b"b", b"")}
    assert len(ids) == 6
    assert all(len(each) == 32 for each in ids)
