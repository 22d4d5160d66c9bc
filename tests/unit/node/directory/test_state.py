"""Who is who, asked of a directory."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.directory.state import Directory
from services.node.domain.errors import (
    NotFoundError,
    NotPermittedError,
    RelaisError,
    UnavailableError,
)
from services.node.wire.entries import KeyCompromised, MemberClose, MemberSuspend

MOMENT = timedelta(milliseconds=1)
OTHERS = ("ministry", "lao-cai")


def test_a_member_that_is_not_there_is_not_found(world):
    with pytest.raises(NotFoundError) as refused:
        world.directory.member("dien-bien")
    assert refused.value.code == "directory.unknown_member"


def test_a_certificate_leads_to_its_member_and_no_other(world):
    for name in ("lao-cai", "yen-bai"):
        (fingerprint,) = world.directory.member(name).certificates

        assert world.directory.member_of_certificate(fingerprint).name == name
    assert world.directory.member_of_certificate(bytes(32)) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (MemberSuspend("x"), "directory.suspended"),
        (MemberClose("x"), "directory.closed"),
    ],
)
def test_who_takes_no_part_is_nobody_to_peers(world, change, code):
    (fingerprint,) = world.directory.member("yen-bai").certificates

    after = world.after(world.decided("yen-bai", change, *OTHERS)).directory

    assert after.member_of_certificate(fingerprint) is None
    for ask in (after.active_member, lambda it: after.sealing_key_for(it, world.NOW)):
        with pytest.raises(NotPermittedError) as refused:
            ask("yen-bai")
        assert refused.value.code == code
    assert not after.member("yen-bai").active


def test_members_are_found_by_function(world):
    found = world.directory.members_with("PROVINCE_SOCIAL")

    assert [member.name for member in found] == ["lao-cai", "yen-bai"]
    suspended = world.after(world.decided("yen-bai", MemberSuspend("x"), *OTHERS))
    (only,) = suspended.directory.members_with("PROVINCE_SOCIAL")
    assert only.name == "lao-cai"


def test_one_seals_to_the_epoch_that_holds_the_instant(world):
    first, second = world.directory.member("yen-bai").sealing_epochs
    key_for = world.directory.sealing_key_for

    assert key_for("yen-bai", first.begins_at) == first
    assert key_for("yen-bai", first.ends_at - MOMENT) == first
    assert key_for("yen-bai", first.ends_at) == second
    assert not key_for("yen-bai", second.ends_at - MOMENT).stale


def test_when_all_epochs_are_over_the_newest_is_used_and_marked_stale(world):
    second = world.directory.member("yen-bai").sealing_epochs[1]

    chosen = world.directory.sealing_key_for("yen-bai", second.ends_at)

    assert chosen.stale
    assert chosen.key_id == second.key_id


def test_nobody_seals_to_an_epoch_that_has_not_begun(world):
    first = world.directory.member("yen-bai").sealing_epochs[0]

    with pytest.raises(NotFoundError) as refused:
        world.directory.sealing_key_for("yen-bai", first.begins_at - MOMENT)
    assert refused.value.code == "directory.no_sealing_key"


def test_nobody_seals_to_a_member_without_sealing_keys(world):
    with pytest.raises(NotFoundError) as refused:
        world.directory.sealing_key_for("ministry", world.NOW)
    assert refused.value.code == "directory.no_sealing_key"


def test_nobody_seals_to_a_compromised_key(world):
    first, second = world.directory.member("yen-bai").sealing_epochs
    after = world.after(
        world.own("yen-bai", KeyCompromised(first.key_id, world.NOW))
    ).directory

    with pytest.raises(RelaisError) as refused:
        after.sealing_key_for("yen-bai", world.NOW)
    assert refused.value.code == "directory.no_sealing_key"
    assert after.sealing_key_for("yen-bai", second.begins_at) == second


def test_ledger_keys_are_asked_at_a_size_that_is_known(world):
    directory = world.directory
    raw = world.homes["ministry"].keys.ledger.public_raw

    assert directory.ledger_keys_at("ministry", 0) == ()
    assert directory.ledger_keys_at("ministry", 1) == (raw,)
    assert directory.ledger_keys_at("ministry", directory.size) == (raw,)
    for size in (-1, directory.size + 1):
        with pytest.raises(UnavailableError) as refused:
            directory.ledger_keys_at("ministry", size)
        assert refused.value.code == "directory.newer_needed"


def test_a_directory_without_genesis_has_no_head_key():
    with pytest.raises(NotFoundError) as refused:
        _ = Directory("testland").head_key
    assert refused.value.code == "directory.no_genesis"
