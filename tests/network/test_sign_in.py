"""A real node's gateway socket: sign-in over processes, and through a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cli.network import Network
from services.cli.office import ADMINISTRATOR, AUDITOR, OFFICE, enter
from services.node.domain.errors import RelaisError
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_client import SignInClient
from tests.network.part_of_vietnam import part_of_vietnam
from tests.store.lodge import totp

NODE = "lao-cai"
OFFICER = OfficerRead("can-bo-1", "officer", "unit-1", active=True)
PASSWORD = "bốn con ngựa đứng yên"


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with part_of_vietnam(
        [NODE, "ministry", "hotline-hanoi"], "2018-03-05T08:00:00+07:00"
    ) as network:
        yield network


@pytest.fixture
def gateway(network: Network) -> Path:
    return network.config(NODE).local.gateway_socket


async def test_an_officer_signs_in_at_a_running_node_and_stays_so(network, gateway):
    socket = network.local_socket(NODE)
    assert gateway == socket.with_name("lao-cai.gateway.sock")
    async with SignInClient(socket, NODE) as door:
        await enter(door, (*OFFICE, OFFICER))
        invited = await door.invite_officer(ADMINISTRATOR, OFFICER.pseudonym)
    async with SignInClient(gateway, NODE) as web:
        secret = (await web.enrol_password(invited.code, PASSWORD)).totp_secret
        now = datetime.now(UTC)
        await web.confirm_enrolment(invited.code, totp(secret, now))
        # The next step's code is good already, and was not used.
        code = totp(secret, now, off=1)
        token = (await web.sign_in(OFFICER.pseudonym, PASSWORD, code)).token
    async with DeskClient(gateway, NODE, session=token) as desk:
        case = (await desk.open_case("", "rescued")).case_pseudonym
        await desk.read_records("", case)
    await asyncio.to_thread(network.kill, NODE)
    await asyncio.to_thread(network.restart, NODE)
    async with DeskClient(gateway, NODE) as desk:
        with pytest.raises(RelaisError) as refused:
            await desk.read_records("", case)
        assert refused.value.code == "sign_in.needed"
        await desk.acting(token).read_records("", case)
        found = await desk.acting(token).list_access("", case)
        assert [(each.officer, each.listener, each.outcome) for each in found] == [
            (OFFICER.pseudonym, "gateway", "ok"),
            ("", "gateway", "sign_in.needed"),
            (OFFICER.pseudonym, "gateway", "ok"),
        ]
    async with DeskClient(socket, NODE) as desk:
        reviewed = await desk.review_access(AUDITOR, OFFICER.pseudonym)
        assert {each.what for each in reviewed} >= {"CaseService/ReadRecords"}
