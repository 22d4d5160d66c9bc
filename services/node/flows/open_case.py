"""Open a case, add to what is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.case_step_rows import CaseAct
from services.node.domain.categories import Category
from services.node.domain.doors import Door
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.handoff import Actor
from services.node.domain.plain_words import not_listed
from services.node.domain.records import CategoryRecord
from services.node.domain.responsibility import Answerability
from services.node.flows.case_standing import Moving, begun
from services.node.flows.footing import (
    CASE_SCOPE,
    case_named,
    category_key,
    data_key,
    new_case,
)
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import (
    Decision,
    Plan,
    Settled,
    follows_of,
    id_reused,
)
from services.node.flows.release import record_row
from services.node.flows.unchanged import check_follows
from services.node.store import cases as case_store
from services.node.store import drafts as draft_store
from services.node.store import events as event_store
from services.node.store.pool import Connection
from services.node.store.writes import (
    Write,
    begin_answerability,
    confirm_draft,
    insert_data_key,
)
from services.node.wire.handoffs import encode_record


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The act of opening a case; its result is the pseudonym.

    ``draft_id`` names the draft that it grew from, if any.
    """

    own: OwnMember
    actor: Actor
    event_id: bytes
    door: str
    records: tuple[CategoryRecord, ...]
    moment: Moment
    draft_id: bytes | None = None

    async def decide(self, connection: Connection) -> Decision:
        """Raises InvalidInputError for an unknown door or category."""
        draft = await _draft_status(connection, self.draft_id)
        done = await _done(connection, self.event_id, InsideAct.CASE_OPENED)
        if done is not None:
            return done
        check_opening(self.door, draft)
        return self._plan()

    def _plan(self) -> Plan:
        own = self.own
        opened = new_case(
            own,
            self.door,
            "reception",
            Answerability.ANSWERABLE.value,
            self.actor.pseudonym,
            self.moment,
        )
        case = opened.case
        at = self.moment.case
        moving = Moving(self.event_id, at)
        begin = begun(own, case.case_id, opened.key, CaseAct.OPEN, moving, self.door)
        writes: list[Write] = [*opened.writes, begin.write, *begin.clocks]
        for record in checked(self.records):
            row, key = own.vault.new_key(case.case_id, record.category)
            origin = (own.name, self.moment.case, self.actor.pseudonym)
            writes.append(insert_data_key(row))
            writes.append(
                record_row(
                    key, case.case_id, record.category, encode_record(record), origin
                )
            )
        writes.append(
            begin_answerability(
                case.case_id,
                self.event_id,
                self.moment.case,
                InsideAct.CASE_OPENED.value,
                "",
            )
        )
        if self.draft_id is not None:
            writes.append(confirm_draft(self.draft_id, case.case_id))
        recorded = Recorded(
            self.event_id,
            self.actor,
            InsideAct.CASE_OPENED,
            self.door.encode(),
            self.moment.case,
        )
        return plan_inside(
            own,
            case,
            opened.key,
            recorded,
            tuple(writes),
            guard=True,
            result=case.pseudonym,
        )


def check_opening(door: str, draft: str | None) -> None:
    """Raise unless a case may begin by this door, from a draft of this status."""
    if door not in set(Door):
        raise InvalidInputError(
            "case.unknown_door",
            not_listed("door", Door),
            where="door",
            remedy="Choose one of them.",
        )
    if draft not in {None, "draft"}:
        raise NotLawfulError(
            "draft.confirmed",
            "This draft became a case before.",
            remedy="Look for it among the cases.",
        )


@dataclass(frozen=True, slots=True)
class AddRecord:
    """The act of adding a version of one data category.

    ``based_on`` is the number of the version that it was made of, 0 for none; None
    records it whatever stands.
    """

    own: OwnMember
    actor: Actor
    event_id: bytes
    case_pseudonym: str
    record: CategoryRecord
    moment: Moment
    based_on: int | None = None

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotFoundError for an unknown case, ConflictError if it is stale."""
        done = await _done(connection, self.event_id, InsideAct.RECORD_ADDED)
        if done is not None:
            return done
        own = self.own
        case = await case_named(connection, self.case_pseudonym)
        case_key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        (record,) = checked((self.record,))
        follows = follows_of(record.category, self.based_on)
        await check_follows(connection, case.case_id, follows)
        key, writes = await category_key(own, connection, case.case_id, record.category)
        plain = encode_record(record)
        origin = (own.name, self.moment.case, self.actor.pseudonym)
        added = record_row(key, case.case_id, record.category, plain, origin)
        recorded = Recorded(
            self.event_id, self.actor, InsideAct.RECORD_ADDED, b"", self.moment.case
        )
        guard = bool(writes)
        plan = plan_inside(own, case, case_key, recorded, (*writes, added), guard=guard)
        return replace(plan, follows=follows)


def checked(records: tuple[CategoryRecord, ...]) -> tuple[CategoryRecord, ...]:
    """The records, if every category is known and stands once."""
    codes = [record.category for record in records]
    if not set(codes) <= set(Category) or len(set(codes)) != len(codes):
        raise InvalidInputError(
            "case.unknown_category",
            "A data category is D0 to D13, each at most once.",
            where="records",
            remedy="Name one of them.",
        )
    return records


async def _draft_status(connection: Connection, draft_id: bytes | None) -> str | None:
    """The status of the draft that a case grows from; None where it has none."""
    if draft_id is None:
        return None
    draft = await draft_store.draft_by_id(connection, draft_id)
    return "unknown" if draft is None else draft.status


async def _done(
    connection: Connection, event_id: bytes, act: InsideAct
) -> Settled | None:
    row = await event_store.event_by_id(connection, event_id)
    if row is None:
        return None
    if row.step != act:
        raise id_reused()
    pseudonym = None
    if row.case_id is not None:
        case = await case_store.case_by_id(connection, row.case_id)
        pseudonym = None if case is None else case.pseudonym
    return Settled(row.subject, pseudonym)
