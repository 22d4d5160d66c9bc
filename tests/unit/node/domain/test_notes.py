"""What a good note is, and that no contract between members has a place for one."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

from relais.casefile.v1 import standing_pb2
from services.node.domain.errors import InvalidInputError
from services.node.domain.notes import LONGEST_NOTE, Note, check_note

PROTO = Path(__file__).parents[4] / "proto"
CROSSING = ("envelope", "exchange", "mailbox", "ledger", "directory", "audit")
NOTE = Note("x" * LONGEST_NOTE, "zh-Hans")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": " \n"}, "note.no_words"),
        ({"language": ""}, "note.no_words"),
        ({"text": NOTE.text + "x"}, "note.too_long"),
    ],
)
def test_a_note_that_says_nothing_or_too_much_is_refused(changed, code):
    check_note(NOTE)
    with pytest.raises(InvalidInputError) as refused:
        check_note(replace(NOTE, **changed))
    assert refused.value.code == code


def test_no_contract_that_crosses_between_members_can_hold_a_note():
    """Not by any field of any message, however deep."""
    seen: set[str] = set()

    def walk(message):
        if message.full_name not in seen:
            seen.add(message.full_name)
            for field in message.fields:
                if field.message_type is not None:
                    walk(field.message_type)

    for area in CROSSING:
        for file in (PROTO / "relais" / area).rglob("*.proto"):
            name = ".".join(file.relative_to(PROTO).with_suffix("").parts)
            contract = importlib.import_module(f"{name}_pb2").DESCRIPTOR
            for each in contract.message_types_by_name.values():
                walk(each)
    assert "relais.envelope.v1.Body" in seen
    assert standing_pb2.Note.DESCRIPTOR.full_name not in seen
