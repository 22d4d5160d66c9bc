"""A withdrawal while the other is away, and a node that is killed in between.

What the person ended is effective at once, whoever can be reached; what is owed
outlives the node.
"""

from __future__ import annotations

import asyncio

from relais.desk.v1 import consent_pb2
from tests.fault.desks import ACCEPT, Desk, new_id
from tests.fault.ending import check_ledger
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork


async def withdraw(desk: Desk, case: str, consent_id: bytes) -> None:
    await desk.consents.WithdrawConsent(
        consent_pb2.WithdrawConsentRequest(
            officer=desk.officer,
            event_id=new_id(),
            case_pseudonym=case,
            consent_id=consent_id,
            method="written",
        ),
        wait_for_ready=True,
        timeout=30,
    )


async def acknowledged(desk: Desk, case: str) -> consent_pb2.Told:
    """The one member that had to be told, once it answered."""
    async with asyncio.timeout(60):
        while True:
            answer = await desk.consents.ReadReceipts(
                consent_pb2.ReadReceiptsRequest(
                    officer=desk.officer, case_pseudonym=case
                ),
                wait_for_ready=True,
                timeout=30,
            )
            (told,) = answer.receipts[0].told
            if told.state == "acknowledged":
                return told
            await asyncio.sleep(0.1)


async def part_keys(town: SmallNetwork, referral_id: bytes) -> int:
    async with town.database(HOTLINE) as connection:
        found: int = await connection.fetchval(
            "SELECT count(*) FROM part_key WHERE referral_id = $1", referral_id
        )
    return found


async def test_a_no_reaches_who_was_away_though_its_node_was_killed(town, desks):
    """The release waits, she says no, the node is killed: both arrive, in order."""
    hotline, province, line = desks[HOTLINE], desks[PROVINCE], town.lines[PROVINCE]
    case = await hotline.open_case()
    agreed = await hotline.agree(case, "reception_shelter", PROVINCE)
    referral_id = await hotline.offer(case, PROVINCE)
    await province.see(referral_id, "offered")
    line.keep_requests()
    await province.step(referral_id, **ACCEPT)
    await hotline.see(referral_id, "in_service")
    await withdraw(hotline, case, agreed.consent_id)
    await town.kill(HOTLINE)
    line.cut()
    line.mend()
    await town.restart(HOTLINE)
    told = await acknowledged(hotline, case)
    assert (told.member, list(told.deleted)) == (PROVINCE, ["D1", "D2"])
    there = (await province.see(referral_id, "in_service")).case_pseudonym
    assert await province.records(there) == {}
    # Who answers for her does not change: she was handed over, and goes on in care.
    assert (await province.case(there)).answerable == "answerable"
    for member in (HOTLINE, PROVINCE):
        await check_ledger(town, member)


async def test_what_nobody_opened_is_closed_at_once_though_nobody_is_reached(
    town, desks
):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    case = await hotline.open_case()
    agreed = await hotline.agree(case, "reception_shelter", PROVINCE)
    referral_id = await hotline.offer(case, PROVINCE)
    await province.see(referral_id, "offered")
    assert await part_keys(town, referral_id) == 2
    await town.kill(PROVINCE)
    await withdraw(hotline, case, agreed.consent_id)
    assert await part_keys(town, referral_id) == 0
    await town.kill(HOTLINE)
    await town.restart(HOTLINE)
    await town.restart(PROVINCE)
    await province.see(referral_id, "recalled")
    told = await acknowledged(hotline, case)
    assert list(told.deleted) == ["D1", "D2"]
    assert (await hotline.case(case)).answerable == "answerable"
