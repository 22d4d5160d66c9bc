"""Policy tables are checked whole, and proposed so that a person can approve them."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.policy_commands import app
from services.cli.policy_files import proposal_of
from services.cli.policy_tables import change_lines
from services.node.directory.state import Directory, PolicyState
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.policy import TABLES
from services.node.wire.entries import Policy, decode_entry

SEED = Path(__file__).parents[3] / "deploy" / "policy" / "vietnam-2018"
NOW = datetime(2018, 3, 5, 8, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(SEED, tmp_path / "tables"))


@pytest.fixture
def directory() -> Directory:
    tables = {name: (SEED / f"{name}.csv").read_bytes() for name in TABLES}
    policy = PolicyState("vn-1", tables, ("HOTLINE", "FOCAL_MINISTRY"), 9)
    return Directory("testland", policy=policy, policy_versions=frozenset({"vn-1"}))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def check(path: Path) -> tuple[int, str]:
    said = CliRunner().invoke(app, ["check", str(path)])
    return said.exit_code, " ".join(said.stdout.split())


def test_a_good_folder_is_told_table_by_table(folder) -> None:
    code, said = check(folder)
    assert code == 0
    assert all(name in said for name in TABLES)
    assert said.endswith("row(s), no problem.")


def test_every_problem_of_every_file_is_told_at_once(folder) -> None:
    change(folder / "steps.csv", ",offer,giver,", ",offer,nobody,")
    change(folder / "deadlines.csv", "delivered,*,1,", "delivered,*,one,")
    (folder / "may_send.csv").unlink()
    (folder / "colours.csv").write_text("a\n")
    code, said = check(folder)
    assert code == 1
    assert "steps.csv 2 author unknown code" in said
    assert "deadlines.csv 2 value must be a whole number" in said
    assert "may_send.csv is missing" in said
    assert "colours.csv is not known" in said
    assert said.endswith("4 problem(s).")


def test_one_file_is_checked_alone(folder) -> None:
    assert check(folder / "deadlines.csv")[0] == 0
    change(folder / "deadlines.csv", "delivered,*,1,", "delivered,*,one,")
    assert check(folder / "deadlines.csv")[0] == 1
    (folder / "colours.csv").write_text("a\n")
    assert check(folder / "colours.csv")[0] == 1


def test_what_is_not_there_is_refused(tmp_path) -> None:
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(NotFoundError, match="policy table"):
            CliRunner().invoke(app, ["check", str(path)], catch_exceptions=False)


def test_a_proposal_is_the_entry_that_a_directory_would_take(folder, directory) -> None:
    proposal = proposal_of(folder, "vn-2", (), directory, NOW)
    assert proposal.digest == hashlib.sha256(proposal.raw).digest()
    assert proposal.changes == ()
    entry = decode_entry(proposal.raw)
    assert (entry.network, entry.subject, entry.created_at) == ("testland", "", NOW)
    assert isinstance(entry.change, Policy)
    assert entry.change.version == "vn-2"
    assert entry.change.approver_functions == ("HOTLINE", "FOCAL_MINISTRY")
    assert {each.name: each.csv for each in entry.change.tables} == {
        name: (SEED / f"{name}.csv").read_bytes() for name in TABLES
    }


def test_an_approver_reads_what_changes_row_by_row(folder, directory) -> None:
    change(folder / "deadlines.csv", "countersigned,*,4,", "countersigned,*,9,")
    row = "tracing,PROVINCE_SOCIAL,MISSION,never"
    change(folder / "may_send.csv", row, "tracing,POLICE,MISSION,never")
    told = [
        line
        for each in proposal_of(folder, "vn-2", (), directory, NOW).changes
        for line in change_lines(each)
    ]
    assert told[0].startswith("~ deadlines row ")
    assert told[1].strip() == "value: 4 -> 9"
    assert told[2].startswith("~ may_send row ")
    assert told[3].strip() == "giver: PROVINCE_SOCIAL -> POLICE"
    assert len(told) == 4


@pytest.mark.parametrize(
    ("version", "approvers", "code"),
    [
        ("vn-1", (), "policy.version_taken"),
        ("vn 2", (), "policy.invalid"),
        ("vn-2", ("nobody at all",), "directory.bad_policy"),
    ],
)
def test_a_proposal_that_nobody_could_adopt_is_refused(
    folder, directory, version, approvers, code
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        proposal_of(folder, version, approvers, directory, NOW)
    assert caught.value.code == code


def test_tables_that_do_not_hold_are_not_proposed(folder, directory) -> None:
    change(folder / "steps.csv", ",offer,giver,", ",offer,nobody,")
    with pytest.raises(InvalidInputError, match="steps row 2 column author"):
        proposal_of(folder, "vn-2", (), directory, NOW)
