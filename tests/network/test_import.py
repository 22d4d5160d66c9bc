"""A case sheet through the command line of an officer in Dien Bien."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from services.cli.demo.staff import hire
from services.cli.network import Network
from services.cli.office import ADMINISTRATOR
from services.node.domain.errors import NotFoundError
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import DraftRead, OfficerRead, ReferralRead
from tests.network import command_line
from tests.network.command_line import Done

ROOT = Path(__file__).resolve().parents[2]
SHEET = ROOT / "deploy" / "demo" / "case-sheet.xlsx"
NODE = "dien-bien"
OFFICER, COLLEAGUE = "officer-31", "officer-32"
MARKED = re.compile(r"R-\w{4}-\w{4}")
YES = (
    *("--recipient", "lao-cai", "--purpose", "reception_shelter"),
    *(
        "--category",
        "D1",
        "--language",
        "hmn",
        "--method",
        "written",
        "--door",
        "self_returned",
    ),
)

BEST = (
    *("--considered", "views", "--considered", "care_safety"),
    *("--best-interests", "Em muốn ở gần người thân.", "--decided-by", "member"),
)
BOTH = ("--capacity", "child_assent_plus_guardian")

Relais = Callable[..., Done]


@pytest.fixture(scope="module")
def office(vietnam: Network) -> Network:
    async def enter() -> None:
        async with DeskClient(vietnam.local_socket(NODE), NODE) as desk:
            await hire(desk)
            for pseudonym in (OFFICER, COLLEAGUE):
                officer = OfficerRead(pseudonym, "officer", "cases", active=True)
                await desk.keep_officer(ADMINISTRATOR, officer)

    asyncio.run(enter())
    return vietnam


@pytest.fixture(scope="module")
def relais(office: Network) -> Relais:
    """Runs `relais case …` as an officer would."""

    def run(command: str, *arguments: str, officer: str = OFFICER) -> Done:
        where = ("--node", NODE, "--state", str(office.state.folder))
        return command_line.relais(
            "case", command, "--officer", officer, *where, *arguments
        )

    return run


def drafts(network: Network, officer: str = OFFICER) -> tuple[DraftRead, ...]:
    async def read() -> tuple[DraftRead, ...]:
        async with DeskClient(network.local_socket(NODE), NODE) as desk:
            return await desk.list_drafts(officer)

    return asyncio.run(read())


def referrals(network: Network) -> tuple[ReferralRead, ...]:
    async def read() -> tuple[ReferralRead, ...]:
        async with DeskClient(network.local_socket(NODE), NODE) as desk:
            return await desk.list_referrals(OFFICER)

    return asyncio.run(read())


def test_a_dry_run_reports_and_keeps_nothing(relais, office):
    done = relais("import", str(SHEET))
    assert done.returncode == 0, done.stderr
    assert "3 draft(s), 2 closed, 0 refused" in done.stdout
    assert "Dry run: nothing was kept." in done.stdout
    assert drafts(office) == ()


def test_a_bad_value_is_refused_with_its_place_and_what_is_allowed(relais, tmp_path):
    book = openpyxl.load_workbook(SHEET)
    sheet = book["Case Sheet"]
    column = next(each for each in sheet[2] if each.value == "Gender")
    sheet.cell(4, column.column, "Turquoise")
    book.save(tmp_path / "bad.xlsx")
    done = relais("import", str(tmp_path / "bad.xlsx"), "--keep")
    assert done.returncode == 1
    (line,) = (each for each in done.stdout.splitlines() if "refused " in each)
    assert line.split()[:4] == ["Case", "Sheet", "4", column.column_letter]
    assert "Feminine" in done.stdout
    assert "Turquoise" not in done.stdout + done.stderr


def test_a_file_that_is_no_workbook_is_refused(relais, tmp_path):
    (tmp_path / "notes.xlsx").write_text("not a workbook")
    done = relais("import", str(tmp_path / "notes.xlsx"))
    assert done.returncode == 1
    assert "casesheet.not_a_workbook" in done.stderr


def test_rows_become_drafts_of_the_officer_once(relais, office):
    kept = relais("import", str(SHEET), "--keep")
    assert kept.returncode == 0
    first = drafts(office)
    for each in first:
        assert f"row {each.row} → {each.draft_id.hex()[:8]}" in kept.stdout
    assert sorted(each.status for each in first) == ["draft"] * 3 + ["history"] * 2
    again = relais("import", str(SHEET), "--keep")
    assert "5 known from before" in again.stdout
    assert again.stdout.count(", known from before)") == 5
    assert drafts(office) == first
    assert referrals(office) == ()


def test_drafts_are_told_apart_by_their_rows_and_opened_by_their_officer(
    relais, office
):
    """Two drafts may be alike in all that a list shows."""
    sheet = openpyxl.load_workbook(SHEET)["Case Sheet"]
    column = next(each.column_letter for each in sheet[2] if each.value == "First Name")
    listed = relais("drafts").stdout
    for draft in drafts(office):
        assert draft.sheet == "Case Sheet"
        begin = draft.draft_id.hex()[:8]
        (line,) = (each for each in listed.splitlines() if begin in each)
        assert line.split()[:4] == [begin, "Case", "Sheet", str(draft.row)]
        opened = relais("draft", begin)
        assert opened.returncode == 0, opened.stderr
        assert str(sheet[f"{column}{draft.row}"].value) in opened.stdout


def test_a_draft_of_another_officer_is_neither_opened_nor_named(relais, office):
    begin = drafts(office)[0].draft_id.hex()
    done = relais("import", str(SHEET), "--keep", officer=COLLEAGUE)
    assert done.stdout.count("a draft of another officer") == 5
    assert begin[:8] not in done.stdout
    assert relais("draft", begin, officer=COLLEAGUE).returncode == 1

    async def read() -> None:
        async with DeskClient(office.local_socket(NODE), NODE) as desk:
            await desk.read_draft(COLLEAGUE, bytes.fromhex(begin))

    with pytest.raises(NotFoundError) as refused:
        asyncio.run(read())
    assert refused.value.code == "draft.unknown"


def test_another_officer_sees_none_of_them_and_can_confirm_none(relais, office):
    assert drafts(office, COLLEAGUE) == ()
    begin = drafts(office)[0].draft_id.hex()[:8]
    done = relais("confirm", begin, *YES, "--consent", officer=COLLEAGUE)
    assert done.returncode == 1
    assert "cli.which_draft" in done.stderr


def test_a_closed_row_is_history_and_cannot_be_confirmed(relais, office):
    closed = next(each for each in drafts(office) if each.status == "history")
    done = relais("confirm", closed.draft_id.hex(), *YES, "--consent")
    assert done.returncode == 1
    assert "draft.closed" in done.stderr


def test_without_her_yes_nothing_is_sent_though_the_box_was_ticked(relais, office):
    draft = next(each for each in drafts(office) if each.status == "draft")
    assert draft.interview_consent
    done = relais("confirm", draft.draft_id.hex(), *YES, "--no-consent")
    assert done.returncode == 1
    assert "cli.no_consent" in done.stderr
    assert referrals(office) == ()
    assert draft in drafts(office)


def test_a_yes_to_another_purpose_is_none(relais, office):
    draft = next(each for each in drafts(office) if each.status == "draft")
    said = ["education" if each == "reception_shelter" else each for each in YES]
    done = relais("confirm", draft.draft_id.hex(), *said, "--consent")
    assert done.returncode == 1
    assert "cli.other_purpose" in done.stderr
    assert referrals(office) == ()


def test_a_confirmed_draft_is_a_case_with_a_consent_and_an_offer(relais, office):
    draft = next(each for each in drafts(office) if each.status == "draft")
    done = relais("confirm", draft.draft_id.hex()[:8], *YES, "--consent")
    assert done.returncode == 0, done.stderr
    (case,) = set(MARKED.findall(done.stdout))
    (referral,) = referrals(office)
    assert (referral.case_pseudonym, referral.peer) == (case, "lao-cai")
    shown = relais("show", case)
    assert "consent_recorded" in shown.stdout
    assert case in relais("list").stdout
    assert "confirmed" in relais("drafts").stdout


@pytest.mark.parametrize(
    ("said", "instead", "code"),
    [
        ("lao-cai", "liaison-laos", "referral.not_between"),
        ("lao-cai", "nowhere", "directory.unknown_member"),
        ("D1", "D5", "case.category_missing"),
        ("hmn", "klingon", "consent.invalid"),
        ("self_returned", "by the window", "case.unknown_door"),
    ],
)
def test_a_slip_of_the_hand_opens_no_case(relais, office, said, instead, code):
    draft = next(each for each in drafts(office) if each.status == "draft")
    wrong = [instead if each == said else each for each in (*YES, *BOTH)]
    done = relais("confirm", draft.draft_id.hex(), *wrong, "--consent")
    assert done.returncode == 1
    assert code in done.stderr
    assert MARKED.findall(done.stdout) == []
    assert draft in drafts(office)


def test_a_need_that_names_the_person_is_refused_before_anything_is_opened(
    relais, office
):
    draft = next(each for each in drafts(office) if each.status == "draft")
    sheet = openpyxl.load_workbook(SHEET)["Case Sheet"]
    column = next(
        each.column_letter for each in sheet[2] if each.value == "Second Name"
    )
    name = str(sheet[f"{column}{draft.row}"].value)
    need = ("--need", f"A bed for {name.upper()}")
    done = relais("confirm", draft.draft_id.hex(), *YES, *need, "--consent")
    assert done.returncode == 1
    assert "offer.identity_in_need" in done.stderr
    assert name.upper() not in done.stdout + done.stderr
    assert draft in drafts(office)


def test_a_case_is_referred_with_its_own_profile_and_a_slip_records_nothing(
    relais, office
):
    (first,) = referrals(office)
    case = first.case_pseudonym
    wrong = ["D5" if each == "D1" else each for each in YES[:-2]]
    done = relais("refer", case, *wrong, "--consent")
    assert "case.category_missing" in done.stderr

    async def read(referral_id: bytes):
        async with DeskClient(office.local_socket(NODE), NODE) as desk:
            answers = await desk.list_consents(OFFICER, case)
            return answers, await desk.get_referral(OFFICER, referral_id)

    before, said_first = asyncio.run(read(first.referral_id))
    assert len(before.consents) == 1
    done = relais("refer", case, *YES[:-2], "--consent")
    assert done.returncode == 0, done.stderr
    (second,) = (each for each in referrals(office) if each != first)
    _, said_again = asyncio.run(read(second.referral_id))
    profiles = [
        (body.age_band, body.sex, body.languages)
        for body in (said_first.steps[0].body, said_again.steps[0].body)
    ]
    assert profiles[0] == profiles[1]
    assert all(profiles[0])


def test_a_childs_yes_opens_a_case_only_together_with_the_guardians(relais, office):
    draft = next(each for each in drafts(office) if each.status == "draft")
    alone = relais("confirm", draft.draft_id.hex(), *YES, "--consent")
    assert alone.returncode == 1
    assert "disclosure.no_basis" in alone.stderr
    assert "the guardian's consent" in alone.stderr
    assert draft in drafts(office)
    unweighed = relais("confirm", draft.draft_id.hex(), *YES, *BOTH, "--consent")
    assert "best_interests.missing" in unweighed.stderr
    assert draft in drafts(office)
    together = relais("confirm", draft.draft_id.hex(), *YES, *BOTH, *BEST, "--consent")
    assert together.returncode == 0, together.stderr


def test_an_unknown_node_and_a_node_that_is_away_are_told_apart(relais, office):
    stranger = relais("list", "--node", "nowhere")
    assert "network.unknown_member" in stranger.stderr
    away = relais("list", "--socket", str(office.state.folder / "no.sock"))
    assert "node.unreachable" in away.stderr
