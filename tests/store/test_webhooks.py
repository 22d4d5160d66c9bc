"""What becomes of an event in the database: told, tried again, given up."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from services.node.domain.api_clients import ClientTerms
from services.node.domain.people import Officer, Role
from services.node.flows.admissions import Asking, let_in
from services.node.flows.tell import settle, take
from services.node.flows.webhooks import EndpointAsked, endpoints, register, send_test
from services.node.rpc.desk_values import OfficerRead
from services.node.store import webhooks as store

BOSS = Officer("quan-tri", Role.ADMINISTRATOR, "office", active=True)
HOURS = timedelta(hours=1)


@pytest.fixture
async def endpoint(lodge):
    """An endpoint of a program that acts as the officer."""
    now = lodge.clock.wire
    terms = ClientTerms("register", "can-bo-1", ("read_cases",), now + 200 * HOURS)
    let = await let_in(lodge.own, Asking(BOSS, now, alone=True), terms)
    asked = EndpointAsked(let.client_id, "https://r.example/", ("case.changed",))
    return await register(lodge.own, BOSS, asked, (), now)


async def taken(lodge, endpoint):
    """What is told next."""
    found = await take(lodge.own, endpoint.endpoint_id, lodge.clock.wire)
    assert found is not None
    return found


async def shown(lodge):
    (found,) = await endpoints(lodge.own, lodge.clock.wire, 10, 0)
    return found


async def test_a_case_is_told_once_written_and_not_before(lodge, endpoint):
    own, now = lodge.own, lodge.clock.wire
    assert await take(own, endpoint.endpoint_id, now) is None
    opened = await lodge.desk.open_case("can-bo-1", "rescued")
    telling = await taken(lodge, endpoint)
    assert json.loads(telling.body)["data"] == {"case": opened.case_pseudonym}
    # Leased: nobody else tries the same meanwhile.
    assert await take(own, endpoint.endpoint_id, now) is None
    assert await settle(own, telling, 204, "", now) == ""
    assert await take(own, endpoint.endpoint_id, now) is None
    assert (await shown(lodge)).waiting == 0


async def test_whoever_disables_it_while_it_answers_does_not_block_it(lodge, endpoint):
    await lodge.desk.open_case("can-bo-1", "rescued")
    telling, now = await taken(lodge, endpoint), lodge.clock.wire
    async with lodge.own.database.transaction() as connection:
        await store.failed(connection, endpoint.endpoint_id, now, now, "")
        settling = asyncio.create_task(settle(lodge.own, telling, 204, "", now))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await connection.fetchval(waiting):
            pass
        assert await store.disable(connection, endpoint.endpoint_id, now, "gone")
    assert await settling == ""
    assert (await shown(lodge)).disabled_at == now


async def test_after_three_days_of_failing_it_gives_up_and_says_so(lodge, endpoint):
    own = lodge.own
    await lodge.desk.open_case("can-bo-1", "rescued")
    await lodge.desk.open_case("can-bo-1", "rescued")
    begun = lodge.clock.wire
    tries, numbers = 0, set()
    while not (await shown(lodge)).disabled_at:
        lodge.clock.wire = max(lodge.clock.wire, (await shown(lodge)).next_try_at)
        telling = await taken(lodge, endpoint)
        numbers.add(telling.headers["webhook-id"])
        await settle(own, telling, 0, "unreachable", lodge.clock.wire)
        tries += 1
    found = await shown(lodge)
    assert (found.disabled_why, found.given_up, found.waiting) == ("failing", 2, 0)
    assert timedelta(days=3) <= found.disabled_at - begun < timedelta(days=3.5)
    assert 20 < tries < 60
    assert len(numbers) == 1
    await lodge.desk.open_case("can-bo-1", "rescued")
    assert (await shown(lodge)).waiting == 0


async def test_a_success_in_between_begins_the_three_days_anew(lodge, endpoint):
    own = lodge.own
    for _ in range(2):
        await send_test(own, endpoint.endpoint_id, lodge.clock.wire)
    for status in (500, 204, 500):
        lodge.clock.wire = max(lodge.clock.wire, (await shown(lodge)).next_try_at)
        telling = await taken(lodge, endpoint)
        assert await settle(own, telling, status, "", lodge.clock.wire) == ""
        lodge.clock.wait(hours=40)
    found = await shown(lodge)
    assert (found.failures, found.disabled_why) == (1, "")


async def test_a_program_whose_officer_left_is_told_nothing(lodge, endpoint):
    await lodge.desk.open_case("can-bo-1", "rescued")
    left = OfficerRead("can-bo-1", "officer", "unit-1", active=False)
    await lodge.desk.keep_officer("quan-tri", left)
    assert await take(lodge.own, endpoint.endpoint_id, lodge.clock.wire) is None
    assert (await shown(lodge)).disabled_why == "program_ended"


async def test_the_secret_stands_sealed(lodge, endpoint):
    row = await shown(lodge)
    assert endpoint.secret.removeprefix("whsec_").encode() not in row.sealed
    assert endpoint.secret not in repr(endpoint)
