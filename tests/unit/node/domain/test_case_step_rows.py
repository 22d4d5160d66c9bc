"""How a policy file says the rows of the course of a case."""

from __future__ import annotations

import pytest

from services.node.domain.case_step_rows import read_rows

HEADER = (
    "phases,act,triggers,functions,from_states,to_state,to_phase,starts,meets,"
    "law,valid_from,valid_to,verified"
)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("reception,fly,,*,received,placed,,,", "column act: unknown code"),
        ("reception,place,a:b,*,received,placed,,,", "column triggers: a trigger is"),
        (
            "reception,place,tip:giver:fly:x,*,received,placed,,,",
            "column triggers: nothing that happens is called tip:giver:fly",
        ),
        (
            "reception,place,,*,received,status_victim,,,",
            "its states must be of one track",
        ),
        (
            "reception,place,,*,received,at_gate,,,",
            "column to_state: no case in reception is at_gate",
        ),
        (
            "reception,place,,*,received,placed,reception,,",
            "column to_phase: the case is in it already; leave it empty",
        ),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(row, problem):
    problems: list[str] = []
    raw = f"{HEADER}\n{row},a law,2014-03-25,,no\n"
    read_rows(raw.encode(), problems)
    assert any(problem in each for each in problems), problems
