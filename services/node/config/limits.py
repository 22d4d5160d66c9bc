"""The configuration of what a node takes in, of one member and in all."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.config.reading import Table
from services.node.domain.room import RoomLimits

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class LimitsSection:
    """What a node takes in at most."""

    envelope_bytes: int = 1_500_000
    """Largest envelope accepted, in bytes (header, stanza and ciphertext)."""
    batch: int = 256
    """Most acts written in one transaction."""
    inbox_backlog: int = 2048
    """Envelopes waiting to be written before peers are asked to come later."""
    envelopes_per_second: int = 100
    """What one member may hand in for ever; one that floods waits for its own sake."""
    envelopes_at_once: int = 20_000
    """What it may hand in at once: what waited for a node that was away for days."""
    bytes_per_second: int = 262_144
    """Bytes that one member may hand in for ever; attachments are fetched apart."""
    bytes_at_once: int = 1_073_741_824
    """Bytes that it may hand in at once."""
    member_envelopes: int = 50_000
    """Envelopes of one member that may wait for an act of this one; beyond a whole
    ``envelopes_at_once``, so that no long absence fills it."""
    member_megabytes: int = 2_200
    """What these may take, in million bytes."""
    member_files: int = 5_000
    """Files of one member that are kept here."""
    member_files_megabytes: int = 50_000
    """What these may take, in million bytes; a full offer of files takes 6,700."""

    @property
    def room(self) -> RoomLimits:
        """What one member may take here, in bytes."""
        return RoomLimits(
            self.member_envelopes,
            self.member_megabytes * _MEGABYTE,
            self.member_files,
            self.member_files_megabytes * _MEGABYTE,
        )


def read_limits(table: Table) -> LimitsSection:
    """The table ``[limits]``; its problems are noted."""
    ranges = {
        "envelope_bytes": (8192, 16_000_000),
        "batch": (1, 4096),
        "inbox_backlog": (1, 1_000_000),
        "envelopes_per_second": (1, 1_000_000),
        "envelopes_at_once": (1, 10_000_000),
        "bytes_per_second": (1024, 1 << 40),
        "bytes_at_once": (1024, 1 << 40),
        "member_envelopes": (1, 10_000_000),
        # The largest envelope and the largest file always fit an empty room: what
        # is refused for want of room may be taken later.
        "member_megabytes": (32, 10_000_000),
        "member_files": (1, 10_000_000),
        "member_files_megabytes": (256, 100_000_000),
    }
    usual = LimitsSection()
    section = LimitsSection(
        **{
            key: table.integer(key, least, most, getattr(usual, key))
            for key, (least, most) in ranges.items()
        }
    )
    table.done()
    return section
