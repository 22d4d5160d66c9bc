"""Reports of what should not have come: kept as written, the newest first."""

from __future__ import annotations

from dataclasses import replace

from services.node.flows.batch import write_batch
from services.node.store import reports
from services.node.store.reports import insert_disclosure_report
from services.node.store.writes import insert_envelope_received


async def test_reports_are_listed_newest_first_up_to_the_limit(founded, made, signer):
    arrived = [replace(made.received(), outcome="refused") for _ in range(3)]
    referral_id = made.id()
    for number, each in enumerate(arrived):
        report = insert_disclosure_report(
            each.digest,
            each.sender,
            referral_id,
            "offer",
            "disclosure.not_for_type",
            [f"D{number + 1}", "D9"],
            made.now,
        )
        await write_batch(
            founded, signer, [made.plan(insert_envelope_received(each), report)]
        )
    async with founded.connection() as connection:
        found = await reports.disclosure_reports(connection, 2)
    assert [each.digest for each in found] == [arrived[2].digest, arrived[1].digest]
    (newest, _) = found
    assert (newest.sender, newest.referral_id) == ("yen-bai", referral_id)
    assert (newest.step, newest.code) == ("offer", "disclosure.not_for_type")
    assert newest.categories == ["D3", "D9"]
    assert newest.reported_at == made.now
