"""What the auditor is shown of a ledger is there, and what was changed is found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from services.cli.audit_extract import verify_extract
from services.node.domain.bodies import Acceptance, Opening
from services.node.domain.concerns import EntryOutcome, ReceiptState
from services.node.domain.errors import NotFoundError, UnavailableError
from services.node.flows.case_proofs import prove_case
from services.node.flows.entries import (
    list_entries,
    outcome_of,
    prove_entry,
    prove_own_entry,
)
from services.node.flows.extract import ExtractAsked, extract_log
from services.node.flows.verify_ledger import LedgerChecks
from services.node.ledger.merkle import leaf_hash
from services.node.store.entries import EntryFilter, file_entries
from tests.store.person import Person
from tests.store.town import MEMBERS, Town

HERE, THERE = "lao-cai", "nha-hoa-ban"


@dataclass
class Place:
    """Two ledgers after one handover, and this member's database."""

    town: Town
    person: Person
    databases: dict

    @property
    def own(self):
        return self.town.members[HERE].own

    @property
    def head(self):
        return self.town.members[HERE].published.head

    def wanted(self, **changes):
        everything = EntryFilter("", "", "", None, None, self.head.size)
        return replace(everything, **changes)

    async def listed(self, limit=50, **changes):
        return await list_entries(self.own, self.head, self.wanted(**changes), limit)

    async def check(self, **options):
        return await LedgerChecks(self.own, **options).check(self.town.wire)

    async def another_offer(self):
        """Of another case, on its way."""
        other = Person(self.town)
        await other.open(HERE)
        await other.offer(HERE, "son-la", "reintegration", sealed=False)

    def change(self, sql):
        self.databases[HERE].as_superuser(
            f"SET session_replication_role = replica; {sql}"
        )


@pytest.fixture
async def place(founded_town, copy_database, tmp_path):
    made = []

    def address():
        made.append(copy_database())
        return made[-1].node

    town = await Town.open(founded_town, address, tmp_path)
    person = Person(town)
    await person.open(HERE)
    await person.offer(HERE, THERE, "reception", sealed=True)
    (referral,) = person.referrals
    await town.settle_between(HERE, THERE)
    await person.step(referral, "receiver", Opening())
    await person.step(referral, "receiver", Acceptance())
    await town.settle_between(HERE, THERE)
    await town.answer(HERE)
    await town.settle_between(HERE, THERE)
    yield Place(town, person, dict(zip(MEMBERS, made, strict=True)))
    await town.close()


async def extract(place, asked):
    items = extract_log(place.own, place.head, asked, place.town.wire)
    return [item async for item in items]


async def test_every_entry_is_listed_once_the_newest_first(place):
    rows = await place.listed()
    assert [row.index for row in rows] == list(reversed(range(place.head.size)))
    assert rows[-1].kind == "directory_adopted"
    kinds = {row.kind for row in rows}
    assert {"case_opened", "offer", "opened", "accept", "release"} <= kinds
    paged, before = [], place.head.size
    while page := await place.listed(limit=3, before=before):
        paged += page
        before = page[-1].index
    assert paged == rows


async def test_entries_say_how_they_came_and_with_whom_and_nothing_sealed(place):
    by_kind = {row.kind: row for row in await place.listed()}
    outcomes = {kind: outcome_of(row) for kind, row in by_kind.items()}
    assert outcomes["offer"] is outcomes["release"] is EntryOutcome.SENT
    assert outcomes["accept"] is EntryOutcome.RECEIVED
    assert outcomes["case_opened"] is EntryOutcome.RECORDED
    assert outcomes["directory_adopted"] is EntryOutcome.ADOPTED
    assert {by_kind[each].member for each in ("offer", "accept")} == {THERE}
    assert by_kind["case_opened"].member == ""
    (alias,) = {by_kind[each].code for each in ("offer", "accept", "release")}
    assert alias
    assert alias != by_kind["case_opened"].code


async def test_entries_are_found_by_code_kind_member_and_period(place):
    every = await place.listed()
    of_both = [row for row in every if row.member == THERE]
    assert await place.listed(member=THERE) == of_both
    (offer,) = await place.listed(kind="offer")
    assert await place.listed(kind="offer", member=THERE) == [offer]
    assert await place.listed(kind="offer", member="son-la") == []
    assert await place.listed(code=offer.code) == of_both
    assert await place.listed(code=offer.code, kind="offer") == [offer]
    (opened,) = await place.listed(kind="case_opened")
    whole = await place.listed(code=opened.code)
    assert {row.index for row in of_both} < {row.index for row in whole}
    later = max(row.recorded_at for row in every if row.recorded_at)
    before = await place.listed(until=offer.recorded_at - timedelta(days=1))
    assert {row.kind for row in before} <= {"directory_adopted"}
    assert await place.listed(since=later + timedelta(days=1)) == []
    assert offer in await place.listed(since=offer.recorded_at)
    assert offer not in await place.listed(until=offer.recorded_at)


async def test_a_unit_finds_its_own_entries_and_none_of_another(place):
    every = await place.listed()
    of_cases = [row for row in every if row.code]
    units = await place.town.rows(
        HERE, "SELECT DISTINCT actor_unit FROM event WHERE actor_role <> 'node'"
    )
    (unit,) = {row["actor_unit"] for row in units if row["actor_unit"]}
    mine = {"unit": unit, "own": HERE}
    assert await place.listed(**mine) == of_cases
    (offer,) = await place.listed(kind="offer", **mine)
    assert await place.listed(role=offer.role, **mine) == [
        row for row in of_cases if row.role == offer.role
    ]
    assert offer in await place.listed(code=offer.code, role=offer.role)
    own = await prove_own_entry(place.own, place.head, offer.index, unit)
    assert own.inclusion == "holds"
    assert await place.listed(unit="another", own=HERE) == []
    whole = await extract(place, ExtractAsked(offer.code, unit=unit))
    report = verify_extract(whole)
    assert report.faults == ()
    assert [each.index for each in report.entries] == [
        each.index for each in reversed(await place.listed(code=offer.code))
    ]
    assert {each.proved_by for each in report.entries} == {THERE}
    with pytest.raises(NotFoundError) as nothing:
        await extract(place, ExtractAsked(offer.code, unit="another"))
    assert nothing.value.code == "extract.nothing"
    with pytest.raises(NotFoundError):
        await prove_own_entry(place.own, place.head, offer.index, "another")


async def test_the_reading_copy_goes_on_where_it_ended_whoever_files_it(place):
    await place.listed()
    await place.another_offer()
    await asyncio.gather(
        *(file_entries(place.own.database, place.head.size) for _ in range(4))
    )
    filed = await place.town.rows(HERE, "SELECT index FROM ledger_entry ORDER BY index")
    assert [row["index"] for row in filed] == list(range(place.head.size))
    assert (await place.listed(limit=1))[0].member == "son-la"


async def test_an_entry_is_proved_to_the_signed_head_with_its_receipt(place):
    (offer,) = await place.listed(kind="offer")
    found = await prove_entry(place.own, place.head, offer.index)
    assert (found.inclusion, found.signature, found.opening) == ("holds",) * 3
    assert found.leaf_hash == leaf_hash(offer.leaf)
    assert found.receipt.state is ReceiptState.VERIFIED
    assert found.receipt.member == THERE
    assert found.evidence.state is ReceiptState.NONE
    there = await place.town.rows(
        THERE, "SELECT index FROM ledger_leaf WHERE subject = $1", offer.subject
    )
    assert [found.receipt.index] == [row["index"] for row in there]
    (accept,) = await place.listed(kind="accept")
    found = await prove_entry(place.own, place.head, accept.index)
    assert found.receipt.state is ReceiptState.NONE
    assert found.evidence.state is ReceiptState.VERIFIED
    with pytest.raises(NotFoundError):
        await prove_entry(place.own, place.head, place.head.size)


async def test_a_receipt_that_did_not_come_is_missing_and_never_more(place):
    await place.another_offer()
    (newest,) = await place.listed(limit=1)
    found = await prove_entry(place.own, place.head, newest.index)
    assert found.receipt.state is ReceiptState.MISSING
    assert found.inclusion == "holds"


async def test_what_was_changed_shows_at_the_entry(place):
    (offer,) = await place.listed(kind="offer")
    place.change(CHANGES["offer"])
    found = await prove_entry(place.own, place.head, offer.index)
    assert found.inclusion == "ledger.bad_inclusion"
    place.change(CHANGES["receipts"])
    found = await prove_entry(place.own, place.head, offer.index)
    assert found.receipt.state is ReceiptState.BROKEN
    assert found.receipt.code


async def test_a_case_holds_until_one_of_its_bytes_was_changed(place):
    (opened,) = await place.listed(kind="case_opened")
    by_kind = {row.kind: row for row in await place.listed(code=opened.code)}
    sent = {row.index for row in by_kind.values() if row.sent}
    whole = await prove_case(place.own, place.head, opened.code)
    assert whole.faults == ()
    assert set(whole.receipted) == sent
    assert whole.checked >= len(by_kind)

    place.change(CHANGES["receipts"])
    found = await prove_case(place.own, place.head, opened.code)
    assert {(each.fault.what, each.fault.index) for each in found.faults} == {
        ("receipt", index) for index in sent
    }
    assert found.receipted == ()

    accept = by_kind["accept"]
    place.change(f"DELETE FROM ledger_leaf WHERE index = {accept.index}")  # noqa: S608
    found = await prove_case(place.own, place.head, opened.code)
    assert ("leaf", 0, "accept") in {
        (each.fault.what, each.fault.index, each.step) for each in found.faults
    }


async def test_a_ledger_that_holds_is_found_whole_with_the_numbers(place):
    found = await place.check()
    assert (found.faults, found.faults_found) == ((), 0)
    assert found.leaves == place.head.size
    assert found.nodes >= found.leaves
    assert (found.receipts.held, found.receipts.verified) == (2, 2)
    assert (found.evidence.held, found.evidence.verified) == (2, 2)
    assert found.receipts.missing == 0
    await place.another_offer()
    assert (await place.check()).receipts.missing == 1


CHANGES = {
    "offer": "UPDATE ledger_leaf SET leaf = set_byte(leaf, 40, 255 - "
    "get_byte(leaf, 40)) WHERE index = "
    "(SELECT max(index) FROM ledger_entry WHERE kind = 'offer')",
    "leaf": "UPDATE ledger_leaf SET leaf = set_byte(leaf, 40, 255 - "
    "get_byte(leaf, 40)) WHERE index = 2",
    "gone": "DELETE FROM ledger_leaf WHERE index = "
    "(SELECT max(index) FROM ledger_leaf)",
    "node": "UPDATE ledger_node SET hash = set_byte(hash, 0, 255 - get_byte(hash, 0)) "
    "WHERE level = 1 AND index = 0",
    "root": "UPDATE ledger_head SET root = set_byte(root, 0, 255 - get_byte(root, 0))",
    "signature": "UPDATE ledger_head SET checkpoint = checkpoint || 'x'",
    "receipt": "UPDATE receipt SET index = index + 1",
    # Turned, not set: the byte is of a random salt, which now and then is zero.
    "receipts": "UPDATE receipt SET evidence = set_byte(evidence, 200, "
    "get_byte(evidence, 200) # 1)",
    "evidence": "UPDATE envelope_received SET sender = 'son-la'",
}
FOUND = {
    "leaf": {"node", "head"},
    "gone": {"leaf"},
    "node": {"node"},
    "root": {"head"},
    "signature": {"signature"},
    "receipt": {"receipt"},
    "evidence": {"evidence"},
}


@pytest.mark.parametrize("what", FOUND)
async def test_what_was_changed_behind_the_nodes_back_is_found(place, what):
    place.change(CHANGES[what])
    found = await place.check()
    assert found.faults_found
    assert {each.what for each in found.faults} == FOUND[what]


async def test_a_check_says_how_many_proofs_its_time_was_enough_for(place):
    found = await place.check(proof_seconds=0.0)
    assert (found.receipts.held, found.receipts.verified) == (2, 0)
    assert found.leaves == place.head.size


async def test_one_check_runs_at_a_time_and_the_node_goes_on(place):
    checks = LedgerChecks(place.own)
    first = asyncio.create_task(checks.check(place.town.wire))
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError) as error:
        await checks.check(place.town.wire)
    assert error.value.code == "ledger.being_verified"
    await place.another_offer()
    assert (await first).faults_found == 0
    assert (await checks.check(place.town.wire)).faults_found == 0
