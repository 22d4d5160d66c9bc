"""Sealing epochs: which weeks a member may publish keys for.

Promises: whole weeks, one after the other, none over already, none for which the
member lists a live key: at every instant others find at most one key to seal to.
The member alone publishes them (protocol.md §2). Leaves which key is current to
``directory.state``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.node.directory.admission import own_keys, with_member
from services.node.directory.leaf import SignedEntry
from services.node.directory.state import Directory, Life, Member, SealingEpochKey
from services.node.directory.vouching import check_approvals, check_own
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.keys.suites import X_WING, check_public_key, key_id
from services.node.wire.entries import SealingEpoch, SealingEpochs

EPOCH = timedelta(days=7)
"""How long others seal to one key."""

MAX_EPOCHS = 64
"""Most epochs in one entry; a quarterly ceremony publishes 21."""


def apply_sealing_epochs(
    directory: Directory, signed: SignedEntry, change: SealingEpochs
) -> Directory:
    """Publish sealing keys; raises ``RelaisError`` if a rule is broken."""
    member = directory.member(signed.entry.subject)
    entering = _entering_epochs(directory, change.epochs)
    if entering[0].ends_at <= signed.entry.created_at:
        raise NotLawfulError(
            "directory.epoch_over", "The first sealing epoch is over already."
        )
    _check_apart(member, entering)
    owned = own_keys(directory, member.name, [epoch.key_id for epoch in entering])
    check_own(directory, signed)
    check_approvals(directory, signed, needed=0)
    epochs = member.sealing_epochs + entering
    return with_member(owned, replace(member, sealing_epochs=epochs))


def _entering_epochs(
    directory: Directory, epochs: tuple[SealingEpoch, ...]
) -> tuple[SealingEpochKey, ...]:
    if not 0 < len(epochs) <= MAX_EPOCHS:
        raise InvalidInputError(
            "directory.bad_epochs",
            f"{len(epochs)} sealing epochs; expected 1 to {MAX_EPOCHS}.",
        )
    for place, epoch in enumerate(epochs):
        if epoch.key.algorithm != X_WING:
            raise InvalidInputError(
                "directory.wrong_keys", f"A sealing key is of {X_WING}."
            )
        if epoch.ends_at - epoch.begins_at != EPOCH:
            raise InvalidInputError(
                "directory.bad_epochs",
                f"Sealing epoch {place + 1} does not last seven days.",
            )
        if place and epoch.begins_at != epochs[place - 1].ends_at:
            raise InvalidInputError(
                "directory.bad_epochs",
                f"Sealing epoch {place + 1} does not begin when the one before ends.",
            )
        check_public_key(X_WING, epoch.key.raw)
    return tuple(
        SealingEpochKey(
            raw=epoch.key.raw,
            key_id=key_id(X_WING, epoch.key.raw),
            begins_at=epoch.begins_at,
            ends_at=epoch.ends_at,
            life=Life(added_at=directory.size),
        )
        for epoch in epochs
    )


def _check_apart(member: Member, entering: tuple[SealingEpochKey, ...]) -> None:
    begins_at, ends_at = entering[0].begins_at, entering[-1].ends_at
    for known in member.sealing_epochs:
        overlap = known.begins_at < ends_at and begins_at < known.ends_at
        if known.life.live and overlap:
            raise NotLawfulError(
                "directory.epochs_overlap",
                "A sealing epoch overlaps one that the member lists already.",
            )
