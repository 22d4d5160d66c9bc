"""How much of one member this node keeps: what waits for an act, and files.

Promises pure rules: an envelope of a member takes room until an act of a person here
follows it in its referral, or until it is ``ROOM_DAYS`` old; one that was refused for
good takes room as long, so that refusals fill no disk either. A file takes room from
its first chunk until its chunks go. Whoever has no room left waits, and nothing that
it keeps is lost: an empty room takes the largest envelope and the largest file
(``config/limits``), so want of room is never a refusal for good. The figures are this
project's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.errors import UnavailableError

ROOM_DAYS = 7
"""Days on the wire clock after which an envelope takes no room of its sender any more,
answered or not: else a member whom nobody answers could never send again."""
FULL = "inbox.member_full"
FILES_FULL = "attachment.member_full"


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """What one member may take here: numbers, and bytes."""

    envelopes: int = 50_000
    envelope_bytes: int = 2_200_000_000
    files: int = 5_000
    file_bytes: int = 50_000_000_000


USUAL_ROOM = RoomLimits()


@dataclass(frozen=True, slots=True)
class Taken:
    """Room that is taken: how many, and bytes."""

    number: int = 0
    bytes: int = 0

    def with_one(self, size: int) -> Taken:
        """And one of ``size`` bytes more."""
        return Taken(self.number + 1, self.bytes + size)


def is_nearly_full(taken: Taken, number: int, size: int) -> bool:
    """Whether four fifths of the numbers or of the bytes are taken."""
    return taken.number * 5 >= number * 4 or taken.bytes * 5 >= size * 4


def fits(taken: Taken, number: int, size: int) -> bool:
    """Whether so many and so many bytes hold what is taken."""
    return taken.number <= number and taken.bytes <= size


def check_envelope(limits: RoomLimits, taken: Taken) -> None:
    """Raise UnavailableError ``inbox.member_full`` unless ``taken`` fits.

    ``taken`` counts the envelope in question.
    """
    if not fits(taken, limits.envelopes, limits.envelope_bytes):
        raise UnavailableError(
            "inbox.member_full",
            "As much of this member waits here for an answer as one member may leave.",
            remedy="It is tried again by itself; telephone, so that somebody answers.",
        )


def check_file(limits: RoomLimits, taken: Taken) -> None:
    """Raise UnavailableError ``attachment.member_full`` unless ``taken`` fits.

    ``taken`` counts the file in question.
    """
    if not fits(taken, limits.files, limits.file_bytes):
        raise UnavailableError(
            "attachment.member_full",
            "Files of this member take as much room here as one member's may.",
            remedy="It is fetched by itself when there is room; an administrator may"
            " give members more.",
        )
