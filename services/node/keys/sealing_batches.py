"""The sealing keys of a quarter: made together, and dropped week by week.

Promises: a batch is a folder ``sealing-<YYYYMMDDHHMMSS>`` beside the first one, named
by the UTC second in which it was made, with one ``<YYYYMMDD>.key`` (0600) a week; it is
there whole or not at all, because it is made under another name and renamed. The
instant is all that its entry needs beside the keys, so that the entry is the same bytes
whenever it is written. A node holds every key of every batch from its next start on.

Leaves to others: which weeks (``flows.sealing_ceremony``) and the entry that lists them
(``directory.home``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.node.domain.errors import ConfigError, ConflictError
from services.node.keys.files import (
    EPOCH_LENGTH,
    SEALING_BATCH,
    SealingEpoch,
    load_sealing,
)
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.keys.secret_files import sync_folder, write_secret

KEPT_AFTER = timedelta(days=37)
"""So long after its week a key opens what is still under way (protocol.md §1)."""
_INSTANT = "%Y%m%d%H%M%S"
_STAGING = ".sealing.new"


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch; ``name`` is that of its folder."""

    name: str
    epochs: tuple[SealingEpoch, ...]

    @property
    def made_at(self) -> datetime:
        """When it was made: the instant at which its entry is written."""
        instant = self.name.partition("-")[2]
        return datetime.strptime(instant, _INSTANT).replace(tzinfo=UTC)

    @property
    def begins_at(self) -> datetime:
        """When its first week begins."""
        return self.epochs[0].begins

    @property
    def ends_at(self) -> datetime:
        """When its last week ends."""
        return self.epochs[-1].begins + EPOCH_LENGTH


def make_batch(folder: Path, first: datetime, weeks: int, now: datetime) -> Batch:
    """Fresh keys for ``weeks`` from ``first`` on; ``now`` is aware, wire clock.

    Raises ``ConflictError`` (``keys.exists``) for a second one within a second.
    """
    name = f"sealing-{now.astimezone(UTC):{_INSTANT}}"
    if (folder / name).exists():
        raise ConflictError(
            "keys.exists",
            "A key file exists already and is not overwritten.",
            where=str(folder / name),
        )
    staging = folder / _STAGING
    # What a node left that was killed in the middle of it.
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    for number in range(weeks):
        begins = first + number * EPOCH_LENGTH
        raw = SealingPrivateKey.generate().raw
        write_secret(staging / f"{begins:%Y%m%d}.key", raw.hex().encode() + b"\n")
    staging.rename(folder / name)
    sync_folder(folder)
    return Batch(name, load_sealing(folder, name))


def batches_in(folder: Path) -> tuple[Batch, ...]:
    """Every batch that can be read, the oldest first; an empty one is left out."""
    found = []
    for path in sorted(folder.iterdir()):
        if not SEALING_BATCH.fullmatch(path.name):
            continue
        try:
            epochs = load_sealing(folder, path.name)
        except ConfigError:
            continue
        if epochs:
            found.append(Batch(path.name, epochs))
    return tuple(found)


def drop_epochs(folder: Path, is_over: Callable[[SealingEpoch], bool]) -> int:
    """Delete the keys that ``is_over`` names; how many. Raises ``OSError``."""
    dropped = 0
    for under in ("sealing", *(each.name for each in batches_in(folder))):
        try:
            epochs = load_sealing(folder, under)
        except ConfigError:
            continue
        gone = [each for each in epochs if is_over(each)]
        for each in gone:
            (folder / under / f"{each.begins:%Y%m%d}.key").unlink(missing_ok=True)
        if gone:
            sync_folder(folder / under)
        dropped += len(gone)
    return dropped
