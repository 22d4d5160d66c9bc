from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.keys.signing import (
    Ed25519Signer,
    MlDsa44Signer,
    MlDsa65Signer,
    verify,
)
from services.node.keys.suites import ED25519, ML_DSA_44, ML_DSA_65, X_WING, key_id

SIGNERS = [Ed25519Signer, MlDsa44Signer, MlDsa65Signer]
each_signer = pytest.mark.parametrize("signer_class", SIGNERS)


def code_of(*arguments) -> str:
    with pytest.raises(VerificationError) as refused:
        verify(*arguments)
    return refused.value.code


@each_signer
def test_signature_holds_and_its_key_survives_the_file(signer_class):
    signer = signer_class.generate()
    again = signer_class.from_private_raw(signer.private_raw)
    assert again.public_raw == signer.public_raw
    assert signer.key_id == key_id(signer.algorithm, signer.public_raw)
    verify(signer.algorithm, signer.public_raw, again.sign(b"data"), b"data")


@each_signer
def test_signature_over_other_data_or_key_is_refused(signer_class):
    signer, other = signer_class.generate(), signer_class.generate()
    signature = signer.sign(b"data")
    named = signer.algorithm
    assert code_of(named, signer.public_raw, signature, b"date") == "keys.bad_signature"
    assert code_of(named, other.public_raw, signature, b"data") == "keys.bad_signature"


@each_signer
@pytest.mark.parametrize(
    "change", [lambda _: b"", lambda s: s[:-1], lambda s: s + b"x"]
)
def test_signature_of_another_length_is_refused(signer_class, change):
    signer = signer_class.generate()
    bad = change(signer.sign(b"data"))
    assert (
        code_of(signer.algorithm, signer.public_raw, bad, b"data")
        == "keys.bad_signature"
    )


@settings(deadline=None)
@given(st.integers(0, 511))
def test_ed25519_signature_with_any_flipped_bit_is_refused(bit):
    signer = Ed25519Signer.from_private_raw(bytes(range(32)))
    number = int.from_bytes(signer.sign(b"data"), "big") ^ (1 << bit)
    bad = number.to_bytes(64, "big")
    assert code_of(ED25519, signer.public_raw, bad, b"data") == "keys.bad_signature"


def test_signature_by_a_low_order_key_that_the_library_accepts_is_refused():
    identity = (1).to_bytes(32, "little")
    assert code_of(ED25519, identity, identity + bytes(32), b"data") == "keys.low_order"


@pytest.mark.parametrize("algorithm", [ML_DSA_44, ML_DSA_65])
def test_key_of_one_algorithm_cannot_verify_for_another(algorithm):
    signer = Ed25519Signer.generate()
    signature = signer.sign(b"data")
    assert code_of(algorithm, signer.public_raw, signature, b"data") == (
        "keys.bad_length"
    )


def test_sealing_key_verifies_nothing():
    raw = SealingPrivateKey.generate().public_raw
    with pytest.raises(InvalidInputError) as refused:
        verify(X_WING, raw, b"", b"data")
    assert refused.value.code == "keys.unknown_algorithm"


@each_signer
def test_private_key_of_another_length_is_refused(signer_class):
    with pytest.raises(InvalidInputError) as refused:
        signer_class.from_private_raw(bytes(31))
    assert refused.value.code == "keys.bad_length"


@each_signer
def test_signer_shows_no_private_byte_in_its_repr(signer_class):
    signer = signer_class.generate()
    assert signer.private_raw.hex() not in repr(signer)
    assert repr(signer.private_raw) not in repr(signer)
