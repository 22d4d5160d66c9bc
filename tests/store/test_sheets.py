"""A sheet of looks leaves by two, at the gateway of a real node."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from services.node.domain.errors import RelaisError
from services.node.domain.sheets import LooksAsked
from services.node.rpc.desk_values import OfficerRead
from tests.store.lodge import ADMINISTRATOR, AUDITOR, COLLEAGUE, OFFICER
from tests.store.test_admissions import refused

ADMIN, WHO, SECOND, LOOKER = (
    each.pseudonym for each in (ADMINISTRATOR, OFFICER, COLLEAGUE, AUDITOR)
)
OTHER_ADMIN = OfficerRead("quan-tri-9", "administrator", "unit-1", active=True)
HERS = LooksAsked(officer=WHO)


@pytest.fixture
async def auditor(lodge):
    """The auditor's session at the gateway."""
    await lodge.desk.list_cases(WHO)
    return lodge.gateway.acting(await lodge.enter(LOOKER))


async def taken(auditor, officer=WHO):
    """The looks of a sheet, or the code with which it is refused."""
    try:
        async with aclosing(auditor.export_access("", officer)) as pages:
            return [row.what async for page in pages for row in page]
    except RelaisError as error:
        return error.code


async def the_one(lodge, who=ADMIN):
    (waits,) = await lodge.desk.list_admissions(who)
    return waits


async def test_a_sheet_leaves_once_a_second_person_confirmed_exactly_it(lodge, auditor):
    assert await taken(auditor) == "admission.sheet_not_confirmed"
    standing = await auditor.ask_sheet("", HERS)
    assert standing.waits_until > lodge.clock.wire
    assert await taken(auditor) == "admission.sheet_not_confirmed"
    waits = await the_one(lodge)
    assert (waits.kind, waits.officer, waits.looks.officer) == ("export", LOOKER, WHO)
    await lodge.desk.answer_admission(ADMIN, waits.admission_id, confirmed=True)
    # A line that broke costs nothing: it is taken again within the hour.
    for _ in range(2):
        assert "CaseService/ListCases" in await taken(auditor)
    assert await taken(auditor, "") == "admission.sheet_not_confirmed"
    lodge.clock.wait(hours=1)
    auditor = lodge.gateway.acting(await lodge.enter(LOOKER))
    assert await taken(auditor) == "admission.sheet_not_confirmed"
    told = [each for each in await lodge.events(LOOKER) if "admi" in each]
    assert told == ["admission_asked", "admitted"]


async def test_only_an_administrator_whom_it_is_not_about_learns_of_it(lodge, auditor):
    await lodge.desk.keep_officer(ADMIN, OTHER_ADMIN)
    before = (await lodge.desk.get_worklist(SECOND, "needs_me")).approvals
    await auditor.ask_sheet("", LooksAsked(officer=ADMIN))
    waits = await the_one(lodge, OTHER_ADMIN.pseudonym)
    for who in (ADMIN, SECOND):
        assert await lodge.desk.list_admissions(who) == ()
        yes = lodge.desk.answer_admission(who, waits.admission_id, confirmed=True)
        assert await refused(yes) == "admission.not_second"
    assert (await lodge.desk.get_worklist(SECOND, "needs_me")).approvals == before


async def test_what_is_asked_anew_or_refused_opens_nothing(lodge, auditor):
    nothing = auditor.withdraw_sheet("", LooksAsked())
    assert await refused(nothing) == "admission.unknown"
    # Taken back, it waits for nobody, and a late yes opens nothing.
    await auditor.ask_sheet("", LooksAsked())
    back = await the_one(lodge)
    standing = await auditor.withdraw_sheet("", LooksAsked())
    assert standing.waits_until.timestamp() == 0
    late = lodge.desk.answer_admission(ADMIN, back.admission_id, confirmed=True)
    assert await refused(late) == "admission.answered"
    assert "admission_withdrawn" in await lodge.events(LOOKER)
    again = auditor.withdraw_sheet("", LooksAsked())
    assert await refused(again) == "admission.answered"
    await auditor.ask_sheet("", LooksAsked())
    first = await the_one(lodge)
    # The same once more is the same; another takes its place.
    again = await auditor.ask_sheet("", LooksAsked())
    assert again.waits_until == first.ends_at
    assert (await auditor.get_sheet("", HERS)).refused_at.timestamp() == 0
    await auditor.ask_sheet("", HERS)
    late = lodge.desk.answer_admission(ADMIN, first.admission_id, confirmed=True)
    assert await refused(late) == "admission.answered"
    no = await the_one(lodge)
    await lodge.desk.answer_admission(ADMIN, no.admission_id, confirmed=False)
    assert await taken(auditor) == "admission.sheet_not_confirmed"
    told = await auditor.get_sheet("", HERS)
    assert (told.waits_until.timestamp(), told.refused_at) == (0, lodge.clock.wire)
    # It is told until she asks once more, and what runs out is told, too.
    waits = (await auditor.ask_sheet("", HERS)).waits_until
    assert waits > lodge.clock.wire
    lodge.clock.wire = waits
    auditor = lodge.gateway.acting(await lodge.enter(LOOKER))
    over = await auditor.get_sheet("", HERS)
    assert (over.ended_at, over.refused_at.timestamp()) == (waits, 0)


@pytest.mark.parametrize(
    ("looks", "code"),
    [
        (LooksAsked(officer="words about her"), "admission.bad_officer"),
        (LooksAsked(case_pseudonym="her name"), "identifier.malformed"),
    ],
)
async def test_what_is_no_code_is_not_kept_as_one(lodge, auditor, looks, code):
    assert await refused(auditor.ask_sheet("", looks)) == code
    assert await lodge.desk.list_admissions(ADMIN) == ()


async def test_at_the_nodes_own_host_one_is_enough(lodge):
    async with aclosing(lodge.desk.export_access(LOOKER)) as pages:
        assert [page async for page in pages]
