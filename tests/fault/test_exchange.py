"""The line between two nodes cut, and acts that meet each other on the way.

The same envelope goes again with the same id and bytes, gets the first receipt and
has its effect once. Of acts that exclude each other one wins, at both ends the same.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import grpc
import pytest

from relais.desk.v1 import case_pb2
from relais.envelope.v1 import body_pb2
from tests.fault.desks import ACCEPT, Desk, code_of, insist, name_record, new_id
from tests.fault.ending import check_ledger, ending, ledger_size
from tests.fault.person import FIRST_NAME
from tests.fault.small_network import (
    HOTLINE,
    LIAISON,
    PROVINCE,
    SHELTER,
    Line,
    SmallNetwork,
)

RECALL: dict[str, Any] = {"recall": body_pb2.Recall(reason="other")}


async def offered(giver: Desk, *recipients: str) -> tuple[str, list[bytes]]:
    """A new case with the person's yes, and an offer of it to each."""
    case = await giver.open_case()
    for recipient in recipients:
        await giver.agree(case, "reception_shelter", recipient)
    return case, [await giver.offer(case, recipient) for recipient in recipients]


async def handed_over(giver: Desk, receiver: Desk) -> None:
    """One whole handoff, so that both ends know each other."""
    _, (referral_id,) = await offered(giver, receiver.name)
    await receiver.see(referral_id, "offered")
    await receiver.step(referral_id, **ACCEPT)
    for desk in (giver, receiver):
        await desk.see(referral_id, "in_service", settled=True)


async def sent(town: SmallNetwork, member: str, referral_id: bytes) -> list[int]:
    """How often each envelope of a referral was tried, in order."""
    async with town.database(member) as connection:
        rows = await connection.fetch(
            "SELECT attempts FROM outbox WHERE referral_id = $1 ORDER BY number",
            referral_id,
        )
    return [row["attempts"] for row in rows]


async def received(town: SmallNetwork, member: str, referral_id: bytes) -> list[str]:
    """The steps that arrived in a referral, in this ledger's order."""
    async with town.database(member) as connection:
        rows = await connection.fetch(
            "SELECT e.step FROM envelope_received AS v "
            "INNER JOIN ledger_leaf AS l ON v.digest = l.subject "
            "INNER JOIN event AS e ON v.event_id = e.event_id "
            "WHERE e.referral_id = $1 ORDER BY l.index",
            referral_id,
        )
    return [row["step"] for row in rows]


def lost_request(line: Line) -> None:
    line.keep_requests()


def lost_answer(line: Line) -> None:
    line.keep_answers()


@pytest.mark.parametrize("lost", [lost_request, lost_answer])
async def test_an_envelope_whose_line_is_cut_arrives_once_with_its_first_receipt(
    town, desks, lost: Callable[[Line], None]
):
    hotline, province, line = desks[HOTLINE], desks[PROVINCE], town.lines[PROVINCE]
    await handed_over(hotline, province)
    lost(line)
    case, (referral_id,) = await offered(hotline, PROVINCE)
    assert await asyncio.to_thread(line.has_kept.wait, 20)
    if lost is lost_answer:
        await province.see(referral_id, "offered")
        committed = await ledger_size(town, PROVINCE)
    line.cut()
    line.mend()
    await hotline.see(referral_id, "offered", settled=True)
    if lost is lost_answer:
        assert await ledger_size(town, PROVINCE) == committed
        (entry,) = [
            each for each in (await hotline.case(case)).timeline if each.delivery
        ]
        assert entry.receipt_index == committed - 1
    assert await received(town, PROVINCE, referral_id) == ["offer"]
    (attempts,) = await sent(town, HOTLINE, referral_id)
    assert attempts > 1
    await check_ledger(town, PROVINCE)


async def test_what_a_member_missed_while_it_was_down_comes_in_order(town, desks):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    await town.kill(PROVINCE)
    _, recalled = await offered(hotline, PROVINCE)
    await hotline.step(recalled[0], **RECALL)
    standing = [(await offered(hotline, PROVINCE))[1][0] for _ in range(3)]
    waiting = await hotline.see(recalled[0], "recalled")
    assert waiting.state == "recalled"
    await town.restart(PROVINCE)
    for referral_id in standing:
        await province.see(referral_id, "offered")
    await province.see(recalled[0], "recalled")
    await hotline.see(recalled[0], settled=True)
    assert await received(town, PROVINCE, recalled[0]) == ["offer", "recall"]
    for referral_id in standing:
        await hotline.see(referral_id, settled=True)
        assert await received(town, PROVINCE, referral_id) == ["offer"]


async def test_a_full_outbox_outlives_its_node(town, desks):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    before = await ledger_size(town, PROVINCE)
    with town.frozen(PROVINCE):
        case = await hotline.open_case()
        await hotline.agree(case, "reception_shelter", PROVINCE)
        offers = await asyncio.gather(
            *(hotline.offer(case, PROVINCE) for _ in range(20))
        )
        await town.kill(HOTLINE)
    await town.restart(HOTLINE)
    for referral_id in offers:
        await hotline.see(referral_id, "offered", settled=True)
        assert await received(town, PROVINCE, referral_id) == ["offer"]
    assert await ledger_size(town, PROVINCE) == before + len(offers)
    aliases = {(await province.see(each, "offered")).alias for each in offers}
    assert len(aliases) == 1


async def test_of_two_who_accept_one_transfer_at_once_exactly_one_gets_it(town, desks):
    hotline, takers = desks[HOTLINE], (desks[PROVINCE], desks[SHELTER])
    for taker in takers:
        await handed_over(hotline, taker)
    winners: Counter[str] = Counter()
    for _ in range(3):
        case, referrals = await offered(hotline, PROVINCE, SHELTER)
        town.lines[HOTLINE].keep_requests()
        for desk, referral_id in zip(takers, referrals, strict=True):
            await desk.see(referral_id, "offered")
            await desk.step(referral_id, **ACCEPT)
        assert await asyncio.to_thread(town.lines[HOTLINE].has_kept.wait, 20)
        town.lines[HOTLINE].pass_on()
        states = {}
        for desk, referral_id in zip(takers, referrals, strict=True):
            there = await desk.see(referral_id, "in_service", "void", settled=True)
            here = await hotline.see(referral_id, there.state, settled=True)
            states[desk.name] = here.state
        assert sorted(states.values()) == ["in_service", "void"]
        (winner,) = [name for name, state in states.items() if state == "in_service"]
        winners[winner] += 1
        answering = {
            desk.name: (await desk.case(await _case_of(desk, referral_id))).answerable
            for desk, referral_id in zip(takers, referrals, strict=True)
        }
        assert [n for n, is_ in answering.items() if is_ == "answerable"] == [winner]
        assert (await hotline.case(case)).answerable == "handed"
    assert sum(winners.values()) == 3


async def test_a_recall_before_the_acceptance_arrives_leaves_nothing_released(
    town, desks
):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    await handed_over(hotline, province)
    case, (referral_id,) = await offered(hotline, PROVINCE)
    await province.see(referral_id, "offered")
    town.lines[HOTLINE].keep_requests()
    await province.step(referral_id, **ACCEPT)
    assert await asyncio.to_thread(town.lines[HOTLINE].has_kept.wait, 20)
    await hotline.step(referral_id, **RECALL)
    town.lines[HOTLINE].pass_on()
    for desk in (hotline, province):
        await desk.see(referral_id, "void", settled=True)
    assert (await hotline.case(case)).answerable == "answerable"
    assert await province.records(await _case_of(province, referral_id)) == {}


async def test_a_recall_that_races_an_acceptance_never_wins_together_with_it(
    town, desks
):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    for _ in range(5):
        case, (referral_id,) = await offered(hotline, PROVINCE)
        await province.see(referral_id, "offered")
        answers = await asyncio.gather(
            hotline.step(referral_id, **RECALL),
            province.step(referral_id, **ACCEPT),
            return_exceptions=True,
        )
        for refused in answers:
            if isinstance(refused, BaseException):
                assert isinstance(refused, grpc.aio.AioRpcError)
                assert code_of(refused) == "step.not_lawful"
        lost = isinstance(answers[0], BaseException)
        outcomes = ("in_service",) if lost else ("void", "recalled")
        for desk in (hotline, province):
            await desk.see(referral_id, *outcomes, settled=True)
        answering = "handed" if lost else "answerable"
        assert (await hotline.case(case)).answerable == answering
        released = "release" in await received(town, PROVINCE, referral_id)
        assert released is lost


async def test_one_act_asked_for_many_times_at_once_is_one_event(town, desks):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    sizes = {each: await ledger_size(town, each) for each in (HOTLINE, PROVINCE)}
    case = await hotline.open_case()
    await hotline.agree(case, "reception_shelter", PROVINCE)
    offer, accept = new_id(), new_id()
    offers = await asyncio.gather(
        *(hotline.offer(case, PROVINCE, event_id=offer) for _ in range(5))
    )
    (referral_id,) = set(offers)
    await province.see(referral_id, "offered")
    answers = await asyncio.gather(
        *(province.step(referral_id, accept, **ACCEPT) for _ in range(5))
    )
    assert len({each.ledger_index for each in answers}) == 1
    assert len({each.digest for each in answers}) == 1
    for desk in (hotline, province):
        await desk.see(referral_id, "in_service", settled=True)
    ended = await ending(town, hotline, province, referral_id, sizes)
    assert [step for _, step, _ in ended.receiver.steps] == [
        "offer",
        "accept",
        "release",
    ]


async def test_thirty_acts_at_once_on_one_case_all_stand_or_are_refused(town, desks):
    hotline = desks[HOTLINE]
    case = await hotline.open_case()
    await hotline.agree(case, "reception_shelter", PROVINCE)
    before = await ledger_size(town, HOTLINE)
    acts = [
        *(hotline.agree(case, "medical_care", PROVINCE) for _ in range(10)),
        *(_add(hotline, case, f"D{number % 5 + 3}") for number in range(10)),
        *(hotline.offer(case, PROVINCE) for _ in range(10)),
    ]
    answers = await asyncio.gather(*acts, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, BaseException)]
    for each in refused:
        assert isinstance(each, grpc.aio.AioRpcError)
        assert code_of(each) == "store.busy"
    done = len(acts) - len(refused)
    assert done == len(acts)
    assert await ledger_size(town, HOTLINE) == before + done
    assert await check_ledger(town, HOTLINE) == before + done


async def test_two_offers_under_one_alias_become_one_case(desks):
    """Both are there before either is accepted."""
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    case = await hotline.open_case()
    await hotline.agree(case, "reception_shelter", PROVINCE)
    both = [await hotline.offer(case, PROVINCE) for _ in range(2)]
    for referral_id in both:
        await province.see(referral_id, "offered")
    for referral_id in both:
        await insist(partial(province.step, referral_id, **ACCEPT))
        await province.see(referral_id, "in_service", "void", settled=True)
    assert len({await _case_of(province, each) for each in both}) == 1


async def test_traffic_both_ways_at_once_arrives_both_ways(desks):
    """Proofs between two ledgers that grow at the same time cross on the wire."""
    province, liaison = desks[PROVINCE], desks[LIAISON]
    here, there = await province.open_case(), await liaison.open_case()
    await liaison.agree(there, "voluntary_return", PROVINCE)
    await province.agree(here, "emergency_protection", LIAISON)
    ways = [
        *((province, here, LIAISON, "tracing") for _ in range(15)),
        *((liaison, there, PROVINCE, "voluntary_return") for _ in range(15)),
    ]
    offers = await asyncio.gather(
        *(desk.offer(case, peer, kind) for desk, case, peer, kind in ways)
    )
    for (desk, _, peer, _), referral_id in zip(ways, offers, strict=True):
        await desk.see(referral_id, "offered", settled=True)
        await desks[peer].see(referral_id, "offered")


async def _add(desk: Desk, case: str, category: str) -> case_pb2.AddRecordResponse:
    record = name_record(FIRST_NAME)
    record.category = category
    return await desk.cases.AddRecord(
        case_pb2.AddRecordRequest(
            officer=desk.officer,
            event_id=new_id(),
            case_pseudonym=case,
            record=record,
        ),
        timeout=30,
    )


async def _case_of(desk: Desk, referral_id: bytes) -> str:
    return str((await desk.see(referral_id)).case_pseudonym)
