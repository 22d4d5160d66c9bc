"""The clock of a running node jumps: what is under way waits, and then arrives once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fault.ending import check_ledger
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork

FAKE = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
RECEIVED = """
SELECT count(*), count(DISTINCT v.event_id) FROM envelope_received AS v
INNER JOIN event AS e ON v.event_id = e.event_id
WHERE v.outcome = 'received' AND encode(e.referral_id, 'hex') IN ({})
"""
TRIED = """
SELECT count(*) FROM outbox
WHERE state = 'waiting' AND attempts > 1 AND encode(referral_id, 'hex') IN ({})
"""


class Hand:
    """The hand of one node's clock; a file that the node's C library reads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.put("+0")

    def put(self, by: str) -> None:
        """Put the clock ``by`` apart from the machine's, such as ``+1h``."""
        aside = self._file.with_name("aside")
        aside.write_text(by, "utf-8")
        aside.replace(self._file)


@asynccontextmanager
async def _clock_of(
    town: SmallNetwork, member: str, folder: Path, patch: pytest.MonkeyPatch
) -> AsyncIterator[Hand]:
    """The member's node, started anew with a clock that can be put."""
    hand = Hand(folder / "clock")
    with patch.context() as environment:
        environment.setenv("LD_PRELOAD", str(FAKE))
        environment.setenv("FAKETIME_TIMESTAMP_FILE", str(folder / "clock"))
        environment.setenv("FAKETIME_NO_CACHE", "1")
        environment.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        await town.kill(member)
        await town.restart(member)
    yield hand
    await town.kill(member)
    await town.restart(member)


@pytest.mark.skipif(
    FAKE is None and not os.environ.get("CI"), reason="no libfaketime here"
)
@pytest.mark.parametrize("by", ["+1h", "-1h"])
async def test_a_running_nodes_clock_that_jumps_loses_and_doubles_nothing(
    town, desks, tmp_path, monkeypatch, by
):
    giver, receiver = desks[HOTLINE], desks[PROVINCE]
    cluster = town.network.state.cluster

    async def offered() -> bytes:
        case = await giver.open_case()
        await giver.agree(case, "reception_shelter", receiver.name)
        made: bytes = await giver.offer(case, receiver.name)
        return made

    def asked(sql: str, member: str, referrals: list[bytes]) -> list[int]:
        named = ", ".join(f"'{each.hex()}'" for each in referrals)
        found = cluster.query(sql.format(named), database=member)
        return [int(each) for each in found.strip().split("|")]

    async with _clock_of(town, PROVINCE, tmp_path, monkeypatch) as clock:
        first = await offered()
        await giver.see(first, "offered", settled=True)
        clock.put(by)
        late = [await offered() for _ in range(2)]
        if by == "-1h":
            # Written in the future, as this node sees it: not yet, and not refused.
            while asked(TRIED, HOTLINE, late) < [2]:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
            assert asked(RECEIVED, PROVINCE, late) == [0, 0]
        clock.put("+0")
        for each in late:
            await giver.see(each, "offered", settled=True)
        assert asked(RECEIVED, PROVINCE, [first, *late]) == [3, 3]
    for member in (HOTLINE, PROVINCE):
        await check_ledger(town, member)
