"""The sealing keys of a quarter: asked for by one, made by two, and dropped in time.

Each batch reaches from the last week that the directory lists to 21 weeks from this
one, so that eight always lie ahead until the next ceremony. What was sealed to an older
key opens until 37 days after its week: then its file is deleted, if the directory lists
a later one. Source: protocol.md §1 (sealing), console.md §2.8 and §7 S15.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.node.directory.home import entry_bytes
from services.node.domain.admissions import AdmissionKind
from services.node.domain.errors import ConflictError
from services.node.domain.upkeep import SEALING_AHEAD
from services.node.flows.own import OwnMember
from services.node.flows.own_keys import sealing_until
from services.node.keys.files import EPOCH_LENGTH, EPOCHS, SealingEpoch, week_begin
from services.node.keys.sealing_batches import (
    KEPT_AFTER,
    Batch,
    batches_in,
    drop_epochs,
    make_batch,
)
from services.node.keys.suites import X_WING
from services.node.store.admissions import AdmissionRow
from services.node.wire.entries import PublicKey, SealingEpochs
from services.node.wire.entries import SealingEpoch as ListedEpoch


@dataclass(frozen=True, slots=True)
class Ceremony:
    """Where it stands: who asked, or what was made and is not listed yet.

    ``due_at`` is when the next one should be held, None where no key is listed;
    ``missing`` how many weeks it would make keys for; ``entry`` is what the identity
    keys sign, empty if nothing waits to be listed.
    """

    due_at: datetime | None
    missing: int
    asked: AdmissionRow | None
    made: Batch | None
    entry: bytes = b""


def ceremony(
    own: OwnMember, waiting: Iterable[AdmissionRow], now: datetime
) -> Ceremony:
    """What waits for a second person, and what waits for the directory."""
    asked = next((each for each in waiting if each.kind == AdmissionKind.SEALING), None)
    until = sealing_until(own.adopted.directory.member(own.name))
    due_at = None if until is None else until - SEALING_AHEAD
    _, missing = _missing(own, now)
    made = unlisted_batch(own)
    if made is None:
        return Ceremony(due_at, missing, asked, None)
    listed = tuple(
        ListedEpoch(
            key=PublicKey(X_WING, each.key.public_raw),
            begins_at=each.begins,
            ends_at=each.begins + EPOCH_LENGTH,
        )
        for each in made.epochs
    )
    entry = entry_bytes(own.network, own.name, SealingEpochs(listed), made.made_at)
    return Ceremony(due_at, missing, asked, made, entry)


def unlisted_batch(own: OwnMember) -> Batch | None:
    """The newest batch of which the directory lists no key; None if there is none."""
    listed = {
        each.key_id for each in own.adopted.directory.member(own.name).sealing_epochs
    }
    batches = batches_in(own.keys_folder)
    newest = batches[-1] if batches else None
    if newest is None or any(each.key.key_id in listed for each in newest.epochs):
        return None
    return newest


def check_batch(own: OwnMember, now: datetime) -> tuple[datetime, int]:
    """From which week on, and how many; ``now`` on the wire clock.

    Raises ConflictError ``keys.sealing_waits`` while a batch waits to be listed, and
    ``keys.sealing_enough`` if the directory lists all the weeks that it may.
    """
    if unlisted_batch(own) is not None:
        raise ConflictError(
            "keys.sealing_waits",
            "Sealing keys were made already, and the directory does not list them yet.",
            remedy="Have their entry signed and entered; or delete their folder in the"
            " key folder, at the node's own host, and ask again.",
        )
    first, weeks = _missing(own, now)
    if not weeks:
        raise ConflictError(
            "keys.sealing_enough",
            f"The directory lists sealing keys for {EPOCHS} weeks from this one on.",
            remedy="Ask again once a week of them is over.",
        )
    return first, weeks


def _missing(own: OwnMember, now: datetime) -> tuple[datetime, int]:
    """From which week on none is listed, and how many of the 21 from this one."""
    this_week = week_begin(now)
    until = sealing_until(own.adopted.directory.member(own.name))
    first = this_week if until is None else max(until, this_week)
    weeks = -(-(this_week + EPOCHS * EPOCH_LENGTH - first) // EPOCH_LENGTH)
    return first, max(weeks, 0)


def make_sealing(own: OwnMember, now: datetime) -> Batch:
    """The batch, in the key folder; raises what ``check_batch`` does."""
    first, weeks = check_batch(own, now)
    return make_batch(own.keys_folder, first, weeks, now)


def drop_over(own: OwnMember, now: datetime) -> int:
    """Delete the keys whose time is over; how many. Raises OSError.

    Only what the directory listed goes, and never the newest that it lists; a process
    that runs holds what it read until it ends. ``now`` on the wire clock.
    """
    listed = own.adopted.directory.member(own.name).sealing_epochs
    ids = {each.key_id for each in listed}
    newest = max((e.begins_at for e in listed if e.life.live), default=None)

    def is_over(epoch: SealingEpoch) -> bool:
        later = newest is not None and epoch.begins < newest
        ended = epoch.begins + EPOCH_LENGTH + KEPT_AFTER <= now
        return later and ended and epoch.key.key_id in ids

    return drop_epochs(own.keys_folder, is_over)
