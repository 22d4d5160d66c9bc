"""Write and open internal notes: acts of a case that stay at this member.

A note is the sealed content of its own event, under the key of the case: its leaf
commits to it, and erasing the case erases it. Nothing that makes an envelope reads
these events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.handoff import Actor
from services.node.domain.notes import Note, check_note
from services.node.flows.case_keeping import done_before
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision
from services.node.flows.said import open_salted
from services.node.sealing.envelope import SALT_LENGTH
from services.node.store import events as event_store
from services.node.store.pool import Connection
from services.node.wire.standings import decode_note, encode_note


@dataclass(frozen=True, slots=True)
class KeepNote:
    """The act of writing a note."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    case_pseudonym: str
    note: Note
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises InvalidInputError, NotFoundError for an unknown case."""
        check_note(self.note)
        case = await case_named(connection, self.case_pseudonym)
        inside = InsideAct.NOTE_WRITTEN
        done = await done_before(connection, self.event_id, case, inside)
        if done is not None:
            return done
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        content, at = encode_note(self.note), self.moment.case
        recorded = Recorded(self.event_id, self.actor, inside, content, at)
        # It moves nothing, so it stands in nobody's way.
        return plan_inside(self.own, case, key, recorded, (), guard=False)


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A note with who wrote it, and when (case clock)."""

    event_id: bytes
    actor: Actor
    written_at: datetime
    note: Note


async def notes_of(own: OwnMember, pseudonym: str) -> tuple[NoteWritten, ...]:
    """The notes of a case, the newest first; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        rows = await event_store.events_of_act(
            connection, case.case_id, InsideAct.NOTE_WRITTEN
        )
    return tuple(
        NoteWritten(
            row.event_id,
            Actor(row.actor, row.actor_role, row.actor_unit),
            row.happened_at,
            decode_note(open_salted(own, row)[SALT_LENGTH:]),
        )
        for row in rows
    )
