"""What a case is in, through the database: sealed, read back, and taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.node.domain.case_details import CaseDetails
from services.node.domain.case_states import CaseState, Phase
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.functions import Function
from services.node.domain.policy import TABLES, parse_policy
from services.node.flows.case_standing import (
    Moving,
    case_now,
    moved,
    placed_at,
    state_write,
    taken_back,
    unborn,
)
from services.node.flows.vault import DataKey
from services.node.store import case_states
from services.node.store.writes import execute_writes, insert_case
from services.node.wire.standings import decode_standing

SEEDS = Path(__file__).resolve().parents[2] / "deploy" / "policy" / "vietnam-2018"
FUNCTIONS = frozenset({Function.PROVINCE_SOCIAL, Function.POLICE})
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def policy():
    return parse_policy(
        "test", {name: (SEEDS / f"{name}.csv").read_bytes() for name in TABLES}
    )


@pytest.fixture
async def case(database, made):
    case = made.case()
    async with database.transaction() as connection:
        await execute_writes(connection, [insert_case(case)])
    return case


@pytest.fixture
def key(made):
    return DataKey(made.id(), b"k" * 32)


@pytest.fixture
def move(database, made, policy, case, key):
    """Moves the case by one act an hour, and gives the event's id."""
    clock = iter(range(100))

    async def act(name, **details):
        moving = Moving(
            made.id(), made.now + next(clock) * HOUR, CaseDetails(**details)
        )
        async with database.transaction() as connection:
            now = (
                unborn(moving.at)
                if name == "open"
                else await case_now(connection, case, key)
            )
            transition = policy.case_steps.next(
                now.standing, CaseAct(name), FUNCTIONS, moving.at.date()
            )
            after = moved(policy, now, transition, moving)
            row = state_write(case.case_id, key, after, transition.row, moving)
            await execute_writes(connection, [row])
        return moving.event_id

    return act


async def now_of(database, case, key):
    async with database.connection() as connection:
        return await case_now(connection, case, key)


async def test_a_case_without_a_row_is_at_the_begin_of_its_phase(database, case, key):
    now = await now_of(database, case, key)
    assert (now.standing.phase, now.standing.state) == (
        Phase.RECEPTION,
        CaseState.NOTIFIED,
    )
    assert now.since == case.opened_at


async def test_acts_add_up_and_what_is_about_the_person_is_sealed(
    fresh, database, made, case, key, move
):
    for act in ("open", "receive", "start_verification"):
        await move(act)
    await move("decide_not_victim", decided_by="Police")
    await move("place", placement="relatives")
    now = await now_of(database, case, key)
    assert now.standing.state is CaseState.PLACED
    assert now.standing.beside == frozenset({CaseState.STATUS_NOT_VICTIM})
    assert now.placement == "relatives"
    assert now.since == made.now + 4 * HOUR
    # Received at 1 h in March 2026: the law of 2024 gives 120 days from then.
    assert now.clocks.essential_needs_until == made.now + HOUR + timedelta(days=120)
    clear = fresh.as_superuser("SELECT phase, state FROM case_state ORDER BY number")
    assert clear.splitlines() == [
        "reception|notified",
        "reception|received",
        "reception|received",
        "reception|received",
        "reception|placed",
    ]
    dumped = fresh.as_superuser("SELECT encode(sealed, 'escape') FROM case_state")
    assert "not_victim" not in dumped
    assert "relatives" not in dumped


async def test_a_refused_step_takes_the_case_back(database, made, case, key, move):
    await move("open")
    await move("receive")
    refused = await move("place", placement="home")
    again = Moving(made.id(), made.now + 9 * HOUR)
    async with database.transaction() as connection:
        back = await taken_back(connection, case.case_id, key, refused, again)
        assert back is not None
        await execute_writes(connection, [back.write])
    now = await now_of(database, case, key)
    assert (now.standing.state, now.placement) == (CaseState.RECEIVED, "")
    assert now.since == made.now + HOUR


async def test_a_case_that_moved_on_since_stays(database, made, case, key, move):
    refused = await move("open")
    moving = Moving(made.id(), made.now + 9 * HOUR)
    async with database.connection() as connection:
        # Nothing was before the first event.
        assert not await taken_back(connection, case.case_id, key, refused, moving)
    refused = await move("receive")
    await move("assess_needs")
    async with database.connection() as connection:
        assert not await taken_back(connection, case.case_id, key, refused, moving)


async def test_follow_ups_count_from_the_last_placement(
    database, made, case, key, move
):
    for act in ("open", "receive"):
        await move(act)
    await move("place", placement="home")
    await move("report_left")
    await move("receive")
    await move("place", placement="establishment")
    async with database.connection() as connection:
        rows = await case_states.case_states_of(connection, case.case_id)
    records = tuple(
        decode_standing(key.open("case_state", row.event_id, row.nonce, row.sealed))
        for row in rows
    )
    assert placed_at(records[:2]) is None
    assert placed_at(records[:3]) == made.now + 2 * HOUR
    assert placed_at(records) == made.now + 5 * HOUR
    await move("place", placement="relatives")
    assert (await now_of(database, case, key)).since == made.now + 6 * HOUR
    await move("assess_needs")
    assert (await now_of(database, case, key)).since == made.now + 6 * HOUR
