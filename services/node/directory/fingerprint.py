"""The fingerprint of a network: what founders compare in person, as short words.

Promises: the first 192 bits of the first leaf's hash as twelve pronounceable
words of five letters, the same in any language, and a comparison that overlooks
case, hyphens and spaces and nothing else. Follows D. S. Wilkerson, *A Proposal
for Proquints* (arXiv:0901.4016).
"""

from __future__ import annotations

from services.node.domain.errors import VerificationError

WORDS = 12
"""Words of 16 bits: 192 bits, beyond any search for a second genesis alike."""

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"


def short_words(genesis: bytes) -> str:
    """The fingerprint of a leaf hash (32 bytes), words joined by hyphens."""
    return "-".join(
        _word(int.from_bytes(genesis[2 * place : 2 * place + 2], "big"))
        for place in range(WORDS)
    )


def check_fingerprint(genesis: bytes, expected: str) -> None:
    """Raise unless ``expected`` is the fingerprint of ``genesis``.

    Raises ``VerificationError`` (``directory.wrong_fingerprint``).
    """
    found = short_words(genesis)
    if _letters(expected) != _letters(found):
        raise VerificationError(
            "directory.wrong_fingerprint",
            f"The directory's fingerprint is {found}; another was expected.",
            remedy="Compare the words with a founder, in person or by voice.",
        )


def _letters(words: str) -> str:
    return "".join(words.lower().replace("-", " ").split())


def _word(number: int) -> str:
    """Consonant, vowel, consonant, vowel, consonant: 4, 2, 4, 2 and 4 bits."""
    return (
        _CONSONANTS[number >> 12 & 15]
        + _VOWELS[number >> 10 & 3]
        + _CONSONANTS[number >> 6 & 15]
        + _VOWELS[number >> 4 & 3]
        + _CONSONANTS[number & 15]
    )
