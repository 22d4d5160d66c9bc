"""The access log: found by what an auditor asks, exported whole, pruned and told of."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from services.node.clocks import RealClocks
from services.node.domain.errors import RelaisError
from services.node.loops.access_log import prune_once
from services.node.rpc.sign_in_values import Period
from tests.store.lodge import ADMINISTRATOR, AUDITOR, OFFICER

WHO, LOOKER, ADMIN = OFFICER.pseudonym, AUDITOR.pseudonym, ADMINISTRATOR.pseudonym


TODAY = RealClocks()
"""The database goes by its own clock, so the node has to, too."""


async def exported(desk, officer=LOOKER, **asked):
    async with aclosing(desk.export_access(officer, **asked)) as pages:
        return [row async for page in pages for row in page]


OLD = """
INSERT INTO access (
    access_id, officer, role, unit, listener, what, case_pseudonym, subject_id,
    outcome, at
)
SELECT
    decode(lpad(to_hex(n), 32, '0'), 'hex'), '{officer}', 'officer', 'unit-1', 'local',
    'GetCase', '', '', 'ok', now() - interval '{years} years' + n * interval '1 second'
FROM generate_series(1, {how_many}) AS n
"""


def old_looks(fresh, how_many, years, *, officer="gone"):
    fresh.as_superuser(OLD.format(how_many=how_many, years=years, officer=officer))


async def test_looks_are_found_by_case_officer_refusal_and_period(lodge):
    case = (await lodge.desk.open_case(WHO, "rescued")).case_pseudonym
    await lodge.desk.get_case(WHO, case)
    lodge.clock.wait(hours=2)
    later = lodge.clock.wire
    await lodge.desk.list_cases(WHO)
    with pytest.raises(RelaisError):
        await lodge.desk.get_case(ADMIN, case)

    async def found(**asked):
        rows = await lodge.desk.review_access(LOOKER, **asked)
        return [(row.officer, row.what, row.outcome) for row in rows]

    mine = (WHO, "CaseService/GetCase", "ok")
    refused = (ADMIN, "CaseService/GetCase", "people.role_may_not")
    assert await found(case=case) == [refused, mine]
    assert await found(case=case.lower().replace("-", "")) == [refused, mine]
    assert await found(case=case, refused=True) == [refused]
    assert await found(case=case, pseudonym=WHO) == [mine]
    assert await found(case=case, period=Period(since=later)) == [refused]
    assert await found(case=case, period=Period(until=later)) == [mine]
    assert await found(case="R-0000-0000") == []
    assert await found(period=Period(since=later), pseudonym=WHO) == [
        (WHO, "CaseService/ListCases", "ok")
    ]
    nothing = Period(since=later + timedelta(days=1))
    assert await found(period=nothing) == []


LOOKED = """
INSERT INTO access (
    access_id, officer, role, unit, listener, what, case_pseudonym, subject_id,
    outcome, at
)
SELECT
    substring(sha256(('{officer} {at} ' || n)::bytea) FOR 16), '{officer}', '{role}',
    'unit-1', 'gateway', 'CaseService/ReadRecords', 'R-' || n, '', '{outcome}', '{at}'
FROM generate_series(1, {how_many}) AS n
"""


def looked(fresh, officer, how_many, at, role="officer", outcome="ok"):
    fresh.as_superuser(
        LOOKED.format(
            officer=officer, how_many=how_many, at=at, role=role, outcome=outcome
        )
    )


async def test_days_of_much_of_nights_and_of_refusals_are_shown_to_the_auditor(
    lodge, fresh
):
    """By the day of Viet Nam; operators of a hotline work at night."""
    today = lodge.clock.wire.date()
    day, night = f"{today} 03:00Z", f"{today} 16:00Z"
    looked(fresh, "busy", 40, day)
    looked(fresh, "usual", 39, day)
    looked(fresh, "late", 5, night)
    looked(fresh, "hotline", 30, night, role="operator")
    looked(fresh, "stopped", 10, day, outcome="people.role_may_not")
    looked(fresh, "long-ago", 99, f"{today - timedelta(days=40)} 03:00Z")
    found = (await lodge.desk.list_unusual(LOOKER)).days
    shown = {each.officer: (each.cases, each.at_night, each.refused) for each in found}
    assert shown == {"busy": (40, 0, 0), "late": (5, 5, 0), "stopped": (10, 0, 10)}
    with pytest.raises(RelaisError):
        await lodge.desk.list_unusual(WHO)


async def test_an_export_is_whole_and_itself_a_look(lodge, fresh):
    old_looks(fresh, 1201, 1)
    rows = await exported(lodge.desk, pseudonym="gone")
    assert len(rows) == len({row.number for row in rows}) == 1201
    (newest,) = await lodge.desk.review_access(LOOKER, LOOKER, limit=1)
    assert (newest.what, newest.outcome) == ("AccessService/ExportAccess", "ok")
    with pytest.raises(RelaisError) as error:
        await exported(lodge.desk, WHO)
    assert error.value.code == "people.role_may_not"


async def test_what_is_too_old_goes_in_runs_and_it_is_kept_how_many(lodge, fresh):
    old_looks(fresh, 25, 11)
    old_looks(fresh, 5, 9, officer="kept")
    own = lodge.own
    assert own.keep_looks_years == 10
    assert await prune_once(own, TODAY, at_once=10) == 25
    assert await prune_once(own, TODAY, at_once=10) == 0
    assert await exported(lodge.desk, pseudonym="gone") == []
    assert len(await exported(lodge.desk, pseudonym="kept")) == 5
    told = await lodge.desk.list_prunings(LOOKER)
    assert told.keep_years == 10
    assert [(run.number, run.looks) for run in told.prunings] == [
        (3, 5),
        (2, 10),
        (1, 10),
    ]
    assert all(run.chained for run in told.prunings)
    for newer, older in zip(told.prunings, told.prunings[1:], strict=False):
        assert newer.first_number == older.last_number + 1


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE access_pruning SET looks = 9 WHERE number = 2",
        "UPDATE access_pruning SET digest = chain WHERE number = 2",
        "DELETE FROM access_pruning WHERE number = 1",
        "UPDATE access_pruning SET pruned_at = now() WHERE number = 2",
    ],
)
async def test_a_run_that_was_changed_or_taken_out_shows(lodge, fresh, changed):
    old_looks(fresh, 25, 11)
    await prune_once(lodge.own, TODAY, at_once=10)
    fresh.as_superuser(changed)
    told = await lodge.desk.list_prunings(LOOKER)
    assert [run.number for run in told.prunings if not run.chained] == [2]


async def test_no_setting_lets_a_node_forget_what_is_younger_than_five_years(
    lodge, fresh
):
    old_looks(fresh, 7, 4)
    own = replace(lodge.own, keep_looks_years=0)
    assert await prune_once(own, TODAY) == 0
    old_looks(fresh, 3, 6)
    assert await prune_once(own, TODAY) == 3
    assert len(await exported(lodge.desk, pseudonym="gone")) == 7


async def test_a_node_deletes_and_changes_no_look_by_itself(lodge):
    await lodge.desk.list_cases(WHO)
    for statement in (
        "DELETE FROM access",
        "UPDATE access SET officer = 'somebody'",
        "DELETE FROM access_pruning",
        "INSERT INTO access_pruning VALUES (1, 1, 1, 1, now(), now(), now(), '', '')",
    ):
        async with lodge.own.database.connection() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
