"""What this member says about a day of its own, and what it knows of others' days.

Promises: each day is stated to each member to whom something was written, by an
ordinary envelope, once for what is so: a crash, a second process or a clock that jumps
makes no second statement of the same. The events of statements are sealed under the
audit key, for they are of nobody's case (docs/adr/0016).
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.errors import NotFoundError
from services.node.domain.identifiers import new_id
from services.node.domain.people import NODE_ACTOR
from services.node.domain.statements import (
    TOLD,
    DayWritten,
    Statement,
    Written,
    date_of,
    day_named,
    day_written,
    days_to_state,
    is_due,
    utc_day,
)
from services.node.flows.compose import seal_to
from services.node.flows.leaves import day_of, new_leaf
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Plan, Settled
from services.node.sealing.envelope import new_salt, payload_hash
from services.node.sealing.statements import statement_event, statement_hash
from services.node.store import statements as statement_store
from services.node.store.events import NewEvent
from services.node.store.pool import Connection
from services.node.store.rows import SentEnvelopeRow
from services.node.store.statements import (
    DayEnvelopeRow,
    DayRow,
    DifferenceRow,
    Said,
    StatementRow,
    insert_statement_sent,
)
from services.node.store.writes import insert_envelope_sent
from services.node.wire.leaves import Meta, Outcome, Pers
from services.node.wire.statements import Stated, encode_stated

STEP = "statement"
"""What the ledger and its readers call a statement, though it is no step."""
_NO_EVENT = bytes(16)
_MOST_DIFFERENCES = 200
_MOST_ENVELOPES = 5000


@dataclass(frozen=True, slots=True)
class _Known:
    """What is so of a day, and what was said of it last."""

    written: DayWritten
    hashed: bytes
    newest: StatementRow | None

    @property
    def due(self) -> bool:
        """Whether it is to be said (again)."""
        read = None if self.newest is None or self.newest.expired else self.newest.hash
        return is_due(self.written, read, self.hashed)


@dataclass(frozen=True, slots=True)
class StateDay:
    """The node's own act of saying what was written to a member on a day."""

    own: OwnMember
    day: DayRow
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Said once for what is so; raises NotFoundError where nothing is to be said.

        Raises what the directory says of a member that nothing can be sealed to.
        """
        known = await _known(self.own, connection, self.day)
        if known.due:
            return self._plan(known)
        if known.newest is not None:
            return Settled(known.newest.digest)
        raise NotFoundError("statement.nothing", "Of this day nothing is to be said.")

    def _plan(self, known: _Known) -> Plan:
        own, recipient = self.own, self.day.recipient
        own.adopted.directory.active_member(recipient)
        number = 1 if known.newest is None else known.newest.number + 1
        written = known.written
        statement = Statement(
            self.day.day, number, len(written.counted), known.hashed, written.left_out
        )
        stated = Stated(
            event_id=statement_event(known.hashed, number),
            from_=own.name,
            to=recipient,
            recorded_at=self.moment.case,
            policy_version=own.policy_version,
            statement=statement,
        )
        payload, salt, envelope_id = encode_stated(stated), new_salt(), new_id()
        sealed = seal_to(own, recipient, envelope_id, payload, salt, self.moment.wire)
        hashed = payload_hash(salt, payload)
        key, pers = (
            own.audit_key,
            Pers(Outcome.SENT, "", sealed.digest, hashed, _NO_EVENT),
        )
        leaf = new_leaf(
            key, key, sealed.digest, meta_of(stated, recipient), pers, stated.event_id
        )
        row = SentEnvelopeRow(
            sealed.digest,
            envelope_id,
            stated.event_id,
            None,
            recipient,
            sealed.header,
            sealed.stanza,
            sealed.ciphertext,
        )
        said = Said(
            recipient,
            self.day.day,
            number,
            utc_day(self.moment.wire),
            sealed.digest,
            len(written.counted),
            known.hashed,
        )
        event = event_of(own, stated, sealed.digest, salt + payload)
        sent = insert_envelope_sent(row, self.moment.wire)
        return Plan(event, leaf, (*sent, insert_statement_sent(said)))


def meta_of(stated: Stated, counterparty: str) -> Meta:
    """What c_meta says about a statement."""
    return Meta(
        STEP,
        NODE_ACTOR.role,
        counterparty,
        day_of(stated.recorded_at),
        stated.policy_version,
    )


def event_of(
    own: OwnMember, stated: Stated, subject: bytes, salted_payload: bytes
) -> NewEvent:
    """The guard row of a statement, sent or received: of no referral and no case."""
    nonce, sealed = own.audit_key.seal("event", stated.event_id, salted_payload)
    return NewEvent(
        event_id=stated.event_id,
        referral_id=None,
        referral_no=None,
        case_id=None,
        case_seq=None,
        author=stated.from_,
        author_seq=None,
        step=STEP,
        actor=NODE_ACTOR.pseudonym,
        actor_role=NODE_ACTOR.role,
        actor_unit=NODE_ACTOR.unit,
        happened_at=stated.recorded_at,
        recorded_at=stated.recorded_at,
        policy_version=stated.policy_version,
        subject=subject,
        data_key_id=b"",
        nonce=nonce,
        sealed=sealed,
    )


async def due_days(own: OwnMember, moment: Moment) -> list[DayRow]:
    """Days that are to be stated now, oldest first, with the member to whom."""
    first, last = days_to_state(moment.wire)
    async with own.database.connection() as connection:
        rows = await statement_store.days_to_state(connection, first, last)
        return [row for row in rows if (await _known(own, connection, row)).due]


async def differences(own: OwnMember, moment: Moment) -> list[DifferenceRow]:
    """Days about which what another member said lately is not what is here."""
    async with own.database.connection() as connection:
        return await statement_store.differences(
            connection, moment.case - TOLD, _MOST_DIFFERENCES
        )


async def day_between(
    own: OwnMember, member: str, day: str
) -> tuple[list[DayEnvelopeRow], list[DayEnvelopeRow]]:
    """What was sent to a member and what it sent on a day, ISO 8601, by digest.

    Raises NotFoundError for a member that the directory does not list, and
    InvalidInputError ``statement.bad_day``.
    """
    own.adopted.directory.member(member)
    number = day_named(day)
    async with own.database.connection() as connection:
        sent = await statement_store.sent_on_day(
            connection, number, member, _MOST_ENVELOPES
        )
        taken = await statement_store.taken_on_day(
            connection, number, member, _MOST_ENVELOPES
        )
    return sent, taken


def said_day(day: int) -> str:
    """A day as ISO 8601 writes it."""
    return date_of(day).isoformat()


async def _known(own: OwnMember, connection: Connection, day: DayRow) -> _Known:
    rows = await statement_store.written_on_day(connection, day.day, day.recipient)
    written = day_written(
        Written(row.digest, row.answered, row.statement) for row in rows
    )
    hashed = statement_hash(own.name, day.recipient, day.day, written.counted)
    newest = await statement_store.newest_statement(connection, day.recipient, day.day)
    return _Known(written, hashed, newest)
