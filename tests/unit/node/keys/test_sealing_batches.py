"""A batch of sealing keys is there whole or not at all, and goes week by week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.errors import ConflictError
from services.node.keys import sealing_batches
from services.node.keys.files import create_member_keys, load_member_keys
from services.node.keys.sealing_batches import batches_in, drop_epochs, make_batch
from services.node.keys.sealing_keys import hpke_seal
from services.node.keys.secret_files import write_secret

NOW = datetime(2026, 3, 5, 12, 30, 7, 400, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
NEXT = MONDAY + 2 * WEEK


@pytest.fixture
def folder(tmp_path):
    create_member_keys(tmp_path / "keys", "lao-cai", NOW, epochs=2)
    return tmp_path / "keys"


def test_a_node_holds_the_keys_before_and_those_of_the_batch(folder):
    before = load_member_keys(folder)
    made = make_batch(folder, NEXT, 2, NOW)
    assert made.made_at == NOW.replace(microsecond=0)
    assert (made.begins_at, made.ends_at) == (NEXT, NEXT + 2 * WEEK)
    keys = load_member_keys(folder)
    begins = [each.begins for each in keys.sealing_epochs]
    assert begins == [MONDAY + n * WEEK for n in range(4)]
    assert set(before.sealing) < set(keys.sealing)
    assert [each.epochs[0].key.key_id for each in batches_in(folder)] == [
        keys.sealing_epochs[2].key.key_id
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("sealing-*/*"))
    with pytest.raises(ConflictError):
        make_batch(folder, NEXT, 2, NOW)


def test_a_node_that_was_killed_in_the_middle_starts_with_what_it_had(
    folder, monkeypatch
):
    before = load_member_keys(folder).sealing_epochs
    left = iter([write_secret])

    def killed(path, data):
        next(left)(path, data)

    with monkeypatch.context() as cut:
        cut.setattr(sealing_batches, "write_secret", killed)
        with pytest.raises(StopIteration):
            make_batch(folder, NEXT, 2, NOW)
    assert batches_in(folder) == ()
    after = load_member_keys(folder).sealing_epochs
    assert [each.begins for each in after] == [each.begins for each in before]
    assert len(make_batch(folder, NEXT, 2, NOW).epochs) == 2


def test_what_is_dropped_opens_nothing_and_what_is_kept_still_does(folder):
    make_batch(folder, NEXT, 1, NOW)
    first, second, third = load_member_keys(folder).sealing_epochs
    sealed = {e.key.key_id: hpke_seal(e.key.public_raw, b"", b"x") for e in (second,)}
    gone = {first.begins, third.begins}
    assert drop_epochs(folder, lambda epoch: epoch.begins in gone) == 2
    kept = load_member_keys(folder).sealing
    assert list(kept) == [second.key.key_id]
    assert kept[second.key.key_id].open(sealed[second.key.key_id], b"") == b"x"
    assert batches_in(folder) == ()
