"""Refuses Ed25519 public keys that only look like keys.

Promises: an encoding passes only if it is the one canonical encoding of a point
on edwards25519 whose order is not small. Leaves signatures to the library,
which checks none of this when it loads a key. Follows RFC 8032 §5.1.3
(decoding). The arithmetic touches public values only, so it need not run in
constant time.
"""

from __future__ import annotations

from services.node.domain.errors import VerificationError

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_SIGN = 1 << 255

_Point = tuple[int, int, int]


def check_point(raw: bytes) -> None:
    """Raise unless ``raw`` (32 bytes) encodes a point fit to be a public key.

    Raises ``VerificationError``: ``keys.not_canonical`` (y >= p, or a negative
    zero x), ``keys.not_on_curve``, ``keys.low_order`` (order divides 8).
    """
    number = int.from_bytes(raw, "little")
    negative, y = bool(number & _SIGN), number & (_SIGN - 1)
    if y >= _P:
        raise VerificationError(
            "keys.not_canonical", "An Ed25519 public key has y outside the field."
        )
    x = _recover_x(y)
    if x == 0 and negative:
        raise VerificationError(
            "keys.not_canonical", "An Ed25519 public key has a negative zero x."
        )
    point = (x, y, 1)
    for _ in range(3):
        point = _double(point)
    if point[0] == 0 and point[1] == point[2]:
        raise VerificationError(
            "keys.low_order", "An Ed25519 public key is a point of low order."
        )


def _recover_x(y: int) -> int:
    """A square root of (y^2 - 1) / (d y^2 + 1); which of the two is no matter."""
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    candidate = u * v**3 * pow(u * v**7, (_P - 5) // 8, _P) % _P
    if (v * candidate * candidate - u) % _P == 0:
        return candidate
    if (v * candidate * candidate + u) % _P == 0:
        return candidate * _SQRT_MINUS_ONE % _P
    raise VerificationError(
        "keys.not_on_curve", "An Ed25519 public key is no point of the curve."
    )


def _double(point: _Point) -> _Point:
    """Twice a point in projective coordinates (a = -1 twisted Edwards)."""
    x, y, z = point
    b, c, d = (x + y) ** 2, x * x, y * y
    f = d - c
    j = f - 2 * z * z
    return ((b - c - d) * j % _P, f * (-c - d) % _P, f * j % _P)
