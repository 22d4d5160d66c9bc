"""How a piece of the journey ended, told so that two endings can be compared.

Nothing here depends on chance: no identifiers, no indices, no instants. What two
ledgers must agree on is checked on the way: receipts name the recipient's index,
responsibility has no gap, and every tree verifies from its leaves to its notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from relais.desk.v1 import case_pb2
from services.node.domain.responsibility import (
    AnswerabilityPeriod,
    chain_of_responsibility,
)
from services.node.flows.guard import Guard
from services.node.keys.files import load_member_keys
from services.node.ledger.checkpoint import verify_checkpoint
from services.node.ledger.leaf import Leaf
from services.node.ledger.merkle import (
    appended_nodes,
    leaf_hash,
    needed_for_append,
    reader,
    root_from,
)
from tests.fault.desks import Desk
from tests.fault.small_network import SmallNetwork

_HELD = """
SELECT category, source, count(*) AS versions FROM case_record
WHERE case_id = (SELECT case_id FROM cases WHERE pseudonym = $1)
GROUP BY category, source ORDER BY category, source
"""
_ENVELOPES = """
SELECT o.state, o.attempts, r.index IS NOT NULL AS receipted
FROM outbox AS o LEFT JOIN receipt AS r ON o.digest = r.digest
WHERE o.referral_id = $1 ORDER BY o.number
"""
_RECEIVED = """
SELECT outcome, count(*) AS times FROM envelope_received AS v
INNER JOIN event AS e ON v.event_id = e.event_id
WHERE e.referral_id = $1 GROUP BY outcome
"""
_KEYS_LEFT = "SELECT count(*) FROM part_key WHERE referral_id = $1"


@dataclass(frozen=True, slots=True)
class End:
    """What one member holds at the end."""

    state: str
    phase: str
    answerable: str
    steps: tuple[tuple[str, str, str], ...]
    """Author, step and what became of its delivery, in the ledger's order."""
    periods: tuple[tuple[str, str, str, str, bool], ...]
    records: tuple[tuple[str, str, int], ...]
    received: Mapping[str, int]
    part_keys: int
    grown: int
    """Leaves that this piece added to the ledger."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Both ends, and who answered in turn."""

    giver: End
    receiver: End
    chain: tuple[str, ...]


async def ending(
    town: SmallNetwork,
    giver: Desk,
    receiver: Desk,
    referral_id: bytes,
    sizes: Mapping[str, int],
) -> Ending:
    """The ending of a referral; ``sizes`` are the ledgers' before its case began."""
    cases, ends = {}, {}
    for desk in (giver, receiver):
        seen = await desk.see(referral_id, settled=True)
        case = await desk.case(seen.case_pseudonym)
        cases[desk.name] = case
        ends[desk.name] = await _end(town, desk, seen, case, sizes[desk.name])
    _check_receipts(cases[giver.name], cases[receiver.name])
    chain = chain_of_responsibility(
        period for name, case in cases.items() for period in _periods(name, case)
    )
    assert chain.problems == ()
    assert [
        name for name, case in cases.items() if case.answerable == "answerable"
    ] == [chain.periods[-1].member]
    return Ending(
        ends[giver.name],
        ends[receiver.name],
        tuple(period.member for period in chain.periods),
    )


async def ledger_size(town: SmallNetwork, member: str) -> int:
    """How many leaves a member's database holds."""
    async with town.database(member) as connection:
        return int(await connection.fetchval("SELECT size FROM ledger_head"))


async def check_ledger(town: SmallNetwork, member: str, since: int = 0) -> int:
    """Verify a whole ledger from its database, notes and guard; its size.

    Notes of ``since`` leaves or fewer were verified before and are left out.
    """
    config = town.network.config(member)
    public = load_member_keys(config.keys.folder).ledger.public_raw
    origin = f"{config.member.network}/{member}"
    async with town.database(member) as connection:
        size = await check_tree(connection, origin, public, since)
        known = Guard(config.guard.paths).newest()
        assert known is not None
        assert known.size == size
        doubled = await connection.fetchval(
            "SELECT count(*) - count(DISTINCT event_id) FROM envelope_sent"
        )
        assert doubled == 0, f"{member} sent one event in two envelopes"
    return size


async def check_tree(
    connection: asyncpg.Connection, origin: str, public: bytes, since: int
) -> int:
    """Recompute every root that was signed, from the stored leaves; the size."""
    rows = await connection.fetch(
        "SELECT index, leaf, subject FROM ledger_leaf ORDER BY index"
    )
    assert [row["index"] for row in rows] == list(range(len(rows)))
    notes = {
        row["size"]: row["note"]
        for row in await connection.fetch("SELECT size, note FROM ledger_checkpoint")
    }
    known: dict[tuple[int, int], bytes] = {}
    for row in rows:
        Leaf.from_bytes(row["leaf"])
        index = row["index"]
        needed = {each: known[each] for each in needed_for_append(index)}
        new = appended_nodes(index, reader(needed), [leaf_hash(row["leaf"])])
        known.update({(level, at): digest for level, at, digest in new})
        if index >= since and index + 1 in notes:
            signed = verify_checkpoint(notes[index + 1], origin, [public])
            assert (signed.size, signed.root) == (
                index + 1,
                root_from(index + 1, reader(known)),
            )
    head = await connection.fetchrow("SELECT size, root, checkpoint FROM ledger_head")
    assert head is not None
    assert head["size"] == len(rows)
    assert head["root"] == root_from(len(rows), reader(known))
    assert head["checkpoint"] == notes[len(rows)]
    stored = await connection.fetch("SELECT level, index, hash FROM ledger_node")
    assert {(row["level"], row["index"]): row["hash"] for row in stored} == known
    without_leaf = await connection.fetchval(
        "SELECT count(*) FROM event WHERE subject NOT IN "
        "(SELECT subject FROM ledger_leaf)"
    )
    assert without_leaf == 0
    return len(rows)


async def _end(
    town: SmallNetwork,
    desk: Desk,
    seen: case_pb2.ReferralSummary,
    case: case_pb2.GetCaseResponse,
    size: int,
) -> End:
    async with town.database(desk.name) as connection:
        held = await connection.fetch(_HELD, case.case_pseudonym)
        received = await connection.fetch(_RECEIVED, seen.referral_id)
        part_keys = await connection.fetchval(_KEYS_LEFT, seen.referral_id)
    steps = tuple((each.author, each.step, each.delivery) for each in case.timeline)
    assert max(Counter(each.event_id for each in case.timeline).values()) == 1
    return End(
        state=seen.state,
        phase=case.phase,
        answerable=case.answerable,
        steps=steps,
        periods=tuple(
            (
                each.since_step,
                each.from_member,
                each.until_step,
                each.to_member,
                each.confirmed,
            )
            for each in case.periods
        ),
        records=tuple((r["category"], r["source"], r["versions"]) for r in held),
        received={row["outcome"]: row["times"] for row in received},
        part_keys=part_keys,
        grown=await check_ledger(town, desk.name, size) - size,
    )


def _check_receipts(
    one: case_pb2.GetCaseResponse, other: case_pb2.GetCaseResponse
) -> None:
    """What one end sent is receipted with the very index at the other end."""
    for sender, recipient in ((one, other), (other, one)):
        stands_at = {each.event_id: each.own_index for each in recipient.timeline}
        for entry in sender.timeline:
            if entry.delivery:
                assert entry.delivery == "received"
                assert entry.receipted
                assert entry.receipt_index == stands_at[entry.event_id]


def _periods(member: str, case: case_pb2.GetCaseResponse) -> list[AnswerabilityPeriod]:
    return [
        AnswerabilityPeriod(
            member,
            datetime.fromtimestamp(each.since_at / 1000, UTC),
            each.since_event,
            datetime.fromtimestamp(each.until_at / 1000, UTC)
            if each.until_step
            else None,
            each.until_event or None,
        )
        for each in case.periods
    ]
