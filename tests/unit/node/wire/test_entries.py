"""Directory entries as bytes: one encoding each, and no other is read."""

from __future__ import annotations

import typing
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.directory.v1 import entry_pb2
from services.node.domain.errors import InvalidInputError
from services.node.wire import entries, mapping
from services.node.wire.entries import (
    Approval,
    Approvals,
    Change,
    Description,
    DirectoryFile,
    Entry,
    Founder,
    Genesis,
    KeyAdd,
    KeyCompromised,
    KeyRetire,
    LocalName,
    MemberAdd,
    MemberChange,
    MemberClose,
    MemberSuspend,
    Policy,
    PolicyTable,
    Proof,
    Proofs,
    PublicKey,
    SealingEpoch,
    SealingEpochs,
    SigningPurpose,
    TlsCert,
    decode_approvals,
    decode_directory_file,
    decode_entry,
    decode_proofs,
    encode_approvals,
    encode_directory_file,
    encode_entry,
    encode_proofs,
)

NOW = datetime(2018, 3, 5, 8, 0, tzinfo=UTC)
KEY = PublicKey("ed25519", b"k" * 32)
DESCRIPTION = Description(
    kind="province",
    functions=("PROVINCE_SOCIAL",),
    country="VN",
    province="lao-cai",
    names=(LocalName("vi", "Lào Cai"), LocalName("en", "Lao Cai")),
    peers_address="127.0.0.1:7001",
)
JOINING = MemberAdd(DESCRIPTION, (KEY, KEY), (KEY,))
CHANGES = [
    Genesis((KEY,), (Founder("lao-cai", JOINING), Founder("hanoi", JOINING))),
    JOINING,
    MemberChange(DESCRIPTION),
    KeyAdd(SigningPurpose.WITNESS, KEY),
    SealingEpochs((SealingEpoch(KEY, NOW, NOW),)),
    SealingEpochs(()),
    TlsCert(b"der"),
    KeyRetire(b"i" * 32),
    KeyCompromised(b"i" * 32, NOW),
    MemberSuspend("audit"),
    MemberClose(""),
    Policy("v1", (PolicyTable("steps", b"a,b\n"),), ("FOCAL_MINISTRY",)),
]


def entry(change):
    return Entry(1, "testland", "lao-cai", NOW, change)


def code_of(decode, raw):
    with pytest.raises(InvalidInputError) as refused:
        decode(raw)
    return refused.value.code


def outcome_of(decode, raw):
    """What was read, or the code of the refusal."""
    try:
        return decode(raw)
    except InvalidInputError as error:
        return error.code


@pytest.mark.parametrize("change", CHANGES, ids=lambda it: type(it).__name__)
def test_every_change_comes_back_as_it_was(change):
    raw = encode_entry(entry(change))

    assert decode_entry(raw) == entry(change)
    assert encode_entry(decode_entry(raw)) == raw


def test_every_change_of_the_contract_has_a_value():
    arms = entry_pb2.Entry.DESCRIPTOR.oneofs_by_name["change"].fields
    known = {change.__name__ for change in typing.get_args(Change)}

    assert {arm.message_type.name for arm in arms if arm.message_type} == known
    assert len(arms) == len(known)
    assert {type(change) for change in CHANGES} == set(typing.get_args(Change))
    assert {each.name for each in arms} == set(entries._ARMS)


def test_an_entry_has_these_bytes():
    """Written out by hand from the contract, so that no library is believed."""
    raw = encode_entry(Entry(1, "n", "m", mapping.from_millis(1), MemberSuspend("r")))

    expected = "080112016e1a016d20019201030a0172"
    assert raw.hex() == expected


def test_an_unknown_version_is_refused():
    raw = encode_entry(Entry(2, "n", "m", NOW, MemberSuspend("r")))

    assert code_of(decode_entry, raw) == "wire.unknown_version"
    assert code_of(decode_entry, b"") == "wire.unknown_version"


def test_an_entry_without_a_change_is_refused():
    message = entry_pb2.Entry(version=1, network="n", created_at=1)

    assert code_of(decode_entry, message.SerializeToString()) == "wire.unknown_content"


def test_a_change_of_a_later_version_is_refused():
    message = entry_pb2.Entry(version=1, network="n", created_at=1)
    raw = message.SerializeToString() + bytes([0xAA, 0x01, 0x00])  # field 21

    assert code_of(decode_entry, raw) == "wire.unknown_content"


def test_an_unstated_purpose_is_refused():
    message = entry_pb2.Entry(version=1)
    message.key_add.key.algorithm = "ed25519"

    assert code_of(decode_entry, message.SerializeToString()) == "wire.unknown_code"


def test_an_instant_outside_the_calendar_is_refused():
    message = entry_pb2.Entry(version=1, created_at=2**62)
    message.member_close.SetInParent()

    assert code_of(decode_entry, message.SerializeToString()) == "wire.bad_instant"


@pytest.mark.parametrize(
    "tail",
    [
        b"\x12\x01n",  # the network once more
        b"\x92\x01\x03\x0a\x01x",  # another reason: libraries merge, or take the last
        b"\xa8\x3f\x01",  # field 1013
    ],
)
def test_an_entry_written_in_another_way_is_refused(tail):
    raw = encode_entry(Entry(1, "n", "m", NOW, MemberSuspend("r")))

    assert code_of(decode_entry, raw + tail) == "wire.not_canonical"


def test_two_changes_in_one_entry_are_refused():
    raw = encode_entry(Entry(1, "n", "m", NOW, MemberSuspend("r")))
    other = encode_entry(Entry(1, "n", "m", NOW, MemberClose("r")))

    for both in (raw + other, other + raw):
        assert code_of(decode_entry, both) == "wire.not_canonical"


def test_a_number_written_too_long_is_refused():
    raw = encode_entry(Entry(1, "n", "m", NOW, MemberSuspend("r")))
    assert raw.startswith(b"\x08\x01")

    assert code_of(decode_entry, b"\x08\x81\x00" + raw[2:]) == "wire.not_canonical"


def test_a_field_left_out_of_a_founder_is_refused():
    message = entry_pb2.Entry(version=1)
    message.genesis.founders.add(name="lao-cai")

    raw = message.SerializeToString()

    assert code_of(decode_entry, raw) == "wire.not_canonical"


@pytest.mark.parametrize("raw", [b"\xff", b"\x08", b"\x12\x02\xc3\x28"])
def test_bytes_that_are_no_entry_are_refused(raw):
    for decode in (decode_entry, decode_proofs, decode_approvals):
        assert code_of(decode, raw) in {
            "wire.malformed",
            "wire.not_canonical",
        }


@settings(max_examples=300)
@given(st.sampled_from(CHANGES), st.data())
def test_a_changed_entry_is_refused_or_is_another_entry(change, data):
    """No two byte strings are one entry."""
    raw = bytearray(encode_entry(entry(change)))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))

    other = outcome_of(decode_entry, bytes(raw))

    if isinstance(other, Entry):
        assert other != entry(change)
        assert encode_entry(other) == raw
    else:
        assert other.startswith("wire.")


@given(st.binary(max_size=60))
def test_any_bytes_are_an_entry_or_refused(raw):
    for decode in (decode_entry, decode_directory_file, decode_approvals):
        outcome = outcome_of(decode, raw)

        assert not isinstance(outcome, str) or outcome.startswith("wire.")


def test_proofs_come_back_as_they_were():
    for proofs in (Proofs(()), Proofs((Proof(b"i" * 32, b"s" * 64), Proof(b"", b"")))):
        assert decode_proofs(encode_proofs(proofs)) == proofs


def test_approvals_come_back_as_they_were():
    approvals = Approvals((Approval("hanoi", 2**63, NOW, b"e", b"m"),))

    assert decode_approvals(encode_approvals(approvals)) == approvals
    assert encode_approvals(Approvals(())) == b""


def test_a_directory_file_keeps_its_leaves_in_order():
    file = DirectoryFile((b"two", b"", b"one"), b"note")

    assert decode_directory_file(encode_directory_file(file)) == file


def test_a_directory_file_with_more_in_it_is_refused():
    raw = encode_directory_file(DirectoryFile((b"leaf",), b"note"))

    assert code_of(decode_directory_file, raw + b"\x1a\x01x") == "wire.not_canonical"
    assert code_of(decode_directory_file, raw + raw) == "wire.not_canonical"
