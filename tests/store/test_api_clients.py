"""A program's key opens its scopes as its officer, at the node itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.node.domain.api_clients import Scope
from services.node.domain.errors import RelaisError
from services.node.rpc.api_client_values import ClientAsked
from services.node.rpc.api_clients import ApiClients
from services.node.rpc.callers import CALLERS, Listener
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.scopes import OPENED_BY
from tests.store.lodge import ADMINISTRATOR, BEGIN, OFFICER

ADMIN, WHO = ADMINISTRATOR.pseudonym, OFFICER.pseudonym


async def refused(awaited: Any) -> str:
    with pytest.raises(RelaisError) as error:
        await awaited
    return error.value.code


async def let(lodge, *scopes: str, officer: str = WHO, days: int = 30):
    asked = ClientAsked("register", officer, scopes, BEGIN + timedelta(days=days))
    async with ApiClients(lodge.socket) as clients:
        return await clients.invite_client(ADMIN, asked)


def test_every_row_of_scopes_is_a_local_method_and_none_signs_in():
    assert OPENED_BY.keys() - CALLERS.keys() == set()
    rows = [CALLERS[method] for method in OPENED_BY]
    assert {row.listener for row in rows} == {Listener.LOCAL}
    assert not any(row.before_sign_in for row in rows)


async def test_a_program_reads_and_cannot_write_with_a_key_to_read(lodge):
    invited = await let(lodge, "read_cases")
    program = lodge.gateway.acting(invited.key)
    assert await program.list_cases("") == ()
    assert (await program.get_status()).member == "lao-cai"
    opening = program.open_case("", "rescued")
    assert await refused(opening) == "client.scope_missing"
    assert await refused(program.list_members("")) == "client.scope_missing"
    assert await refused(program.show_names("", ())) == "client.not_for_programs"


async def test_what_a_program_does_stands_under_its_officer_and_is_kept(lodge):
    invited = await let(lodge, "read_cases", "write_cases")
    program = lodge.gateway.acting(invited.key)
    case = (await program.open_case("", "rescued")).case_pseudonym
    found = await program.get_case("", case)
    assert {each.actor for each in found.timeline} == {WHO}
    looks = await lodge.desk.list_access(WHO, case)
    assert [(e.officer, e.listener, e.what) for e in looks] == [
        (WHO, "program", "CaseService/GetCase")
    ]


async def test_a_programs_officer_has_to_be_allowed_too(lodge):
    every = await let(lodge, *Scope)
    program = lodge.gateway.acting(every.key)
    officer = OfficerRead("moi", "administrator", "office", active=True)
    assert await refused(program.keep_officer("", officer)) == "people.role_may_not"
    assert await refused(program.review_access("")) == "people.role_may_not"


async def test_no_program_lets_in_another_or_signs_anybody_in(lodge):
    every = await let(lodge, *Scope, officer=ADMIN)
    asked = ClientAsked("x", WHO, ("read_cases",), BEGIN + timedelta(days=1))
    async with ApiClients(lodge.socket, session=every.key) as clients:
        for act in (
            clients.invite_client("", asked),
            clients.revoke_client("", every.client_id),
        ):
            assert await refused(act) == "client.not_for_programs"
    web = lodge.web.acting(every.key)
    assert await refused(web.invite_officer("", WHO)) == "client.not_for_programs"
    assert await refused(web.lock_session()) == "client.not_for_programs"
    assert await refused(web.get_session()) == "client.not_for_programs"


async def test_a_program_learns_what_its_key_opens(lodge):
    invited = await let(lodge, "directory", "read_cases")
    async with ApiClients(lodge.socket, session=invited.key) as clients:
        seen = await clients.get_client()
        assert seen.client.scopes == ("directory", "read_cases")
        assert (seen.member, seen.client.officer) == ("lao-cai", WHO)
    async with ApiClients(lodge.socket) as clients:
        (listed,) = await clients.list_clients(ADMIN)
        assert listed.used_on == "2026-03-02"
    token = await lodge.enter(WHO)
    async with ApiClients(lodge.socket, session=token) as clients:
        assert await refused(clients.get_client()) == "client.no_key"


async def test_a_key_that_was_taken_back_ran_out_or_whose_officer_left_is_dead(lodge):
    back, left, old = (
        await let(lodge, "read_cases"),
        await let(lodge, "read_cases"),
        await let(lodge, "read_cases", days=1),
    )
    async with ApiClients(lodge.socket) as clients:
        await clients.revoke_client(ADMIN, back.client_id)
        again = clients.revoke_client(ADMIN, back.client_id)
        assert await refused(again) == "client.unknown"
    for key in (back.key, "rk_" + "A" * 43):
        program = lodge.gateway.acting(key)
        assert await refused(program.list_cases("")) == "client.ended"
    lodge.clock.wait(days=1)
    assert await refused(lodge.gateway.acting(old.key).list_cases("")) == "client.ended"
    program = lodge.gateway.acting(left.key)
    assert await program.list_cases("") == ()
    gone = OfficerRead(WHO, OFFICER.role, OFFICER.unit, active=False)
    await lodge.desk.keep_officer(ADMIN, gone)
    assert await refused(program.list_cases("")) == "client.ended"
    await lodge.desk.keep_officer(ADMIN, OFFICER)
    assert await refused(program.list_cases("")) == "client.ended"


async def test_a_signed_in_administrator_proves_anew_before_letting_in(lodge):
    token = await lodge.enter(ADMIN)
    asked = ClientAsked("x", WHO, ("read_cases",), BEGIN + timedelta(days=9))
    async with ApiClients(lodge.socket, session=token) as clients:
        await clients.invite_client("", asked)
        lodge.clock.wait(minutes=5)
        assert await refused(clients.invite_client("", asked)) == (
            "sign_in.reauthenticate"
        )
    nobody = let(lodge, "read_cases", officer="nobody")
    assert await refused(nobody) == "people.unknown_officer"
    assert await lodge.events(WHO) == ["admission_asked"]


async def test_the_database_never_holds_a_key(lodge, stored):
    invited = await let(lodge, "read_cases")
    await lodge.gateway.acting(invited.key).list_cases("")
    assert invited.key not in stored()
    assert invited.key.encode().hex() not in stored()


async def test_pages_of_cases_go_on_where_the_last_ended(lodge):
    opened = [
        (await lodge.desk.open_case(WHO, "rescued")).case_pseudonym for _ in range(3)
    ]
    first = await lodge.desk.list_cases(WHO, 2)
    second = await lodge.desk.list_cases(WHO, 2, offset=2)
    pages = [each.case_pseudonym for each in (*first, *second)]
    assert sorted(pages) == sorted(opened)
