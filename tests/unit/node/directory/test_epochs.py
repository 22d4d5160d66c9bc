"""Which weeks a member may publish sealing keys for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.directory.home import sealing_epochs_leaf
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.wire.entries import (
    KeyCompromised,
    PublicKey,
    SealingEpoch,
    SealingEpochs,
)

DAY = timedelta(days=1)


def weeks(world, *starts, key=None):
    """Sealing epochs that begin so many days after now."""
    return tuple(
        SealingEpoch(
            key or PublicKey("x-wing", SealingPrivateKey.generate().public_raw),
            world.NOW + start * DAY,
            world.NOW + start * DAY + world.WEEK,
        )
        for start in starts
    )


def test_a_member_alone_publishes_sealing_keys(world):
    after = world.after(sealing_epochs_leaf(world.homes["hanoi"], world.NOW))
    listed = after.directory.member("hanoi").sealing_epochs

    mine = [each.key.key_id for each in world.homes["hanoi"].keys.sealing_epochs]
    assert [epoch.key_id for epoch in listed] == mine


@pytest.mark.parametrize("wrong", [-timedelta(milliseconds=1), DAY, -DAY])
def test_a_sealing_epoch_lasts_seven_days(world, wrong):
    (epoch,) = weeks(world, 0)
    stretched = replace(epoch, ends_at=epoch.ends_at + wrong)

    leaf = world.own("hanoi", SealingEpochs((stretched,)))

    assert world.refusal(leaf) == "directory.bad_epochs"


@pytest.mark.parametrize("starts", [(0, 6), (0, 8), (0, 0), (7, 0)])
def test_sealing_epochs_follow_one_another(world, starts):
    leaf = world.own("hanoi", SealingEpochs(weeks(world, *starts)))

    assert world.refusal(leaf) == "directory.bad_epochs"


@pytest.mark.parametrize("count", [0, 65])
def test_one_to_64_sealing_epochs_enter_at_once(world, count):
    key = world.directory.member("yen-bai").sealing_epochs[0].raw
    epochs = weeks(world, *range(0, 7 * count, 7), key=PublicKey("x-wing", key))

    leaf = world.own("hanoi", SealingEpochs(epochs))

    assert world.refusal(leaf) == "directory.bad_epochs"


@pytest.mark.parametrize("start", [-8, 0, 6, 13])
def test_sealing_epochs_cannot_overlap_those_listed(world, start):
    """Lao Cai lists two weeks from this morning on."""
    leaf = world.own("lao-cai", SealingEpochs(weeks(world, start)))
    expected = "directory.epoch_over" if start < -7 else "directory.epochs_overlap"

    assert world.refusal(leaf) == expected


def test_the_next_sealing_epoch_may_begin_when_the_last_listed_ends(world):
    begins_at = world.directory.member("lao-cai").sealing_epochs[-1].ends_at
    (epoch,) = weeks(world, 14)
    epoch = replace(epoch, begins_at=begins_at, ends_at=begins_at + world.WEEK)

    after = world.after(world.own("lao-cai", SealingEpochs((epoch,))))

    assert len(after.directory.member("lao-cai").sealing_epochs) == 3


def test_a_compromised_sealing_key_makes_room_for_another(world):
    first = world.directory.member("lao-cai").sealing_epochs[0]
    lost = world.after(
        world.own("lao-cai", KeyCompromised(first.key_id, first.begins_at))
    )
    again = SealingEpoch(
        PublicKey("x-wing", SealingPrivateKey.generate().public_raw),
        first.begins_at,
        first.ends_at,
    )

    after = lost.after(lost.own("lao-cai", SealingEpochs((again,))))

    chosen = after.directory.sealing_key_for("lao-cai", world.NOW)
    assert chosen.raw == again.key.raw
    assert not chosen.stale


def test_a_sealing_key_enters_once(world):
    key = PublicKey("x-wing", world.directory.member("yen-bai").sealing_epochs[0].raw)

    leaf = world.own("hanoi", SealingEpochs(weeks(world, 0, key=key)))

    assert world.refusal(leaf) == "directory.key_known"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (PublicKey("ed25519", bytes(32)), "directory.wrong_keys"),
        (PublicKey("x-wing", bytes(10)), "keys.bad_length"),
        (PublicKey("x-wing", b"\xff" * 1216), "keys.self_test"),
        (PublicKey("x-wing", bytes(1216)), "keys.self_test"),
    ],
)
def test_a_sealing_key_that_cannot_seal_is_refused(world, key, code):
    leaf = world.own("hanoi", SealingEpochs(weeks(world, 0, key=key)))

    assert world.refusal(leaf) == code


def test_a_member_cannot_publish_anothers_sealing_keys(world):
    forger = replace(world, homes={**world.homes, "yen-bai": world.homes["hanoi"]})

    leaf = forger.own("yen-bai", SealingEpochs(weeks(world, 14)))

    assert world.refusal(leaf) == "directory.unexpected_proof"
