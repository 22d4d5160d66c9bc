"""The proofs of transparency-dev/merkle: 98 of each kind, 92 to be refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from services.node.domain.errors import VerificationError
from services.node.ledger.proof import verify_consistency, verify_inclusion

#: Says that it is good, with two equal roots of 12 bytes. No root of ours has 12
#: bytes, so the length check refuses it; the vector means only that m = n holds.
ROOTS_THAT_ARE_NO_HASHES = "sizes-are-equal-one-and-proof-is-empty.json"


def unpack(text: str) -> bytes:
    return base64.b64decode(text)


def check_inclusion(case) -> None:
    verify_inclusion(
        unpack(case["leafHash"]),
        case["leafIdx"],
        case["treeSize"],
        [unpack(node) for node in case["proof"] or ()],
        unpack(case["root"]),
    )


def check_consistency(case) -> None:
    verify_consistency(
        case["size1"],
        case["size2"],
        unpack(case["root1"]),
        unpack(case["root2"]),
        [unpack(node) for node in case["proof"] or ()],
    )


@pytest.mark.parametrize(
    ("kind", "check", "good"),
    [("inclusion", check_inclusion, 6), ("consistency", check_consistency, 5)],
)
def test_verifier_accepts_good_proofs_and_refuses_all_others(
    vectors: Path, kind, check, good
):
    files = sorted((vectors / "merkle" / kind).rglob("*.json"))
    assert len(files) == 98
    accepted = 0
    for file in files:
        case = json.loads(file.read_text(encoding="utf-8"))
        if case["wantErr"] or file.name == ROOTS_THAT_ARE_NO_HASHES:
            with pytest.raises(VerificationError):
                check(case)
        else:
            check(case)
            accepted += 1
    assert accepted == good


def test_roots_that_are_no_hashes_are_refused_for_their_length(vectors: Path):
    folder = vectors / "merkle" / "consistency" / "additional"
    case = json.loads((folder / ROOTS_THAT_ARE_NO_HASHES).read_text(encoding="utf-8"))
    with pytest.raises(VerificationError) as refused:
        check_consistency(case)
    assert refused.value.code == "ledger.bad_hash_length"


def test_empty_root_and_leaf_are_refused_for_their_length(vectors: Path):
    file = vectors / "merkle/inclusion/single-entry/empty-root-and-leaf.json"
    with pytest.raises(VerificationError) as refused:
        check_inclusion(json.loads(file.read_text(encoding="utf-8")))
    assert refused.value.code == "ledger.bad_hash_length"
