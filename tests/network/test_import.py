"""A case sheet through the command line of an officer in Dien Bien."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from services.cli.demo.staff import ADMINISTRATOR, hire
from services.cli.network import Network
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import DraftRead, OfficerRead, ReferralRead

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

Relais = Callable[..., subprocess.CompletedProcess[str]]


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

    def run(command: str, *arguments: str, officer: str = OFFICER):
        where = ("--node", NODE, "--state", str(office.state.folder))
        return subprocess.run(
            [
                *(sys.executable, "-m", "services.cli", "case", command),
                *("--officer", officer, *where, *arguments),
            ],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT}/proto/gen", "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
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
    assert relais("import", str(SHEET), "--keep").returncode == 0
    first = drafts(office)
    assert sorted(each.status for each in first) == ["draft"] * 3 + ["history"] * 2
    again = relais("import", str(SHEET), "--keep")
    assert "5 known from before" in again.stdout
    assert drafts(office) == first
    assert referrals(office) == ()


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


def test_what_a_node_refuses_leaves_the_case_to_be_referred_anew(relais, office):
    draft = next(each for each in drafts(office) if each.status == "draft")
    wrong = ["liaison-laos" if each == "lao-cai" else each for each in YES]
    done = relais("confirm", draft.draft_id.hex(), *wrong, "--consent")
    assert done.returncode == 1
    assert "referral.not_between" in done.stderr
    (case,) = set(MARKED.findall(done.stdout))
    again = relais("refer", case, *YES[:-2], "--consent")
    assert again.returncode == 0, again.stderr
    assert {each.case_pseudonym for each in referrals(office)} >= {case}


def test_an_unknown_node_and_a_node_that_is_away_are_told_apart(relais, office):
    stranger = relais("list", "--node", "nowhere")
    assert "network.unknown_member" in stranger.stderr
    away = relais("list", "--socket", str(office.state.folder / "no.sock"))
    assert "node.unreachable" in away.stderr
