"""The configuration of letters: what a mailbox keeps, and how often it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.config.reading import Table


@dataclass(frozen=True, slots=True)
class MailboxSection:
    """Letters for members whom nobody can dial; the first three are the ministry's."""

    letters: int = 1024
    """Most letters that wait for one member; one sender may leave a quarter."""
    megabytes: int = 256
    """Most that wait for one member, in million bytes; of one sender a quarter."""
    days: int = 30
    """Days after which a letter that nobody collected goes."""
    tick_milliseconds: int = 10_000
    """How often a member whom nobody can dial asks for its letters, in milliseconds."""


USUAL_MAILBOX = MailboxSection()


def read_mailbox(table: Table) -> MailboxSection:
    """The table ``[mailbox]``; its problems are noted."""
    usual = USUAL_MAILBOX
    section = MailboxSection(
        letters=table.integer("letters", 4, 1_000_000, usual.letters),
        megabytes=table.integer("megabytes", 16, 1_000_000, usual.megabytes),
        days=table.integer("days", 1, 30, usual.days),
        tick_milliseconds=table.integer(
            "tick_milliseconds", 100, 3_600_000, usual.tick_milliseconds
        ),
    )
    table.done()
    return section
