"""What rings at a member, asked of its node by an officer, on a driven clock."""

from __future__ import annotations

import asyncio
from datetime import datetime

from services.node.domain.bodies import Acceptance, Offer
from services.node.rpc.clock_values import ClockRead
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import ReferralRead
from tests.promised import promised

OFFICER = "officer-1"


async def drive(desks: dict[str, DeskClient], to: datetime) -> None:
    """Every node's case clock."""
    await asyncio.gather(*(each.set_case_clock("admin", to) for each in desks.values()))


async def accepted(desk: DeskClient, referral_id: bytes) -> None:
    """Whoever receives says yes, and that she is expected long after the test."""
    now = (await desk.get_status()).case_now
    await desk.take_step(OFFICER, referral_id, promised(now))


async def taken_up_with_nothing(ministry: DeskClient, of: bytes) -> None:
    """What the ministry takes up holds nothing about the person."""
    await ministry.take_step(OFFICER, of, Acceptance())
    taken = await ministry.await_referral(OFFICER, of, "in_service")
    assert await ministry.read_records(OFFICER, taken.case_pseudonym) == ()


def need(referral_type: str, priority: str) -> Offer:
    return Offer(
        referral_type=referral_type,
        priority=priority,
        services=(),
        age_band="18-23",
        sex="F",
        languages=("vie",),
        constraints=(),
        need="A safe place tonight.",
        need_language="eng",
        basis_ids=(),
    )


async def offered(
    desk: DeskClient,
    case: str,
    to: str,
    kind: str = "reception",
    how: str = "emergency",
) -> bytes:
    made = await desk.make_offer(OFFICER, case, to, need(kind, how), ())
    await desk.await_referral(OFFICER, made.referral_id, settled=True)
    return made.referral_id


async def clock(desk: DeskClient, case: str, deadline: str, of: bytes) -> ClockRead:
    read = await desk.list_clocks(OFFICER, case)
    (found,) = [
        each
        for each in read.clocks
        if each.deadline == deadline and each.referral_id == of
    ]
    return found


async def rang(
    desk: DeskClient, case: str, deadline: str, of: bytes, *levels: str
) -> ClockRead:
    """Wait until a clock rang up to these levels, and not further."""
    async with asyncio.timeout(30):
        while True:
            found = await clock(desk, case, deadline, of)
            if found.rang == levels:
                return found
            assert found.rang == levels[: len(found.rang)]
            await asyncio.sleep(0.05)


async def escalated(
    desk: DeskClient, case: str, deadline: str = "acknowledged"
) -> list[ReferralRead]:
    """What was escalated for this clock; the case has clocks of its own too."""
    read = await desk.get_case(OFFICER, case)
    sent = [each for each in read.referrals if each.referral_type == "escalation"]
    found = []
    for each in sent:
        said = await desk.get_referral(OFFICER, each.referral_id)
        (body, *_) = [step.body for step in said.steps if step.step == "offer"]
        assert isinstance(body, Offer)
        if f"deadline={deadline}" in body.need.split():
            found.append(each)
    return found
