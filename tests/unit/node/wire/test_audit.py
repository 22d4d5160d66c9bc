"""The file of a log: what was written is read again, and nothing else is."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError
from services.node.wire import audit
from services.node.wire.audit import (
    LOG_VERSION,
    DirectoryEntry,
    ExtractIdentity,
    LoggedLeaf,
    LogHead,
    LogIdentity,
    LogItem,
    OpenedCommitment,
    OpeningState,
    ProvedLeaf,
    ReceivedEnvelope,
    SentEnvelope,
    StoredCheckpoint,
    StoredEnvelope,
    StoredNode,
    decode_item,
    encode_export_request,
    encode_item,
    framed,
    is_extract,
    read_extract,
    read_log,
)

IDENTITY = LogIdentity(LOG_VERSION, "testland", "hanoi", b"note", 3, b"r" * 32)
OPENED = OpenedCommitment(b"s" * 32, b"value")
LEAF = LoggedLeaf(
    0,
    b"l" * 98,
    b"d" * 32,
    OPENED,
    None,
    OPENED,
    OpeningState.OPENED,
    OpeningState.ERASED,
)
ENVELOPE = StoredEnvelope(b"header", b"stanza", b"x" * 300)
SENT = SentEnvelope(
    "lao-cai", ENVELOPE, b"d" * 32, b"i" * 16, b"e" * 16, b"", 0, "waiting"
)
RECEIVED = ReceivedEnvelope(
    "lao-cai", ENVELOPE, b"d" * 32, b"i" * 16, b"", b"evidence", "refused", "a.code"
)
HEAD = LogHead("testland/hanoi", 1, b"r" * 32, b"note")
ITEMS: list[LogItem] = [
    IDENTITY,
    DirectoryEntry(b"entry"),
    LEAF,
    StoredNode(0, 0, b"h" * 32),
    StoredNode(1, -5, b""),
    StoredCheckpoint(1, b"note"),
    SENT,
    RECEIVED,
    HEAD,
]
EXTRACT: list[LogItem] = [
    ExtractIdentity(IDENTITY, "", datetime(2026, 3, 2, tzinfo=UTC)),
    DirectoryEntry(b"entry"),
    ProvedLeaf(LEAF, (b"p" * 32,)),
    SENT,
    RECEIVED,
    HEAD,
]


def file_of(items: list[LogItem]) -> bytes:
    return b"".join(framed(encode_item(item)) for item in items)


def read(raw: bytes) -> list[LogItem]:
    return list(read_log(io.BytesIO(raw), "a file"))


def refusal(raw: bytes) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refused:
        read(raw)
    return refused.value


def test_a_log_is_read_as_it_was_written():
    assert read(file_of(ITEMS)) == ITEMS


def test_an_extract_is_told_from_a_log_and_neither_is_read_as_the_other():
    extract, log = (io.BytesIO(file_of(each)) for each in (EXTRACT, ITEMS))
    assert (is_extract(extract, "x"), is_extract(log, "x")) == (True, False)
    assert list(read_extract(extract, "x")) == EXTRACT
    assert refusal(file_of(EXTRACT)).code == "audit.corrupt_file"
    with pytest.raises(InvalidInputError) as refused:
        list(read_extract(log, "x"))
    assert refused.value.code == "audit.corrupt_file"
    with pytest.raises(InvalidInputError) as cut:
        list(read_extract(io.BytesIO(file_of(EXTRACT[:-1])), "x"))
    assert cut.value.code == "audit.truncated_file"


def test_every_item_has_a_case_above():
    assert {type(item) for item in ITEMS + EXTRACT} == set(audit._ARMS.values())


@pytest.mark.parametrize("state", OpeningState)
def test_every_state_of_an_opening_is_carried(state):
    item = replace(LEAF, pers_state=state)
    assert decode_item(encode_item(item)) == item


@given(st.integers(-(2**63), 2**63 - 1), st.binary(max_size=40))
def test_whatever_a_row_holds_is_carried(number, raw):
    for item in (StoredCheckpoint(number, raw), StoredNode(3, number, raw)):
        assert decode_item(encode_item(item)) == item


def test_a_file_cut_anywhere_is_refused():
    whole = file_of(ITEMS)
    for end in range(len(whole)):
        assert refusal(whole[:end]).code == "audit.truncated_file", end


@settings(max_examples=300)
@given(st.data())
def test_a_changed_byte_is_refused_or_read_as_another_value(data):
    """Never as the same: what reads alike is alike."""
    whole = file_of(ITEMS)
    position = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(1, 255)) ^ whole[position]
    broken = whole[:position] + bytes((byte,)) + whole[position + 1 :]
    try:
        found = read(broken)
    except InvalidInputError as error:
        assert error.code in {"audit.truncated_file", "audit.corrupt_file"}
    else:
        assert (found == ITEMS) == (broken == whole)


@pytest.mark.parametrize(
    "items",
    [
        [HEAD],
        [LEAF, HEAD],
        [IDENTITY, IDENTITY, HEAD],
        [IDENTITY, SENT, LEAF, HEAD],
        [IDENTITY, HEAD, HEAD],
        [IDENTITY, HEAD, LEAF],
    ],
)
def test_items_out_of_order_are_refused(items):
    assert refusal(file_of(items)).code == "audit.corrupt_file"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00",
        b"\xff\xff\xff\xff\xff",
        b"\xff\xff\xff\x7f",
        framed(b"\xff"),
        framed(encode_item(IDENTITY) + b"\x7a\x00"),
        framed(b"\x0a\x00"),
    ],
)
def test_what_is_no_item_is_refused_with_its_place(raw):
    whole = framed(encode_item(IDENTITY))
    error = refusal(whole + raw)
    assert error.code == "audit.corrupt_file"
    assert error.where == f"a file, byte {len(whole)}"


def test_a_length_is_read_in_its_shortest_form_only():
    raw = encode_item(IDENTITY)
    longer = bytes((len(raw) & 0x7F | 0x80, len(raw) >> 7 | 0x80, 0)) + raw
    assert refusal(longer).code == "audit.corrupt_file"


def test_bytes_that_no_export_writes_are_no_item():
    raw = encode_item(StoredCheckpoint(1, b"note"))
    for broken, code in (
        (b"\xff", "wire.malformed"),
        (b"", "wire.unknown_content"),
        (raw + b"\x7a\x00", "wire.not_canonical"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            decode_item(broken)
        assert refused.value.code == code


def test_a_request_names_the_auditor():
    assert encode_export_request("auditor") == b"\x0a\x07auditor"
