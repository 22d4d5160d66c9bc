"""A node does what it owes because it was told so, and not because it looks at times.

One node of a network runs in this process, and the seconds after which its loops look
anyhow (ADR 0023) are an hour: whatever happens here was woken, or it does not happen.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from services.node.loops import owed, relay, timers
from tests.fault.desks import ACCEPT, Desk
from tests.fault.small_network import PROVINCE, SHELTER
from tests.fault.test_batch import running
from tests.fault.test_batch import vacancy as vacancy  # noqa: PLC0414 - a fixture
from tests.fault.test_exchange import offered
from tests.fault.test_withdrawal import acknowledged, withdraw

NEVER = 3600.0
SOON = 60
"""Seconds that a busy machine may need; a tenth of a second on an idle one."""
LOOKS = 8
"""Most looks of the relay at the database for one envelope and its receipt."""


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each loop looked; none of them looks by itself."""
    found: Counter[str] = Counter()
    for module in (owed, relay, timers):
        monkeypatch.setattr(module, "_LONGEST_SLEEP", NEVER)
    monkeypatch.setattr(relay, "_SLEEP_WHILE_SERVED", NEVER)

    def counted(of: type, name: str, what: str) -> None:
        looked: Callable[..., Any] = getattr(of, name)

        async def look(*given: Any) -> Any:
            found[what] += 1
            return await looked(*given)

        monkeypatch.setattr(of, name, look)

    counted(relay.Relay, "_dispatch", "relay")
    counted(timers.TimerLoop, "_ring_due", "timers")
    return found


async def test_a_node_is_woken_for_all_that_it_owes_and_waits_for_no_look(
    vacancy, desks, looks
):
    province: Desk = desks[PROVINCE]
    async with running(vacancy, whole=True) as inner, asyncio.timeout(SOON):
        shelter = inner.desk
        # What is sent, and its receipt.
        case = await shelter.open_case()
        agreed = await shelter.agree(case, "reception_shelter", PROVINCE)
        referral_id = await shelter.offer(case, PROVINCE)
        await shelter.see(referral_id, "offered", settled=True)
        assert looks["relay"] <= LOOKS, looks
        # An offer starts a clock: when it rings has to be looked at anew.
        assert looks["timers"] > 1, looks
        # The answer to an acceptance, and the acknowledgement of a recall.
        await province.see(referral_id, "offered")
        await province.step(referral_id, **ACCEPT)
        await shelter.see(referral_id, "in_service", settled=True)
        await withdraw(shelter, case, agreed.consent_id)
        await acknowledged(shelter, case)
        _, (back,) = await offered(province, SHELTER)
        await shelter.see(back, "offered", settled=True)
