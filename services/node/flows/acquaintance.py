"""What this node knows of the other members from its own experience.

Promises it for all of them at once: four statements, whatever the number of members.
It is for choosing whom to ask, and no judgement: how long answers took, whether the
last try reached the node, and how old is what the member says of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.directory.leaf import split_leaf
from services.node.domain.answer_times import (
    ANSWERS,
    NEVER_ASKED,
    WINDOW,
    AnswerTimes,
)
from services.node.domain.offices import STALE_AFTER
from services.node.domain.reach import Circuit, circuit
from services.node.flows.contacts import Contacts
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.store import outbox as outbox_store
from services.node.store import upkeep as upkeep_store
from services.node.store import work as work_store


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """One other member; ``said_at`` and ``heard_at`` are on the wire clock.

    ``heard_at`` is None if its node never called or answered.
    """

    said_at: datetime
    stale: bool
    heard_at: datetime | None
    circuit: Circuit
    answers: AnswerTimes


async def acquaintances(
    own: OwnMember, contacts: Contacts, moment: Moment
) -> dict[str, Acquaintance]:
    """Every other member by name."""
    others = [
        each for each in own.adopted.directory.members.values() if each.name != own.name
    ]
    entries = sorted({each.described_at for each in others})
    async with own.database.connection() as connection:
        leaves = await upkeep_store.directory_leaves_at(connection, entries)
        failing = await outbox_store.failing(connection)
        contacts.load(await upkeep_store.contacts(connection))
        rows = await work_store.answer_times(
            connection, moment.case - WINDOW, moment.case, ANSWERS
        )
    said = {at: split_leaf(leaf).entry.created_at for at, leaf in leaves.items()}
    answers = {
        row.member: AnswerTimes(row.asked, row.answered, row.half_within)
        for row in rows
    }
    return {
        each.name: Acquaintance(
            said[each.described_at],
            moment.wire - said[each.described_at] > STALE_AFTER,
            contacts.of(each.name).heard_at,
            _circuit(failing.get(each.name), moment),
            answers.get(each.name, NEVER_ASKED),
        )
        for each in others
    }


def _circuit(failing: outbox_store.FailingRow | None, moment: Moment) -> Circuit:
    if failing is None:
        return Circuit.CLOSED
    return circuit(failing.failures, failing.next_try_at, moment.wire)
