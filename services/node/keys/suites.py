"""Names of the algorithms, key ids, and what is refused at entry.

Promises: a raw public key that passed ``check_public_key`` has the length of its
algorithm, its one canonical encoding, and survives the library's own tests.
Leaves who owns a key to the directory. Follows protocol.md §1.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PublicKey,
    MLDSA65PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.edwards import check_point
from services.node.keys.encoding import lp, sha256

#: Checkpoints and identity; 32-byte keys (RFC 8032).
ED25519 = "ed25519"
#: Cosignatures of heads; 1,312-byte keys (FIPS 204).
ML_DSA_44 = "ml-dsa-44"
#: Identity; 1,952-byte keys (FIPS 204).
ML_DSA_65 = "ml-dsa-65"
#: Sealing: ML-KEM-768 key, then X25519 key; 1,216 bytes (X-Wing, HPKE 0x647a).
X_WING = "x-wing"
#: TLS: DER SubjectPublicKeyInfo of an uncompressed P-256 point; 91 bytes.
P256_DER = "p256-der"

#: Length of a raw public key, in bytes.
PUBLIC_LENGTH = {
    ED25519: 32,
    ML_DSA_44: 1312,
    ML_DSA_65: 1952,
    X_WING: 1216,
    P256_DER: 91,
}

#: Length of the ML-KEM-768 half of an X-Wing public key, in bytes.
ML_KEM_PUBLIC_LENGTH = 1184

#: The one HPKE suite of protocol.md: X-Wing, HKDF-SHA256, AES-256-GCM, base mode.
HPKE_SUITE = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM
)


def key_id(algorithm: str, raw: bytes) -> bytes:
    """SHA-256(LP(algorithm, raw public key)), 32 bytes; the key is not checked."""
    return sha256(lp(algorithm, raw))


@lru_cache(maxsize=4096)
def check_public_key(algorithm: str, raw: bytes) -> None:
    """Raise unless ``raw`` may enter the network as a public key.

    Raises ``InvalidInputError`` (``keys.unknown_algorithm``) and
    ``VerificationError`` (``keys.bad_length``, ``keys.not_canonical``,
    ``keys.not_on_curve``, ``keys.low_order``, ``keys.self_test``).
    """
    if algorithm not in PUBLIC_LENGTH:
        raise InvalidInputError(
            "keys.unknown_algorithm", "A public key names an algorithm unknown here."
        )
    if len(raw) != PUBLIC_LENGTH[algorithm]:
        raise VerificationError(
            "keys.bad_length",
            f"A public key for {algorithm} has {len(raw)} bytes; "
            f"expected {PUBLIC_LENGTH[algorithm]}.",
        )
    if algorithm == ED25519:
        check_point(raw)
        return
    try:
        _self_test(algorithm, raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise VerificationError(
            "keys.self_test", f"A public key for {algorithm} fails its self-test."
        ) from error


@lru_cache(maxsize=256)
def hpke_public_key(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    """The X-Wing public key that ``raw`` (1,216 bytes) holds; ``ValueError`` if not."""
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:ML_KEM_PUBLIC_LENGTH]),
        X25519PublicKey.from_public_bytes(raw[ML_KEM_PUBLIC_LENGTH:]),
    )


def _self_test(algorithm: str, raw: bytes) -> None:
    """Use the key once; the library says ``ValueError`` if it is none."""
    if algorithm == ML_DSA_44:
        MLDSA44PublicKey.from_public_bytes(raw)
    elif algorithm == ML_DSA_65:
        MLDSA65PublicKey.from_public_bytes(raw)
    elif algorithm == X_WING:
        # Encapsulating once runs the modulus check of FIPS 203 §7.2 and refuses
        # X25519 points whose shared secret is always zero.
        HPKE_SUITE.encrypt(b"", hpke_public_key(raw), b"")
    else:
        _check_p256(raw)


def _check_p256(raw: bytes) -> None:
    key = load_der_public_key(raw)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise VerificationError("keys.self_test", "A TLS key is not on curve P-256.")
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != raw:
        raise VerificationError(
            "keys.not_canonical", "A TLS key is not encoded in its one way."
        )
