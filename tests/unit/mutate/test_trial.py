"""``make mutate`` sees what somebody could change, and who notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.node.domain.policy import READERS, TABLES
from tests.behaviour.every import Check
from tests.mutate import trial as module
from tests.mutate.mutants import Mutant, mutants_of
from tests.mutate.trial import POLICY_CHECK, SAME_MEANING, SURVIVED, Trial

SEED = Path(__file__).parents[3] / "deploy" / "policy" / "vietnam-2018"


@pytest.fixture(scope="module")
def seed() -> dict[str, bytes]:
    return {name: (SEED / f"{name}.csv").read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def trial(seed) -> Trial:
    return Trial(seed)


def planted(seed: dict[str, bytes], table: str, old: bytes, new: bytes) -> Mutant:
    assert seed[table].count(old) == 1
    row = seed[table].partition(old)[0].count(b"\n") + 1
    return Mutant(table, row, "", "", "", seed[table].replace(old, new))


@pytest.mark.parametrize(
    ("table", "old", "new", "noticed_by"),
    [
        (
            "deadlines",
            b"countersigned,*,4,hours",
            b"countersigned,*,5,hours",
            (
                "tests/behaviour/deadlines.py::"
                "check_a_clock_runs_from_its_first_day_to_its_last"
            ),
        ),
        (
            "steps",
            b"countersignature,receiver,minuted,received,no,yes,no,yes",
            b"countersignature,giver,minuted,received,no,yes,no,yes",
            (
                "tests/behaviour/steps.py::"
                "check_every_step_of_the_mechanism_is_lawful_and_no_other"
            ),
        ),
        (
            "deadlines",
            b"countersigned,*,4,hours",
            b"countersigned,*,four,hours",
            POLICY_CHECK,
        ),
        (
            "steps",
            b"countersignature,receiver,minuted,received,no,yes,no,yes",
            b"countersignature,receiver,minuted,received,no,no,no,yes",
            POLICY_CHECK,
        ),
    ],
)
def test_a_planted_change_is_noticed(seed, trial, table, old, new, noticed_by) -> None:
    assert trial.try_one(planted(seed, table, old, new)) == noticed_by


def test_what_no_check_looks_at_survives(seed, trial, monkeypatch) -> None:
    monkeypatch.setattr(trial, "checks", {name: [] for name in TABLES})
    old, new = b"countersigned,*,4,hours", b"countersigned,*,5,hours"
    assert trial.try_one(planted(seed, "deadlines", old, new)) == SURVIVED


def test_a_cell_that_means_the_same_is_no_mutant(seed, trial) -> None:
    old = b"transfers,cannot_keep,receiver,in_service,"
    new = b"transfers reception,cannot_keep,receiver,in_service,"
    assert trial.try_one(planted(seed, "steps", old, new)) == SAME_MEANING


def test_a_table_without_checks_stops_the_trial(seed, monkeypatch) -> None:
    def none(table: str) -> list[Check]:
        raise LookupError(table)

    monkeypatch.setattr(module, "checks_of", none)
    with pytest.raises(LookupError):
        Trial(seed)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_changed_in_every_column_but_its_citation(seed, table) -> None:
    header, *rows = seed[table].decode().splitlines()
    changed = {
        (each.row, each.column)
        for each in mutants_of(table, seed[table], READERS[table])
    }
    actors_states_values_dates = set(header.split(",")) - {"law"}
    for number in range(2, len(rows) + 2):
        columns = {column for row, column in changed if row == number}
        assert columns == actors_states_values_dates, number


def test_a_mutant_differs_in_one_cell() -> None:
    def reads(raw: bytes, problems: list[str]) -> None:
        if b"ax" in raw:
            problems.append("t row 2 column who: no")

    raw = b"who,what,value,ok,law,valid_from,valid_to\n"
    raw += b'a,x y,3,yes,"L, 1",2014-03-25,\nb,,0,no,L,2014-03-25,2025-06-30\n'
    found = [str(each) for each in mutants_of("t", raw, reads)]
    assert found == [
        "t row 2 who: a -> b",
        "t row 2 what: x y -> (empty)",
        "t row 2 what: x y -> y",
        "t row 2 what: x y -> x",
        "t row 2 value: 3 -> 4",
        "t row 2 value: 3 -> 2",
        "t row 2 ok: yes -> no",
        "t row 2 valid_from: 2014-03-25 -> 2014-03-24",
        "t row 2 valid_from: 2014-03-25 -> 2014-03-26",
        "t row 2 valid_to: (empty) -> 2025-06-30",
        "t row 3 who: b -> a",
        "t row 3 what: (empty) -> y",
        "t row 3 value: 0 -> 1",
        "t row 3 ok: no -> yes",
        "t row 3 valid_from: 2014-03-25 -> 2014-03-24",
        "t row 3 valid_from: 2014-03-25 -> 2014-03-26",
        "t row 3 valid_to: 2025-06-30 -> 2025-06-29",
        "t row 3 valid_to: 2025-06-30 -> 2025-07-01",
    ]
    assert all(each.raw.count(b"\n") == 3 for each in mutants_of("t", raw, reads))
