"""A second reading of RFC 6962, straight from its recursive definitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest


def reference_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over the leaves themselves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(
        b"\x01" + reference_root(leaves[:k]) + reference_root(leaves[k:])
    ).digest()


@pytest.fixture(scope="session")
def mth() -> Callable[[Sequence[bytes]], bytes]:
    return reference_root


@pytest.fixture(scope="session")
def leaves() -> list[bytes]:
    return [b"leaf %d" % index for index in range(70)]
