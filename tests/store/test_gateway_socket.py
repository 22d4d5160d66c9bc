"""The gateway's socket serves those who are signed in, and every look is kept."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.node.domain.errors import RelaisError
from services.node.domain.records import Answer, CategoryRecord
from services.node.domain.sheets import LooksAsked
from services.node.rpc.callers import CALLERS, Listener
from services.node.rpc.errors import from_rpc_error
from tests.store.lodge import ADMINISTRATOR, AUDITOR, COLLEAGUE, OFFICER

WHO, OTHER = OFFICER.pseudonym, COLLEAGUE.pseudonym
ADMIN = ADMINISTRATOR.pseudonym
D1 = CategoryRecord("D1", (Answer("prs_Gender", ("1",)),))
BEFORE_SIGN_IN = {
    "/grpc.health.v1.Health/Check",
    "/relais.desk.v1.DocumentService/VerifyDocument",
    "/relais.desk.v1.SignInService/BeginEnrolment",
    "/relais.desk.v1.SignInService/BeginPasskeySignIn",
    "/relais.desk.v1.SignInService/ConfirmEnrolment",
    "/relais.desk.v1.SignInService/EnrolPassword",
    "/relais.desk.v1.SignInService/FinishPasskeySignIn",
    "/relais.desk.v1.SignInService/SignIn",
}


async def refused(awaited) -> str:
    """The code with which something is refused."""
    with pytest.raises(RelaisError) as error:
        await awaited
    return error.value.code


async def looks(lodge, **asked: Any) -> list[tuple[str, str, str]]:
    """Officer, what and outcome of every look, oldest first."""
    found = await lodge.desk.review_access(AUDITOR.pseudonym, **asked)
    return [(each.officer, each.what, each.outcome) for each in reversed(found)]


async def test_without_a_session_only_sign_in_and_health_are_served(lodge):
    served = set()
    for method, row in CALLERS.items():
        if row.listener is not Listener.LOCAL or "Reflection" in method:
            continue
        call = lodge.gateway.channel.unary_unary(
            method, request_serializer=bytes, response_deserializer=bytes
        )
        try:
            await call(b"", timeout=5)
            served.add(method)
        except grpc.aio.AioRpcError as error:
            if from_rpc_error(error).code != "sign_in.needed":
                served.add(method)
    streams = {"/grpc.health.v1.Health/Watch"}
    assert served - streams == BEFORE_SIGN_IN


async def test_watching_health_and_listing_services_ask_for_a_session_too(lodge):
    stub: Any = health_pb2_grpc.HealthStub(lodge.gateway.channel)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        async for _ in stub.Watch(health_pb2.HealthCheckRequest(), timeout=5):
            pass
    assert from_rpc_error(error.value).code == "sign_in.needed"


async def test_a_token_that_was_made_up_opens_nothing(lodge):
    made_up = lodge.gateway.acting("A" * 43)
    assert await refused(made_up.list_cases("")) == "sign_in.over"
    at_desk = lodge.desk.acting("A" * 43)
    assert await refused(at_desk.list_cases(WHO)) == "sign_in.over"


async def test_a_session_stands_for_its_officer_and_nobody_else(lodge):
    token = await lodge.enter(WHO)
    for client in (lodge.gateway.acting(token), lodge.desk.acting(token)):
        opened = await client.open_case("", "rescued", event_id=b"")
        assert opened.case_pseudonym
        await client.open_case(WHO, "rescued")
        another = client.open_case(OTHER, "rescued")
        assert await refused(another) == "sign_in.another_officer"
        administration = client.keep_officer("", OFFICER)
        assert await refused(administration) == "people.role_may_not"
    found = await lodge.desk.get_case(WHO, opened.case_pseudonym)
    assert {each.actor for each in found.timeline} == {WHO}


async def test_who_works_here_is_shown_to_administrators_only(lodge):
    """And how others are reached; the command line at the host asks without one."""
    at_web = lodge.gateway.acting(await lodge.enter(WHO))
    assert await refused(at_web.list_officers()) == "people.role_may_not"
    assert await refused(at_web.probe_peer("yen-bai")) == "people.role_may_not"
    administrator = lodge.gateway.acting(await lodge.enter(ADMIN))
    assert {each.pseudonym for each in await administrator.list_officers()} >= {WHO}
    assert await lodge.desk.list_officers()


async def test_an_administrator_makes_herself_nobody_who_reads_cases(lodge):
    """Nor anybody else without a recent proof of who she is."""
    herself = replace(ADMINISTRATOR, role=OFFICER.role, unit=OFFICER.unit)
    at_web = lodge.gateway.acting(await lodge.enter(ADMIN))
    assert await refused(at_web.keep_officer("", herself)) == "people.oneself"
    assert await refused(lodge.desk.keep_officer(ADMIN, herself)) == "people.oneself"
    await at_web.keep_officer("", ADMINISTRATOR)
    await at_web.keep_officer("", COLLEAGUE)
    lodge.clock.wait(minutes=6)
    again = at_web.keep_officer("", COLLEAGUE)
    assert await refused(again) == "sign_in.reauthenticate"


async def test_whose_unit_changes_signs_in_anew(lodge):
    """No session outlives what it was begun for."""
    at_web = lodge.gateway.acting(await lodge.enter(WHO))
    await at_web.list_cases("")
    await lodge.desk.keep_officer(ADMIN, OFFICER)
    await at_web.list_cases("")
    await lodge.desk.keep_officer(ADMIN, replace(OFFICER, unit="another-unit"))
    assert await refused(at_web.list_cases("")) == "sign_in.over"
    await lodge.desk.keep_officer(ADMIN, OFFICER)


async def test_an_administrator_who_is_signed_in_invites_after_a_recent_proof(lodge):
    token = await lodge.enter(ADMIN)
    web = lodge.web.acting(token)
    await web.invite_officer("", WHO)
    lodge.clock.wait(minutes=5)
    assert await refused(web.invite_officer("", WHO)) == "sign_in.reauthenticate"


async def test_a_whole_log_is_given_out_after_a_recent_proof(lodge):
    at_web = lodge.gateway.acting(await lodge.enter(AUDITOR.pseudonym))
    await at_web.ask_sheet("", LooksAsked())
    (waits,) = await lodge.desk.list_admissions(ADMIN)
    await lodge.desk.answer_admission(ADMIN, waits.admission_id, confirmed=True)
    assert [page async for page in at_web.export_access("")]
    lodge.clock.wait(minutes=5)
    with pytest.raises(RelaisError) as stale:
        assert not [page async for page in at_web.export_access("")]
    assert stale.value.code == "sign_in.reauthenticate"


async def test_every_look_is_kept_with_what_came_of_it(lodge):
    token = await lodge.enter(WHO)
    gateway = lodge.gateway.acting(token)
    case = (await gateway.open_case("", "rescued", [D1])).case_pseudonym
    await gateway.read_records("", case)
    await gateway.get_case("", case)
    await gateway.list_cases("")
    await refused(gateway.read_records("", "R-0000-0101"))
    await refused(lodge.gateway.read_records("", case))
    await refused(lodge.desk.read_records(ADMIN, case))
    await lodge.desk.read_records(OTHER, case)
    assert await looks(lodge) == [
        (WHO, "CaseService/ReadRecords", "ok"),
        (WHO, "CaseService/GetCase", "ok"),
        (WHO, "CaseService/ListCases", "ok"),
        (WHO, "CaseService/ReadRecords", "case.unknown"),
        ("", "CaseService/ReadRecords", "sign_in.needed"),
        (ADMIN, "CaseService/ReadRecords", "people.role_may_not"),
        (OTHER, "CaseService/ReadRecords", "ok"),
    ]
    rows = await lodge.desk.review_access(AUDITOR.pseudonym, refused=True)
    assert {each.outcome for each in rows} == {
        "case.unknown",
        "sign_in.needed",
        "people.role_may_not",
    }
    of_case = await lodge.desk.list_access(WHO, case)
    assert [(e.officer, e.unit, e.listener) for e in of_case] == [
        (OTHER, "unit-2", "local"),
        (ADMIN, "office", "local"),
        ("", "", "gateway"),
        (WHO, "unit-1", "gateway"),
        (WHO, "unit-1", "gateway"),
    ]


async def test_a_look_that_cannot_be_kept_is_not_answered(lodge, fresh):
    case = (await lodge.desk.open_case(WHO, "rescued", [D1])).case_pseudonym
    assert len(await lodge.desk.read_records(WHO, case)) == 1
    fresh.as_superuser(
        "ALTER TABLE access ADD CONSTRAINT nothing_more CHECK (number < 0) NOT VALID"
    )
    assert await refused(lodge.desk.read_records(WHO, case)) == "store.unfit"


async def test_another_units_case_asks_for_a_reason_that_is_kept_sealed(lodge, stored):
    first, second = await lodge.enter(WHO), await lodge.enter(OTHER)
    mine, theirs = lodge.gateway.acting(first), lodge.gateway.acting(second)
    case = (await mine.open_case("", "rescued", [D1])).case_pseudonym
    await mine.read_records("", case)
    assert await refused(theirs.read_records("", case)) == "access.reason_needed"
    assert await refused(theirs.get_plan("", case)) == "access.reason_needed"
    why = "thay ca đêm, người nhà gọi"
    explained = lodge.gateway.acting(second, why)
    assert len(await explained.read_records("", case)) == 1
    kept = (await lodge.desk.list_access(WHO, case, limit=1))[0]
    assert (kept.officer, kept.reason, kept.outcome) == (OTHER, why, "ok")
    assert why not in stored()
    assert why.encode().hex() not in stored()


async def test_a_unit_that_acted_in_a_case_works_on_it(lodge):
    first, second = await lodge.enter(WHO), await lodge.enter(OTHER)
    case = (await lodge.gateway.acting(first).open_case("", "rescued")).case_pseudonym
    theirs = lodge.gateway.acting(second)
    needed = "access.reason_needed"
    assert await refused(theirs.add_record("", case, D1)) == needed
    assert await refused(theirs.read_records("", case)) == needed
    await lodge.gateway.acting(second, "thay ca đêm").add_record("", case, D1)
    assert len(await theirs.read_records("", case)) == 1


async def test_what_was_typed_in_place_of_a_case_is_kept_nowhere(lodge, stored):
    token = await lodge.enter(WHO)
    typed = "Người Không Có Thật"
    for call in (
        lodge.gateway.acting(token).read_records("", typed),
        lodge.gateway.acting(token).list_access("", typed),
        lodge.web.sign_in(typed, "not these words", "000000"),
    ):
        with suppress(RelaisError):
            await call
    assert typed not in stored()
    assert typed.encode().hex() not in stored()


async def test_a_gateway_keeps_prints_and_gets_their_numbers(lodge):
    token = await lodge.enter(WHO)
    gateway = lodge.gateway.acting(token)
    case = (await gateway.open_case("", "rescued")).case_pseudonym
    first = await gateway.record_access("", "print", case=case)
    second = await gateway.record_access("", "export", case=case)
    assert second > first
    found = await gateway.list_access("", case)
    assert [(each.number, each.what) for each in found] == [
        (second, "export"),
        (first, "print"),
    ]
    unknown = gateway.record_access("", "gossip", case=case)
    assert await refused(unknown) == "access.unknown_look"


async def test_pages_of_looks_go_on_before_a_number(lodge):
    for _ in range(5):
        await lodge.desk.list_cases(WHO)
    newest = await lodge.desk.review_access(AUDITOR.pseudonym, limit=2)
    older = await lodge.desk.review_access(
        AUDITOR.pseudonym, WHO, limit=2, before=newest[-1].number
    )
    assert [each.number for each in newest + older] == sorted(
        (each.number for each in newest + older), reverse=True
    )
    assert len({each.number for each in newest + older}) == 4


async def test_many_looks_at_once_are_all_kept(lodge):
    await asyncio.gather(*(lodge.desk.list_cases(WHO) for _ in range(20)))
    assert len(await looks(lodge, limit=100)) == 20
