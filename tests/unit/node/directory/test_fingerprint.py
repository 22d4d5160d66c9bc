"""What founders read to one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.directory.fingerprint import check_fingerprint, short_words
from services.node.domain.errors import VerificationError

HASHES = st.binary(min_size=32, max_size=32)


def test_words_are_those_of_the_proquint_paper():
    """127.0.0.1 and 63.84.220.193, from arXiv:0901.4016."""
    genesis = bytes([127, 0, 0, 1, 63, 84, 220, 193]).ljust(32, b"\0")

    assert short_words(genesis).startswith("lusab-babad-gutih-tugad-")


def test_a_fingerprint_has_twelve_words_of_five_letters():
    words = short_words(bytes(32)).split("-")

    assert words == ["babab"] * 12


@given(HASHES)
def test_a_fingerprint_fits_its_genesis_however_it_is_typed(genesis):
    words = short_words(genesis)

    check_fingerprint(genesis, words)
    check_fingerprint(genesis, "  " + words.upper().replace("-", "  ") + "\n")


@given(HASHES, st.integers(0, 191))
def test_a_genesis_that_differs_in_one_bit_is_refused(genesis, bit):
    other = bytearray(genesis)
    other[bit // 8] ^= 1 << bit % 8

    with pytest.raises(VerificationError) as refused:
        check_fingerprint(bytes(other), short_words(genesis))
    assert refused.value.code == "directory.wrong_fingerprint"


@pytest.mark.parametrize("keep", [0, 5, 65, 70])
def test_a_part_of_the_words_is_not_enough(keep):
    with pytest.raises(VerificationError):
        check_fingerprint(bytes(32), short_words(bytes(32))[:keep])
