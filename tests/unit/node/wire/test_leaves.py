from __future__ import annotations

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.ledger.evidence import Evidence, Opening
from services.node.wire.leaves import (
    Meta,
    Outcome,
    Pers,
    decode_evidence,
    decode_meta,
    decode_pers,
    encode_evidence,
    encode_meta,
    encode_pers,
)

EVIDENCE = Evidence(
    leaf=b"l" * 98,
    pers=Opening(b"s" * 32, b"value"),
    link=Opening(b"t" * 32, b"e" * 16),
    index=300,
    path=(b"a" * 32, b"b" * 32),
    checkpoint=b"note",
)


def test_what_stands_under_a_leaf_reads_back():
    meta = Meta("offer", "officer", "lao-cai", 17595, "vn-2018.1")
    pers = Pers(Outcome.REFUSED, "step.not_lawful", b"d" * 32, b"h" * 32, bytes(16))
    assert decode_meta(encode_meta(meta)) == meta
    assert decode_pers(encode_pers(pers)) == pers


def test_evidence_reads_back():
    assert decode_evidence(encode_evidence(EVIDENCE), Evidence) == EVIDENCE


def test_no_changed_byte_of_stored_evidence_reads_back_the_same():
    raw = encode_evidence(EVIDENCE)
    for at in range(len(raw)):
        changed = bytearray(raw)
        changed[at] ^= 1
        try:
            assert decode_evidence(bytes(changed), Evidence) != EVIDENCE
        except InvalidInputError as error:
            assert error.code.startswith("wire.")


def test_a_second_encoding_of_the_same_evidence_is_refused():
    with pytest.raises(InvalidInputError) as caught:
        decode_evidence(encode_evidence(EVIDENCE) + b"\xf8\x07\x00", Evidence)
    assert caught.value.code == "wire.not_canonical"
