from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import VerificationError
from services.node.keys.edwards import check_point

P = 2**255 - 19
SIGN = 1 << 255
ORDER_8 = (
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
)


def encoded(number: int) -> bytes:
    return number.to_bytes(32, "little")


#: Every canonical encoding of a point whose order divides 8.
LOW_ORDER = [
    encoded(1),
    encoded(P - 1),
    encoded(0),
    encoded(SIGN),
    *(bytes.fromhex(each) for each in ORDER_8),
    *(encoded(int.from_bytes(bytes.fromhex(y), "little") | SIGN) for y in ORDER_8),
]
#: Every encoding whose y is not reduced, and the two of a negative zero x.
NOT_CANONICAL = [
    *(encoded(y | sign) for y in range(P, 2**255) for sign in (0, SIGN)),
    encoded(1 | SIGN),
    encoded(P - 1 | SIGN),
]


def code_of(raw: bytes) -> str:
    with pytest.raises(VerificationError) as refused:
        check_point(raw)
    return refused.value.code


def test_points_of_low_order_are_refused():
    assert len(set(LOW_ORDER)) == 8
    assert {code_of(raw) for raw in LOW_ORDER} == {"keys.low_order"}


def test_encodings_that_are_not_canonical_are_refused():
    assert len(set(NOT_CANONICAL)) == 40
    assert {code_of(raw) for raw in NOT_CANONICAL} == {"keys.not_canonical"}


def test_library_alone_would_load_these_edge_points():
    """Why the check exists; if the library learns it, this says so."""
    for raw in LOW_ORDER + NOT_CANONICAL:
        Ed25519PublicKey.from_public_bytes(raw)


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_every_generated_key_is_accepted(seed):
    check_point(
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    )


def on_curve(y: int) -> bool:
    """Euler's criterion for x^2 = (y^2 - 1) / (d y^2 + 1)."""
    d = -121665 * pow(121666, P - 2, P)
    x_squared = (y * y - 1) * pow(d * y * y + 1, P - 2, P) % P
    return pow(x_squared, (P - 1) // 2, P) in {0, 1}


@settings(deadline=None)
@given(st.integers(2, P - 2))
def test_what_is_no_point_of_the_curve_is_refused(y):
    if on_curve(y):
        check_point(encoded(y))
    else:
        assert code_of(encoded(y)) == "keys.not_on_curve"
